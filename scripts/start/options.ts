import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { wholeNumber } from '../shared/whole-number.ts';

const DEFAULT_PORT = 8787;
export const DEFAULT_STATE_FOLDER = '.kirana';

export const START_HELP = `npm start -- [options]

Runs the whole platform on this machine: PostgreSQL, the Neon endpoint, streams (log, gateway, consumers) and the
Worker with all its objects. Ctrl-C stops it; what it knows stays in the state folder.

  --port N                port of the API and the pages (${DEFAULT_PORT}; 0 takes any free one)
  --state-dir PATH        where everything is kept (${DEFAULT_STATE_FOLDER})
  --reset                 throw the state away first
  --kafka HOST:PORT       use this Kafka API broker instead of the embedded log
  --payments URL          cards and UPI through the stand-in that \`npm run fake-psp\` runs
  --access-token-ttl S    seconds an access token lives (600)
  --json                  JSON lines on stdout: the last one, when everything runs, says where
  --help                  this text`;

export interface StartOptions {
  readonly port: number;
  /** Absolute. */
  readonly stateFolder: string;
  readonly reset: boolean;
  /** `host:port` of a broker; absent for the embedded log. */
  readonly kafka?: string;
  /** Of a stand-in for Stripe and Razorpay; absent for neither. */
  readonly paymentsUrl?: string;
  readonly accessTokenTtlS?: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** Reads the command line. The error is one sentence for a person. */
export function parseStartOptions(args: readonly string[]): Result<StartOptions, string> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: String(DEFAULT_PORT) },
        'state-dir': { type: 'string', default: DEFAULT_STATE_FOLDER },
        reset: { type: 'boolean', default: false },
        kafka: { type: 'string' },
        payments: { type: 'string' },
        'access-token-ttl': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
  const port = wholeNumber(values.port, 0, 65_535);
  if (port === undefined) return err(`--port takes a number from 0 to 65535, not "${values.port}".`);
  const ttlText = values['access-token-ttl'];
  const accessTokenTtlS = ttlText === undefined ? undefined : wholeNumber(ttlText, 1, 3_600);
  if (ttlText !== undefined && accessTokenTtlS === undefined) {
    return err(`--access-token-ttl takes 1 to 3600 seconds, not "${ttlText}".`);
  }
  if (values.kafka !== undefined && !/^[^\s:,]+:\d{1,5}$/.test(values.kafka)) {
    return err(`--kafka takes host:port, not "${values.kafka}".`);
  }
  if (values.payments !== undefined && !/^http:\/\/(?:127\.0\.0\.1|localhost):\d{1,5}$/.test(values.payments)) {
    return err(`--payments takes http://127.0.0.1:port, not "${values.payments}".`);
  }
  return ok({
    port,
    stateFolder: resolve(values['state-dir']),
    reset: values.reset,
    ...(values.kafka === undefined ? {} : { kafka: values.kafka }),
    ...(values.payments === undefined ? {} : { paymentsUrl: values.payments }),
    ...(accessTokenTtlS === undefined ? {} : { accessTokenTtlS }),
    json: values.json,
    help: values.help,
  });
}
