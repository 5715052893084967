import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { wholeNumber } from '../scripts/shared/whole-number.ts';

export interface ProveOptions {
  /** The proofs to run, in order. */
  readonly names: readonly string[];
  readonly seed: number;
  readonly seconds: number;
  readonly json: boolean;
}

const SEED_MAX = 2 ** 31 - 1;
const SECONDS_MAX = 3_600;

/** Reads the command line; undefined asks for help. The error is one sentence for a person. */
export function parseProveOptions(
  args: readonly string[],
  known: readonly string[],
): Result<ProveOptions | undefined, string> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seed: { type: 'string', default: '1' },
        seconds: { type: 'string', default: '20' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    return err(cause instanceof Error ? cause.message : String(cause));
  }
  const { values, positionals } = parsed;
  if (values.help || positionals.length === 0) return ok(undefined);
  const unknown = positionals.find((name) => name !== 'all' && !known.includes(name));
  if (unknown !== undefined) return err(`There is no proof "${unknown}"; there are ${known.join(', ')} and all.`);
  const seed = wholeNumber(values.seed, 0, SEED_MAX);
  if (seed === undefined) return err(`--seed takes 0 to ${SEED_MAX}, not "${values.seed}".`);
  const seconds = wholeNumber(values.seconds, 1, SECONDS_MAX);
  if (seconds === undefined) return err(`--seconds takes 1 to ${SECONDS_MAX}, not "${values.seconds}".`);
  const names = positionals.includes('all') ? known : known.filter((name) => positionals.includes(name));
  return ok({ names, seed, seconds, json: values.json });
}
