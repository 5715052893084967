import { DatabaseSync } from 'node:sqlite';
import type { SqlPort, SqlRow, SqlValue } from '../../durable/kit/sql.ts';

/** An object's SQL port over `node:sqlite` in memory: storage code runs in plain Node, fast. */
export function nodeSql(): SqlPort {
  const database = new DatabaseSync(':memory:');
  return {
    all<Row extends SqlRow>(query: string, ...bindings: SqlValue[]): Row[] {
      return database.prepare(query).all(...bindable(bindings)) as unknown as Row[];
    },
    run(query, ...bindings) {
      if (bindings.length === 0) database.exec(query);
      else database.prepare(query).run(...bindable(bindings));
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
