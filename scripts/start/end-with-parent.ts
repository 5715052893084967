/**
 * Loaded before a part's own code (`node --import`): the part ends when its supervisor is gone, even killed, because then
 * the channel between them closes.
 */
process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
});
// Listening must not keep a process alive that has nothing else to do.
process.channel?.unref();
