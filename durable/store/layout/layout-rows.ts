import { readOwnJson } from '../../../contracts/own-json.ts';
import type { LayoutInForce } from '../../../contracts/rpc/store-layout.ts';
import type { StoreLayout } from '../../../domain/picking/layout.ts';
import { canonicalJson } from '../../../domain/shared/canonical.ts';
import type { SqlPort } from '../../kit/sql.ts';

export type StoredLayout = Omit<LayoutInForce, 'unplacedSkus'>;

/** How the floor is laid out, if anybody has said. */
export class LayoutRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  current(): StoredLayout | undefined {
    const row = this.#sql.all<{ version: number; layout: string; set_at_ms: number }>(
      'SELECT version, layout, set_at_ms FROM store_layout',
    )[0];
    if (row === undefined) return undefined;
    return { layout: readOwnJson<StoreLayout>(row.layout), version: row.version, setAtMs: row.set_at_ms };
  }

  /** The same layout again changes nothing. */
  set(layout: StoreLayout, nowMs: number): StoredLayout {
    const before = this.current();
    if (before !== undefined && canonicalJson(before.layout) === canonicalJson(layout)) return before;
    const after = { layout, version: (before?.version ?? 0) + 1, setAtMs: nowMs };
    this.#sql.run(
      `INSERT INTO store_layout (only_row, version, layout, set_at_ms) VALUES (1, ?, ?, ?)
      ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, layout = excluded.layout,
        set_at_ms = excluded.set_at_ms`,
      after.version,
      JSON.stringify(layout),
      nowMs,
    );
    return after;
  }
}
