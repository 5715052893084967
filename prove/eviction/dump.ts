import type { SqlPort, SqlRow } from '../../durable/kit/sql.ts';

/** Everything that an object has written, table by table and row by row, always in the same order. */
export function dump(sql: SqlPort): string {
  const tables = sql.all<{ name: string }>(
    // SQLite's own tables and the platform's are theirs.
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*' ORDER BY name",
  );
  return tables.map(({ name }) => [`${name}:`, ...rowsOf(sql, name).map((row) => `  ${row}`)].join('\n')).join('\n');
}

function rowsOf(sql: SqlPort, table: string): string[] {
  return sql
    .all<SqlRow>(`SELECT * FROM "${table}"`)
    .map((row) => JSON.stringify(row))
    .toSorted();
}

/** The first line in which two dumps differ, in words; null when they are equal. */
export function difference(straight: string, evicted: string): string | null {
  if (straight === evicted) return null;
  const [left, right] = [straight.split('\n'), evicted.split('\n')];
  const at = left.findIndex((line, i) => line !== right[i]);
  const line = at === -1 ? left.length : at;
  return `straight: ${left[line] ?? 'nothing more'}\nevicted: ${right[line] ?? 'nothing more'}`;
}
