import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { OrderLogView } from '../contracts/http/order-saga.ts';
import { toTimestamp } from '../contracts/wire.ts';
import { replay } from '../domain/order/evolve.ts';
import type { LogEntry, OrderState } from '../domain/order/order.ts';
import { digestText } from '../domain/order/state-digest.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { ApiProblem } from './client/api-problem.ts';
import { connectOperator } from './client/connection.ts';
import { gitCommit } from './shared/git-commit.ts';
import { DEFAULT_STATE_FOLDER } from './start/options.ts';

const HELP = `npm run replay -- ORDER | --file LOG [options]

Replays the event log of an order with the rules of this checkout, prints what it was at the end, and says whether the
state is the one that the order's object has: two versions of the rules agree on a log or this shows it.

  --at TIME          only what was known then (RFC 3339)
  --file LOG         a log that was saved, instead of a running system
  --save LOG         keep the log, to replay it with later versions
  --url URL          another system (its key in KIRANA_OPERATOR_KEY)
  --state-dir PATH   state folder of the running system (${DEFAULT_STATE_FOLDER})
  --json             one JSON line
  --help             this text`;

interface Options {
  readonly order: string | undefined;
  readonly file: string | undefined;
  readonly save: string | undefined;
  readonly atMs: number;
  readonly url: string | undefined;
  readonly stateFolder: string;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      at: { type: 'string' },
      file: { type: 'string' },
      save: { type: 'string' },
      url: { type: 'string' },
      'state-dir': { type: 'string', default: DEFAULT_STATE_FOLDER },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [order] = positionals;
  const atMs = values.at === undefined ? Infinity : Date.parse(values.at);
  if (values.help || (order === undefined) === (values.file === undefined) || Number.isNaN(atMs)) {
    console.error(HELP);
    return values.help ? 0 : 2;
  }
  const { file, save, url } = values;
  const read = await readLog({ order, file, save, url, atMs, stateFolder: values['state-dir'] });
  if (!read.ok) {
    console.error(read.error);
    if (values.json) console.log(JSON.stringify({ command: 'replay', ok: false, error: read.error }));
    return 1;
  }
  const { log, stateSha256 } = read.value;
  if (save !== undefined) writeFileSync(save, `${JSON.stringify(read.value, null, 2)}\n`);
  // The log is the object's own, so its facts have the types of the rules; one that has not shows in the hash.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
  const known = (log as unknown as readonly LogEntry[]).filter((entry) => entry.atMs <= atMs);
  const state = replay(known);
  if (state === null) {
    console.error('Nothing was known of the order then.');
    return 1;
  }
  const sha256 = createHash('sha256').update(digestText(state)).digest('hex');
  const same = atMs === Infinity ? sha256 === stateSha256 : null;
  if (values.json) {
    const { status } = state;
    const verdict = { facts: known.length, status, sha256, same };
    console.log(JSON.stringify({ command: 'replay', ok: same !== false, git: await gitCommit(), ...verdict }));
  } else {
    console.log(tell(known, state, sha256, same));
  }
  return same === false ? 1 : 0;
}

async function readLog({ order, file, url, stateFolder }: Options): Promise<Result<OrderLogView, string>> {
  if (file !== undefined) {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), OrderLogView), readFileSync(file, 'utf8'));
    return parsed.success ? ok(parsed.output) : err(`${file} is no saved log: ${parsed.issues[0].message}`);
  }
  const operator = connectOperator({ stateFolder, url });
  if (!operator.ok) return operator;
  try {
    return ok(await operator.value.call({ method: 'GET', path: `/api/v1/orders/${order}/log` }, OrderLogView));
  } catch (cause) {
    if (cause instanceof ApiProblem) return err(cause.message);
    throw cause;
  }
}

function tell(log: readonly LogEntry[], state: OrderState, sha256: string, same: boolean | null): string {
  const facts = log.map(({ seq, atMs, by, event }) => {
    return `${String(seq).padStart(4)}  ${toTimestamp(atMs)}  ${event.type.padEnd(26)} ${by.kind} ${by.id}`;
  });
  const verdict = {
    true: 'the same state as in the order itself',
    false: 'NOT the state of the order itself',
    null: 'as it was known then',
  }[String(same)];
  return [...facts, '', `${state.terms.orderId} is ${state.status}: ${verdict}`, `state ${sha256}`].join('\n');
}

process.exitCode = await main();
