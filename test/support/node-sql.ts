import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import type { SqlPort, SqlRow, SqlValue } from '../../durable/kit/sql.ts';

/** An object's SQL port over `node:sqlite` in memory: storage code runs in plain Node, fast. */
export interface NodeSql extends SqlPort {
  /** The whole database as it is now. */
  image(): Uint8Array;
  /** Frees it at once; nothing may be asked of it any more. */
  close(): void;
}

/** A new database, or one as it was when its image was taken. */
export function nodeSql(image?: Uint8Array): NodeSql {
  const database = new DatabaseSync(':memory:');
  if (image !== undefined) database.deserialize(image);
  const prepared = new Map<string, StatementSync>();
  function prepare(query: string): StatementSync {
    const statement = prepared.get(query) ?? database.prepare(query);
    prepared.set(query, statement);
    return statement;
  }
  return {
    all<Row extends SqlRow>(query: string, ...bindings: SqlValue[]): Row[] {
      return prepare(query).all(...bindable(bindings)) as unknown as Row[];
    },
    run(query, ...bindings) {
      if (bindings.length === 0) database.exec(query);
      else prepare(query).run(...bindable(bindings));
    },
    image: () => database.serialize(),
    close: () => {
      database.close();
    },
    transaction(body) {
      database.exec('SAVEPOINT body');
      try {
        const value = body();
        database.exec('RELEASE body');
        return value;
      } catch (cause) {
        database.exec('ROLLBACK TO body');
        database.exec('RELEASE body');
        throw cause;
      }
    },
  };
}

function bindable(values: readonly SqlValue[]): (string | number | null | Uint8Array)[] {
  return values.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
}
