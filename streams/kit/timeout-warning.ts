let muted = false;

/**
 * kafkajs 2.2.4 sets timers with negative delays, of which Node 24 warns once a process. Harmless (1 ms), and no news for anyone
 * who reads our log. https://github.com/tulios/kafkajs/issues/1751
 */
export function muteTimeoutWarning(): void {
  if (muted) return;
  muted = true;
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (rest[0] === 'TimeoutNegativeWarning') return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
}
