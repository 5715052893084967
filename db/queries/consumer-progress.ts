import type { Statement } from '../statement.ts';

/** Where a consumer group stands, and what it could not take. Statements of the one transaction that a batch is. */

export interface OffsetKey {
  readonly group: string;
  /** Which log it is of: offsets of one log mean nothing in another. */
  readonly log: string;
  readonly topic: string;
  readonly partition: number;
}

/** Locks the row until the transaction ends. Answers `next_offset`, or nothing for a partition never read before. */
export function lockOffset({ group, log, topic, partition }: OffsetKey): Statement {
  return {
    name: 'lock offset',
    text: `SELECT next_offset FROM consumer_offsets WHERE "group" = $1 AND log = $2 AND topic = $3 AND partition = $4 FOR UPDATE`,
    values: [group, log, topic, partition],
  };
}

export function createOffset({ group, log, topic, partition }: OffsetKey): Statement {
  return {
    name: 'create offset',
    text: `INSERT INTO consumer_offsets ("group", log, topic, partition, next_offset) VALUES ($1, $2, $3, $4, 0) ON CONFLICT DO NOTHING`,
    values: [group, log, topic, partition],
  };
}

/** One row a subject: `sequence` is the last one seen (null if none), `parked` whether a dead letter holds it back. */
export function selectSubjects(group: string, topic: string, subjects: readonly string[]): Statement {
  return {
    name: 'select subjects',
    text: `SELECT s.subject, q.sequence, EXISTS (
        SELECT FROM dead_letters d
        WHERE d."group" = $1 AND d.topic = $2 AND d.subject = s.subject AND d.status = 'PARKED') AS parked
      FROM unnest($3::text[]) AS s (subject)
      LEFT JOIN subject_sequences q ON q."group" = $1 AND q.topic = $2 AND q.subject = s.subject`,
    values: [group, topic, subjects],
  };
}

/** Moves the offset and the sequences of the subjects that were seen, in one statement. */
export function recordProgress(
  { group, log, topic, partition }: OffsetKey,
  nextOffset: number,
  sequences: ReadonlyMap<string, number>,
): Statement {
  return {
    name: 'record progress',
    text: `WITH seen AS (
        INSERT INTO subject_sequences AS t ("group", topic, subject, sequence)
        SELECT $1, $3, s.subject, s.sequence FROM unnest($6::text[], $7::bigint[]) AS s (subject, sequence)
        ON CONFLICT ("group", topic, subject) DO UPDATE SET sequence = excluded.sequence, updated_at = now()
        WHERE t.sequence < excluded.sequence)
      UPDATE consumer_offsets SET next_offset = $5, updated_at = now()
      WHERE "group" = $1 AND log = $2 AND topic = $3 AND partition = $4`,
    values: [group, log, topic, partition, nextOffset, [...sequences.keys()], [...sequences.values()]],
  };
}

export interface DeadLetterRow {
  readonly recordOffset: number;
  /** Base64; null where the record had none. */
  readonly key: string | null;
  readonly value: string | null;
  readonly subject: string | null;
  readonly sequence: number | null;
  readonly code: string;
  readonly detail: string;
}

export function insertDeadLetters(
  { group, log, topic, partition }: OffsetKey,
  rows: readonly DeadLetterRow[],
): Statement {
  return {
    name: 'insert dead letters',
    text: `INSERT INTO dead_letters
        ("group", log, topic, partition, record_offset, key, value, subject, sequence, code, detail)
      SELECT $1, $2, $3, $4, r."recordOffset", decode(r.key, 'base64'), decode(r.value, 'base64'), r.subject, r.sequence,
        r.code, r.detail
      FROM json_to_recordset($5::json) AS r
        ("recordOffset" bigint, key text, value text, subject text, sequence bigint, code text, detail text)
      ON CONFLICT DO NOTHING`,
    values: [group, log, topic, partition, JSON.stringify(rows)],
  };
}

/** Answers `topic`, `partition`, `next_offset` of one group in one log. */
export function selectOffsets(group: string, log: string): Statement {
  return {
    name: 'select offsets',
    text: `SELECT topic, partition, next_offset FROM consumer_offsets WHERE "group" = $1 AND log = $2`,
    values: [group, log],
  };
}

/** Answers `group`, `topic`, `parked`: the dead letters that wait for a person. */
export function countDeadLetters(): Statement {
  return {
    name: 'count dead letters',
    text: `SELECT "group", topic, count(*)::int AS parked FROM dead_letters WHERE status = 'PARKED' GROUP BY "group", topic`,
    values: [],
  };
}
