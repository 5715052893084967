import type { SqlPort, SqlRow } from '../../durable/kit/sql.ts';

/** What is about the moment and the way, not about the state: sent and unsent news, alarms, numbers of rows, and estimates by time. */
const NOT_STATE: ReadonlySet<string> = new Set([
  '_migrations',
  'audit_balances',
  'audit_cursor',
  'burned_tickets',
  'deadlines',
  'event_sequences',
  'feed',
  'ledger_cursor',
  'outbox',
  'pick_pace',
  'sellable_changes',
  'shifts',
  'sqlite_sequence',
  'stock_watch',
]);
/** Numbers that say in which order rows of different articles and orders came. */
const ROW_NUMBERS: ReadonlySet<string> = new Set(['position', 'cause', 'count_id', 'discrepancy_id']);

/**
 * Everything that a store knows, table by table and row by row, but for when it came to know it. Two runs of the same acts at
 * other times, and with acts on different articles in another order, have the same text.
 */
export function stateOf(sql: SqlPort): string {
  const tables = sql.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
  return tables
    .filter(({ name }) => !NOT_STATE.has(name))
    .flatMap(({ name }) => [`${name}:`, ...rowsOf(sql, name).toSorted()])
    .join('\n');
}

function rowsOf(sql: SqlPort, table: string): string[] {
  if (table === 'ops') return answersOf(sql);
  const query =
    table === 'movements'
      ? 'SELECT movements.*, op_id, actor_id FROM movements JOIN causes USING (cause)'
      : `SELECT * FROM "${table}"`;
  return sql.all<SqlRow>(query).map((row) => {
    const kept = Object.entries(row).filter(([column]) => !ROW_NUMBERS.has(column));
    return `  ${JSON.stringify(kept.map(([column, value]) => [column, isTime(column) && value !== null ? 'a time' : value]))}`;
  });
}

/** Which command was answered how; an answer's words may name times. */
function answersOf(sql: SqlPort): string[] {
  return sql
    .all<{ answer: string }>(
      "SELECT op_id || ' ' || coalesce(answer ->> '$.error.code', answer ->> '$.value.status', 'ok') AS answer FROM ops",
    )
    .map(({ answer }) => `  ${answer}`);
}

function isTime(column: string): boolean {
  return column.endsWith('_ms') || FADING.has(column);
}
/** Estimates that fade with time. */
const FADING: ReadonlySet<string> = new Set(['risk', 'not_found', 'shrink_units']);
