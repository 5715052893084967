import { Log, LogLevel, Miniflare } from 'miniflare';
import * as v from 'valibot';
import { miniflareOptions, WorkerHostInput } from './worker-config.ts';

/** Miniflare's own words go to the log; when workerd can no longer be started again, this process ends and is started anew. */
class HostLog extends Log {
  override error(error: Error): void {
    super.error(error);
    if (error.message.includes('failed to restart')) process.exit(1);
  }
}

/**
 * The process around workerd. It is told everything by one message from its parent, answers `ready` when the Worker
 * listens, `revived` each time that a dead workerd has been started again, and stops workerd when it is asked to end.
 */
process.once('message', (message) => {
  const input = v.parse(WorkerHostInput, message);
  const options = miniflareOptions(input, new HostLog(LogLevel.WARN), () => {
    process.send?.('revived');
  });
  const miniflare = new Miniflare(options);
  let ending: Promise<void> | undefined;
  process.on('SIGTERM', () => {
    ending ??= miniflare.dispose().finally(() => process.exit(0));
  });
  miniflare.ready.then(
    () => process.send?.('ready'),
    (cause: unknown) => {
      console.error(cause instanceof Error ? cause.message : String(cause));
      process.exit(1);
    },
  );
});
