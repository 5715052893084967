import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { BodyOf, Do, Operation, OperationOf } from './operation.ts';

/** An answer that decides: done, or refused for good. */
export type Answer<Body> = { readonly ok: true; readonly body: Body } | { readonly ok: false; readonly code: string };

/** Everything that one client knows of one operation. */
export type Entry<D extends Do = Do> = {
  readonly [K in D]: {
    readonly operation: OperationOf<K>;
    /** Times that it was asked for. */
    readonly sent: number;
    /** What was in the place of an answer, time by time. */
    readonly troubles: readonly string[];
    readonly answers: readonly Answer<BodyOf<K>>[];
  };
}[D];

type LedgerLine =
  | { readonly sent: Operation }
  | { readonly key: string; readonly trouble: string }
  | { readonly key: string; readonly answer: Answer<unknown> };

/** What clients asked for and what they were told, in the order of time: written before a request leaves and when its answer is in. */
export class ClientLedger {
  readonly path: string;
  readonly #file: number;

  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'ax');
  }

  sent(operation: Operation): void {
    this.#append({ sent: operation });
  }

  /** No answer, or one that decides nothing. */
  unanswered({ key }: Operation, trouble: string): void {
    this.#append({ key, trouble });
  }

  answered({ key }: Operation, answer: Answer<unknown>): void {
    this.#append({ key, answer });
  }

  close(): void {
    closeSync(this.#file);
  }

  #append(line: LedgerLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** What clients know, operation by operation. */
export function readLedger(path: string): readonly Entry[] {
  const entries = new Map<
    string,
    { operation: Operation; sent: number; troubles: string[]; answers: Answer<unknown>[] }
  >();
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    if (text === '') continue;
    const line = readOwnJson<LedgerLine>(text);
    if ('sent' in line) {
      const entry = entries.get(line.sent.key) ?? { operation: line.sent, sent: 0, troubles: [], answers: [] };
      entries.set(line.sent.key, { ...entry, sent: entry.sent + 1 });
    } else if ('trouble' in line) entries.get(line.key)?.troubles.push(line.trouble);
    else entries.get(line.key)?.answers.push(line.answer);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each body was checked against its schema before it was written
  return [...entries.values()] as readonly Entry[];
}

export function entriesOf<D extends Do>(entries: readonly Entry[], what: D): readonly Entry<D>[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the filter sees to it, which the compiler cannot for any `D`
  return entries.filter(({ operation }) => operation.do === what) as readonly Entry[] as readonly Entry<D>[];
}

/** What it was told, first of all; undefined while nobody knows. */
export function outcomeOf<D extends Do>({ answers }: Entry<D>): Answer<BodyOf<D>> | undefined {
  return answers[0];
}
