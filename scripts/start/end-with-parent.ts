/**
 * Loaded before a part's own code (`node --import`): the part ends when its supervisor is gone, even killed, because then
 * the channel between them closes.
 */
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
});

// Whoever read our words is gone too; a failed write must not keep the end from being orderly.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
