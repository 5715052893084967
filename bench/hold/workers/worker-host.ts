import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import * as v from 'valibot';

/** The one message that this process gets from its parent. */
const BenchWorkerInput = v.object({
  /** The bundled main module. */
  main: v.string(),
  modulesRoot: v.string(),
  compatibilityDate: v.string(),
  stateFolder: v.string(),
  scratchFolder: v.string(),
  port: v.number(),
  bindings: v.record(v.string(), v.string()),
  /** Classes of objects with SQLite, by the name of their binding. */
  objects: v.record(v.string(), v.string()),
});
export type BenchWorkerInput = v.InferOutput<typeof BenchWorkerInput>;

/** workerd with one Worker on a socket of its own, as `npm start` runs Kirana's. */
process.once('message', (message) => {
  const input = v.parse(BenchWorkerInput, message);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      logRequests: false,
      log: new Log(LogLevel.WARN),
      resourcePersistencePath: input.stateFolder,
      resourceTmpPath: input.scratchFolder,
      workers: [
        {
          name: 'bench',
          compatibilityDate: input.compatibilityDate,
          compatibilityFlags: ['nodejs_compat'],
          modules: [{ type: 'ESModule', path: input.main }],
          modulesRoot: input.modulesRoot,
          bindings: input.bindings,
          durableObjects: Object.fromEntries(
            Object.entries(input.objects).map(([binding, className]) => [binding, { className, useSQLite: true }]),
          ),
          unsafeDirectSockets: [{ host: '127.0.0.1', port: input.port }],
        },
      ],
    }),
  );
  process.on('SIGTERM', () => {
    void miniflare.dispose().finally(() => process.exit(0));
  });
  miniflare.ready.then(
    () => console.log(JSON.stringify({ ready: true, port: input.port })),
    (cause: unknown) => {
      console.error(cause instanceof Error ? cause.message : String(cause));
      process.exit(1);
    },
  );
});
