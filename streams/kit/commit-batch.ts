import type pg from 'pg';
import type { Topic } from '../../contracts/events/topic.ts';
import {
  createOffset,
  insertDeadLetters,
  lockOffset,
  recordProgress,
  selectSubjects,
  type DeadLetterRow,
  type OffsetKey,
} from '../../db/queries/consumer-progress.ts';
import type { KeyedRow } from '../../db/statement.ts';
import { foldBatch, type Known } from './fold-batch.ts';
import type { LogRecord } from './log-port.ts';
import { parseRecord, type ParsedRecord } from './parse-record.ts';
import { deadLetter } from './parking.ts';
import { blamesTheRow, inTransaction, messageOf, type Transaction } from './sql.ts';
import type { Topology } from './topology.ts';

export interface CommittedBatch {
  /** Where to go on: what the database says, whatever the batch held. */
  readonly nextOffset: number;
  readonly deadLetters: readonly DeadLetterRow[];
}

/**
 * One batch, one transaction: lock the offset row, drop what is older than it, step, write, park what cannot be, move the offset.
 * The row lock fences a consumer that has lost its partition without knowing; whoever comes second finds its records older.
 * Rejects when the failure is not the record's: then nothing has happened, or all of it and the answer was lost.
 */
export async function commitBatch<T extends Topic, State, Output>(
  topology: Topology<T, State, Output>,
  topic: T,
  { pool, key, records }: { readonly pool: pg.Pool; readonly key: OffsetKey; readonly records: readonly LogRecord[] },
): Promise<CommittedBatch> {
  const all = records.map((record) => parseRecord(topic, record));
  try {
    return await inTransaction(pool, (transaction) => commitAll(topology, topic, transaction, key, all));
  } catch (cause) {
    if (!blamesTheRow(cause)) throw cause;
    // One of the rows is poison. Which one, shows when each record is written by itself.
    return inTransaction(pool, (transaction) => commitEach(topology, topic, transaction, key, all));
  }
}

async function commitAll<T extends Topic, State, Output>(
  topology: Topology<T, State, Output>,
  topic: T,
  transaction: Transaction,
  key: OffsetKey,
  all: readonly ParsedRecord<T>[],
): Promise<CommittedBatch> {
  const standing = await lockedOffset(transaction, key);
  const records = all.filter(({ record }) => record.offset >= standing);
  const last = records.at(-1);
  if (last === undefined) return { nextOffset: standing, deadLetters: [] };
  const known = await readKnown(topology, transaction, key, records);
  const { states, outputs, sequences, deadLetters } = foldBatch(topology, topic.retentionDays === null, records, known);
  for (const statement of topology.write([...states.values()], outputs)) await transaction.run(statement);
  return finish(transaction, key, { nextOffset: last.record.offset + 1, deadLetters }, sequences);
}

async function commitEach<T extends Topic, State, Output>(
  topology: Topology<T, State, Output>,
  topic: T,
  transaction: Transaction,
  key: OffsetKey,
  all: readonly ParsedRecord<T>[],
): Promise<CommittedBatch> {
  const standing = await lockedOffset(transaction, key);
  const records = all.filter(({ record }) => record.offset >= standing);
  const known = await readKnown(topology, transaction, key, records);
  const sequences = new Map(known.sequences);
  const states = new Map(known.states);
  const parked = new Set(known.parked);
  const deadLetters: DeadLetterRow[] = [];
  for (const parsed of records) {
    const one = foldBatch(topology, topic.retentionDays === null, [parsed], { sequences, states, parked });
    deadLetters.push(...one.deadLetters);
    for (const subject of one.parked) parked.add(subject);
    try {
      await transaction.attempt(async () => {
        for (const statement of topology.write([...one.states.values()], one.outputs)) await transaction.run(statement);
      });
    } catch (cause) {
      if (!blamesTheRow(cause)) throw cause;
      const { record, subject, sequence } = parsed;
      deadLetters.push(deadLetter(record, subject, sequence, { code: 'ROW_REFUSED', detail: messageOf(cause) }));
      if (subject !== null) parked.add(subject);
      continue;
    }
    for (const [subject, sequence] of one.sequences) sequences.set(subject, sequence);
    for (const [subject, state] of one.states) states.set(subject, state);
  }
  const nextOffset = (records.at(-1)?.record.offset ?? standing - 1) + 1;
  return finish(transaction, key, { nextOffset, deadLetters }, sequences);
}

async function finish(
  transaction: Transaction,
  key: OffsetKey,
  committed: CommittedBatch,
  sequences: ReadonlyMap<string, number>,
): Promise<CommittedBatch> {
  if (committed.deadLetters.length > 0) await transaction.run(insertDeadLetters(key, committed.deadLetters));
  await transaction.run(recordProgress(key, committed.nextOffset, sequences));
  return committed;
}

async function lockedOffset(transaction: Transaction, key: OffsetKey): Promise<number> {
  const [found] = await transaction.rows<{ next_offset: string }>(lockOffset(key));
  if (found !== undefined) return Number(found.next_offset);
  await transaction.run(createOffset(key));
  const [created] = await transaction.rows<{ next_offset: string }>(lockOffset(key));
  return Number(created?.next_offset ?? 0);
}

/** Read after the lock is held, in statements of their own: a statement sees only what was committed when it began. */
async function readKnown<T extends Topic, State, Output>(
  topology: Topology<T, State, Output>,
  transaction: Transaction,
  key: OffsetKey,
  records: readonly ParsedRecord<T>[],
): Promise<Known<State>> {
  const subjects = [...new Set(records.flatMap(({ subject }) => subject ?? []))];
  const found = await transaction.rows<{ subject: string; sequence: string | null; parked: boolean }>(
    selectSubjects(key.group, key.topic, subjects),
  );
  const sequences = found.flatMap(({ subject, sequence }): [string, number][] =>
    sequence === null ? [] : [[subject, Number(sequence)]],
  );
  const parked = found.filter((each) => each.parked).map(({ subject }) => subject);
  const rows = topology.read === undefined ? [] : await transaction.rows<KeyedRow<State>>(topology.read(subjects));
  return {
    sequences: new Map(sequences),
    parked: new Set(parked),
    states: new Map(rows.map(({ key: subject, row }) => [subject, row])),
  };
}
