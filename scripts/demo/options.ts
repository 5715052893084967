import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { wholeNumber } from '../shared/whole-number.ts';
import { DEFAULT_STATE_FOLDER } from '../start/options.ts';

export const DEMO_HELP = `npm run demo -- [options]

The main job as people see it: customers order, the store's tablets pick and pack, couriers carry, and every order is
followed to the door and into the read models. Uses the system that runs (npm start), or starts one of its own.

  --boot                  start a private system on free ports in a temporary folder, removed after
  --state-dir PATH        state folder of the running system (${DEFAULT_STATE_FOLDER})
  --url URL               its API, when it is not the one that the state folder names
  --orders N              how many orders (1)
  --concurrency C         how many customers at the same time (1)
  --store ID              order at this store (default: a store that the seed chooses)
  --csv PATH              import this inventory into the store first
  --seed N                what baskets, doorsteps and names are drawn from (1)
  --kafka HOST:PORT       with --boot: a Kafka API broker instead of the embedded log
  --access-token-ttl S    with --boot: seconds an access token lives
  --json                  JSON lines on stdout, the last one the verdict; the timeline goes to stderr
  --help                  this text

Exits 0 only if every order was delivered, nothing was sold twice and no event was lost.`;

export interface DemoOptions {
  readonly boot: boolean;
  /** Absolute. */
  readonly stateFolder: string;
  readonly url?: string;
  readonly orders: number;
  readonly concurrency: number;
  readonly store?: string;
  /** Absolute. */
  readonly csv?: string;
  readonly seed: number;
  readonly kafka?: string;
  readonly accessTokenTtlS?: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** More are a load test, which `npm run bench` is for. */
const ORDERS_MAX = 10_000;
const CONCURRENCY_MAX = 100;

/** Reads the command line. The error is one sentence for a person. */
export function parseDemoOptions(args: readonly string[]): Result<DemoOptions, string> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        boot: { type: 'boolean', default: false },
        'state-dir': { type: 'string' },
        url: { type: 'string' },
        orders: { type: 'string', default: '1' },
        concurrency: { type: 'string', default: '1' },
        store: { type: 'string' },
        csv: { type: 'string' },
        seed: { type: 'string', default: '1' },
        kafka: { type: 'string' },
        'access-token-ttl': { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
  const orders = wholeNumber(values.orders, 1, ORDERS_MAX);
  if (orders === undefined) return err(`--orders takes 1 to ${ORDERS_MAX}, not "${values.orders}".`);
  const concurrency = wholeNumber(values.concurrency, 1, CONCURRENCY_MAX);
  if (concurrency === undefined)
    return err(`--concurrency takes 1 to ${CONCURRENCY_MAX}, not "${values.concurrency}".`);
  const seed = wholeNumber(values.seed, 0, 0xffff_ffff);
  if (seed === undefined) return err(`--seed takes a whole number below 2^32, not "${values.seed}".`);
  const ttlText = values['access-token-ttl'];
  const accessTokenTtlS = ttlText === undefined ? undefined : wholeNumber(ttlText, 1, 3_600);
  if (ttlText !== undefined && accessTokenTtlS === undefined) {
    return err(`--access-token-ttl takes 1 to 3600 seconds, not "${ttlText}".`);
  }
  const clash = clashOf({ ...values, accessTokenTtlS });
  if (clash !== undefined) return err(clash);
  return ok({
    boot: values.boot,
    stateFolder: resolve(values['state-dir'] ?? DEFAULT_STATE_FOLDER),
    ...(values.url === undefined ? {} : { url: values.url }),
    orders,
    concurrency,
    ...(values.store === undefined ? {} : { store: values.store }),
    ...(values.csv === undefined ? {} : { csv: resolve(values.csv) }),
    seed,
    ...(values.kafka === undefined ? {} : { kafka: values.kafka }),
    ...(accessTokenTtlS === undefined ? {} : { accessTokenTtlS }),
    json: values.json,
    help: values.help,
  });
}

interface Choices {
  readonly boot: boolean;
  readonly url?: string | undefined;
  readonly 'state-dir'?: string | undefined;
  readonly kafka?: string | undefined;
  readonly accessTokenTtlS: number | undefined;
}

/** Options that say two different things. */
function clashOf(choices: Choices): string | undefined {
  if (choices.boot && (choices.url !== undefined || choices['state-dir'] !== undefined)) {
    return '--boot starts a system of its own: leave --url and --state-dir out.';
  }
  if (!choices.boot && (choices.kafka !== undefined || choices.accessTokenTtlS !== undefined)) {
    return '--kafka and --access-token-ttl say how to start a system: they go with --boot.';
  }
  if (choices.url !== undefined && !URL.canParse(choices.url)) return `--url takes a URL, not "${choices.url}".`;
  return undefined;
}
