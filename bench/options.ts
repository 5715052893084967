import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { wholeNumber } from '../scripts/shared/whole-number.ts';
import type { Bench, BenchSettings } from './bench.ts';

export interface BenchOptions {
  readonly bench: Bench;
  readonly settings: BenchSettings;
  readonly json: boolean;
}

const SECONDS_DEFAULT = 5;
const SECONDS_MAX = 300;
const CONNECTIONS_MAX = 512;
const ROUNDS_MAX = 100;
const SEED_MAX = 2 ** 31 - 1;

/** Reads the command line; undefined asks for help. The error is one sentence for a person. */
export function parseBenchOptions(
  args: readonly string[],
  benches: readonly Bench[],
): Result<BenchOptions | undefined, string> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seconds: { type: 'string' },
        connections: { type: 'string', default: '64' },
        rounds: { type: 'string', default: '5' },
        seed: { type: 'string', default: '7' },
        workloads: { type: 'string' },
        contenders: { type: 'string' },
        picture: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
  const { values, positionals } = parsed;
  const [name, ...more] = positionals;
  if (values.help || name === undefined) return ok(undefined);
  const bench = benches.find((one) => one.name === name);
  if (bench === undefined || more.length > 0) {
    return err(`There is no bench "${positionals.join(' ')}"; there are ${benches.map((one) => one.name).join(', ')}.`);
  }
  const numbers = readNumbers({ ...values, seconds: values.seconds ?? String(bench.seconds ?? SECONDS_DEFAULT) });
  if (!numbers.ok) return numbers;
  const settings: BenchSettings = {
    ...numbers.value,
    picture: values.picture,
    ...(values.workloads === undefined ? {} : { workloads: values.workloads.split(',') }),
    ...(values.contenders === undefined ? {} : { contenders: values.contenders.split(',') }),
  };
  return ok({ bench, settings, json: values.json });
}

type Numbers = Pick<BenchSettings, 'seconds' | 'connections' | 'rounds' | 'seed'>;

function readNumbers(texts: { readonly [name in keyof Numbers]: string }): Result<Numbers, string> {
  const seconds = wholeNumber(texts.seconds, 1, SECONDS_MAX);
  if (seconds === undefined) return err(`--seconds takes 1 to ${SECONDS_MAX}, not "${texts.seconds}".`);
  const connections = wholeNumber(texts.connections, 1, CONNECTIONS_MAX);
  if (connections === undefined) return err(`--connections takes 1 to ${CONNECTIONS_MAX}, not "${texts.connections}".`);
  const rounds = wholeNumber(texts.rounds, 1, ROUNDS_MAX);
  if (rounds === undefined) return err(`--rounds takes 1 to ${ROUNDS_MAX}, not "${texts.rounds}".`);
  const seed = wholeNumber(texts.seed, 0, SEED_MAX);
  if (seed === undefined) return err(`--seed takes 0 to ${SEED_MAX}, not "${texts.seed}".`);
  return ok({ seconds, connections, rounds, seed });
}
