import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ChildPart } from './child-part.ts';
import { endOrphan, recordPath } from './process-record.ts';
import type { StateFolder } from './state-folder.ts';
import { ROOT } from './worker-bundle.ts';
import type { WorkerHostInput } from './worker-config.ts';

export const WORKER = 'worker';
export const WORKERD = 'workerd';
/** The host only has to kill workerd, which keeps nothing in memory that it has acknowledged. */
const STOP_GRACE_MS = 3_000;

export interface WorkerOptions {
  readonly state: StateFolder;
  readonly input: WorkerHostInput;
  readonly say: (line: string) => void;
}

/** workerd with the Worker and all its objects, and the process that hosts it. */
export function workerPart({ state, input, say }: WorkerOptions): ChildPart {
  return new ChildPart({
    name: WORKER,
    args: ['--import', join(ROOT, 'scripts/start/end-with-parent.ts'), join(ROOT, 'scripts/start/worker-host.ts')],
    env: {
      // Miniflare starts what this names; it writes down who workerd is.
      MINIFLARE_WORKERD_PATH: join(ROOT, 'scripts/start/workerd.sh'),
      KIRANA_WORKERD: workerdProgram(),
      KIRANA_WORKERD_RECORD: recordPath(state.run, WORKERD),
    },
    state,
    // workerd outlives a killed host, with the port and the databases open.
    clear: async () => {
      await endOrphan(state.run, WORKER, STOP_GRACE_MS);
      await endOrphan(state.run, WORKERD, 0);
    },
    ready: async (child) => {
      child.send(input);
      await new Promise<void>((resolve) => {
        child.on('message', (message) => {
          if (message === 'ready') resolve();
          if (message === 'revived') say('workerd was gone; it is back');
        });
      });
    },
    stopGraceMs: STOP_GRACE_MS,
    say,
  });
}

function workerdProgram(): string {
  const program: unknown = createRequire(createRequire(import.meta.url).resolve('miniflare'))('workerd');
  if (typeof program === 'object' && program !== null && 'default' in program && typeof program.default === 'string') {
    return program.default;
  }
  throw new Error('the package workerd does not name its program');
}
