export type SqlValue = string | number | null | ArrayBuffer;
export type SqlRow = Record<string, SqlValue>;

/** What an object's storage code may ask of SQLite; synchronous, so that nothing interleaves between read and write. */
export interface SqlPort {
  all<Row extends SqlRow>(query: string, ...bindings: SqlValue[]): Row[];
  run(query: string, ...bindings: SqlValue[]): void;
  /** All or nothing. The body must not be async: an await inside would split the write. */
  transaction<T>(body: () => T): T;
}

export function objectSql(storage: DurableObjectStorage): SqlPort {
  return {
    all<Row extends SqlRow>(query: string, ...bindings: SqlValue[]): Row[] {
      return storage.sql.exec<Row>(query, ...bindings).toArray();
    },
    run(query, ...bindings) {
      storage.sql.exec(query, ...bindings);
    },
    transaction(body) {
      return storage.transactionSync(body);
    },
  };
}

/** The only row of a query that always has one, such as a count. */
export function one<Row extends SqlRow>(sql: SqlPort, query: string, ...bindings: SqlValue[]): Row {
  const row = sql.all<Row>(query, ...bindings)[0];
  if (row === undefined) throw new Error(`no row for: ${query}`);
  return row;
}
