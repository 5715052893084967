import { join } from 'node:path';
import { freePort } from '../../db/local/free-port.ts';
import { ChildPart } from './child-part.ts';
import { endOrphan } from './process-record.ts';
import { readyLine } from './ready-line.ts';
import type { StateFolder } from './state-folder.ts';
import { ROOT } from './worker-bundle.ts';

export const STREAMS = 'streams';
/** A batch under way is finished first; after that the process is killed and the batch is read again. */
const STOP_GRACE_MS = 10_000;

export interface StreamsOptions {
  readonly state: StateFolder;
  readonly databaseUrl: string;
  readonly gatewayToken: string;
  /** A fixed port, since the Worker is told it once. */
  readonly gatewayPort: number;
  /** `host:port`; absent for the embedded log. */
  readonly kafka?: string | undefined;
  readonly say: (line: string) => void;
}

export interface StreamsPart {
  readonly part: ChildPart;
  readonly gatewayUrl: string;
}

/** The log, its gateway and every consumer: one process. */
export async function streamsPart(options: StreamsOptions): Promise<StreamsPart> {
  const { state, say } = options;
  const port = (await freePort(options.gatewayPort)) ?? (await freePort(0)) ?? 0;
  const part = new ChildPart({
    name: STREAMS,
    args: ['--import', join(ROOT, 'scripts/start/end-with-parent.ts'), join(ROOT, 'streams/main.ts')],
    env: {
      DATABASE_URL: options.databaseUrl,
      GATEWAY_TOKEN: options.gatewayToken,
      GATEWAY_PORT: String(port),
      LOG: options.kafka === undefined ? 'embedded' : 'kafka',
      KAFKA_BROKERS: options.kafka ?? '',
    },
    state,
    clear: async () => void (await endOrphan(state.run, STREAMS, STOP_GRACE_MS)),
    ready: async (child) => void (await readyLine(child)),
    stopGraceMs: STOP_GRACE_MS,
    say,
  });
  return { part, gatewayUrl: `http://127.0.0.1:${port}` };
}
