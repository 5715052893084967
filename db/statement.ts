import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/** One statement with bound values, as `pg` takes it. The name makes a connection prepare it once and reuse the plan. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A row as it travels in JSON: moments are RFC 3339 text, everything else is itself. */
export type JsonRow<Row> = { readonly [Column in keyof Row]: JsonValue<Row[Column]> };
type JsonValue<Value> = Value extends Date ? string : Value;

interface UpsertOptions {
  /** Columns of the primary key, as the table names them. */
  readonly key: readonly string[];
  /**
   * The counter that orders the versions of a row: an older or equal one changes nothing, so a replay is harmless.
   * Without it an existing row stays as it is.
   */
  readonly version?: string;
}

/** Builds `INSERT … SELECT` from one JSON array of rows: one statement and one parameter, however many rows. */
export function rowUpsert<Table extends PgTable>(
  table: Table,
  options: UpsertOptions,
): (rows: readonly JsonRow<Table['$inferSelect']>[]) => Statement {
  const name = getTableName(table);
  const columns = Object.entries(getTableColumns(table)).map(([property, column]) => ({
    property,
    name: quoted(column.name),
    type: column.getSQLType(),
  }));
  const names = columns.map((column) => column.name).join(', ');
  const values = columns.map(({ property }) => `r.${quoted(property)}`).join(', ');
  const record = columns.map(({ property, type }) => `${quoted(property)} ${type}`).join(', ');
  const text =
    `INSERT INTO ${quoted(name)} AS t (${names}) SELECT ${values} FROM json_to_recordset($1::json) AS r (${record}) ` +
    `ON CONFLICT (${options.key.map(quoted).join(', ')}) ${onConflict(columns, options)}`;
  return (rows) => ({ name: `upsert ${name}`, text, values: [JSON.stringify(rows)] });
}

function onConflict(columns: readonly { readonly name: string }[], { key, version }: UpsertOptions): string {
  if (version === undefined) return 'DO NOTHING';
  const keys = new Set(key.map(quoted));
  const assignments = columns
    .filter((column) => !keys.has(column.name))
    .map(({ name }) => `${name} = excluded.${name}`);
  return `DO UPDATE SET ${assignments.join(', ')} WHERE t.${quoted(version)} < excluded.${quoted(version)}`;
}

/** Rows found by `rowSelect`: the value of the key column, and the row as JSON. */
export interface KeyedRow<Row> {
  readonly key: string;
  readonly row: Row;
}

/** Builds a `SELECT` of whole rows by a list of keys; answers `KeyedRow`s. */
export function rowSelect(table: PgTable, key: string): (keys: readonly string[]) => Statement {
  const name = getTableName(table);
  const columns = Object.entries(getTableColumns(table)).map(
    ([property, column]) => `'${property}', ${quoted(column.name)}`,
  );
  const text =
    `SELECT ${quoted(key)} AS "key", json_build_object(${columns.join(', ')}) AS "row" ` +
    `FROM ${quoted(name)} WHERE ${quoted(key)} = ANY($1::text[])`;
  return (keys) => ({ name: `select ${name}`, text, values: [keys] });
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
