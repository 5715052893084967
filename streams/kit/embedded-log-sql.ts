import type { Statement } from '../../db/statement.ts';
import type { NewRecord, PartitionOffset } from './log-port.ts';

/** Records and bytes of one partition in one fetch: what a batch may hold in memory. */
const FETCH_RECORDS = 1_000;
const FETCH_BYTES = 1024 * 1024;

/**
 * Appends any number of records in one statement and answers `topic`, `partition`, `base_offset` of each partition.
 * The upsert of the heads locks one row a partition, in one order for every appender, and holds it until the commit:
 * so offsets have no gaps, several appenders cannot deadlock, and a reader who sees an offset sees all before it.
 */
export function appendRecords(records: readonly NewRecord[]): Statement {
  return {
    name: 'append records',
    text: `WITH input AS (
        SELECT topic, partition, key, value, ord,
          row_number() OVER (PARTITION BY topic, partition ORDER BY ord) AS position
        FROM unnest($1::text[], $2::int[], $3::bytea[], $4::bytea[]) WITH ORDINALITY AS r (topic, partition, key, value, ord)
      ), heads AS (
        INSERT INTO embedded_log_heads AS h (topic, partition, next_offset)
        SELECT topic, partition, count(*) AS records FROM input GROUP BY topic, partition ORDER BY topic, partition
        ON CONFLICT (topic, partition) DO UPDATE SET next_offset = h.next_offset + excluded.next_offset
        RETURNING topic, partition, next_offset
      ), bases AS (
        SELECT h.topic, h.partition, h.next_offset - max(i.position) AS base_offset
        FROM heads h JOIN input i USING (topic, partition) GROUP BY h.topic, h.partition, h.next_offset
      ), appended AS (
        INSERT INTO embedded_log (topic, partition, record_offset, key, value)
        SELECT topic, partition, base_offset + position - 1, key, value FROM input JOIN bases USING (topic, partition)
      )
      SELECT topic, partition, base_offset FROM bases`,
    values: [
      records.map(({ topic }) => topic),
      records.map(({ partition }) => partition),
      records.map(({ key }) => key),
      records.map(({ value }) => value),
    ],
  };
}

/** Answers `topic`, `partition`, `record_offset`, `key`, `value` in order, from each position on, within the bounds of a fetch. */
export function fetchRecords(positions: readonly PartitionOffset[]): Statement {
  return {
    name: 'fetch records',
    text: `SELECT p.topic, p.partition, r.record_offset, r.key, r.value
      FROM unnest($1::text[], $2::int[], $3::bigint[]) AS p (topic, partition, next_offset)
      CROSS JOIN LATERAL (
        SELECT record_offset, key, value,
          sum(coalesce(octet_length(value), 0)) OVER (ORDER BY record_offset) - coalesce(octet_length(value), 0) AS bytes_before
        FROM (
          SELECT record_offset, key, value FROM embedded_log l
          WHERE l.topic = p.topic AND l.partition = p.partition AND l.record_offset >= p.next_offset
          ORDER BY record_offset LIMIT ${FETCH_RECORDS}) AS rows) AS r
      WHERE r.bytes_before < ${FETCH_BYTES}
      ORDER BY p.topic, p.partition, r.record_offset`,
    values: [
      positions.map(({ topic }) => topic),
      positions.map(({ partition }) => partition),
      positions.map(({ nextOffset }) => nextOffset),
    ],
  };
}

/** Answers `topic`, `partition`, `next_offset` of every partition that was ever written. */
export const SELECT_HEADS: Statement = {
  name: 'select heads',
  text: 'SELECT topic, partition, next_offset FROM embedded_log_heads',
  values: [],
};
