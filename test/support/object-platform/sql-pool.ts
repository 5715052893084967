import { nodeSql } from '../node-sql.ts';
import type { NodeSql } from '../node-sql.ts';

/**
 * Databases that are used one after the other: one that is closed is as it was when it was opened, and keeps its prepared statements,
 * which is most of what a new one costs.
 */
export class SqlPool {
  readonly #free = new Map<string, NodeSql[]>();

  /** Those of one name begin with the same image. */
  take(name: string, image?: Uint8Array): NodeSql {
    const free = this.#free.get(name) ?? [];
    this.#free.set(name, free);
    const sql = free.pop() ?? opened(image);
    return {
      ...sql,
      close: () => {
        sql.run('ROLLBACK TO opened');
        free.push(sql);
      },
    };
  }
}

function opened(image: Uint8Array | undefined): NodeSql {
  const sql = nodeSql(image);
  sql.run('SAVEPOINT opened');
  return sql;
}
