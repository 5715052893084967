import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../domain/shared/result.ts';
import { wholeNumber } from '../scripts/shared/whole-number.ts';

export interface BenchOptions {
  readonly name: string;
  readonly seconds: number;
  readonly connections: number;
  readonly json: boolean;
}

const SECONDS_MAX = 300;
const CONNECTIONS_MAX = 512;

/** Reads the command line; undefined asks for help. The error is one sentence for a person. */
export function parseBenchOptions(
  args: readonly string[],
  names: readonly string[],
): Result<BenchOptions | undefined, string> {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seconds: { type: 'string', default: '5' },
        connections: { type: 'string', default: '64' },
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
  if (!names.includes(name) || more.length > 0)
    return err(`There is no bench "${positionals.join(' ')}"; there are ${names.join(', ')}.`);
  const seconds = wholeNumber(values.seconds, 1, SECONDS_MAX);
  if (seconds === undefined) return err(`--seconds takes 1 to ${SECONDS_MAX}, not "${values.seconds}".`);
  const connections = wholeNumber(values.connections, 1, CONNECTIONS_MAX);
  if (connections === undefined)
    return err(`--connections takes 1 to ${CONNECTIONS_MAX}, not "${values.connections}".`);
  return ok({ name, seconds, connections, json: values.json });
}
