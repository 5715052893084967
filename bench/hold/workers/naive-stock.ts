import { DurableObject } from 'cloudflare:workers';
import { readOwnJson } from '../../../contracts/own-json.ts';
import { sameLines } from '../shop/shelf.ts';
import type { HoldOutcome, HoldRecord, ShelfAudit, ShelfLine, Shortage, WantedHold } from '../shop/shelf.ts';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS stock (
  sku TEXT PRIMARY KEY, received INTEGER NOT NULL, available INTEGER NOT NULL CHECK (available >= 0)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS holds (
  hold_id TEXT PRIMARY KEY, lines TEXT NOT NULL, status TEXT NOT NULL, expires_at_ms INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS holds_due ON holds (expires_at_ms) WHERE status = 'HELD';
CREATE TABLE IF NOT EXISTS outbox (seq INTEGER PRIMARY KEY, payload TEXT NOT NULL);`;

const EXPIRE_AT_ONCE = 1_000;

type HoldRow = { readonly status: HoldRecord['status']; readonly lines: string; readonly expires_at_ms: number };

/** The object that a first version has: one call a request, an update and two inserts a hold. */
export class NaiveStock extends DurableObject<object> {
  readonly #sql: SqlStorage;
  #armed = false;

  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(SCHEMA);
  }

  hold({ holdId, lines, linesText, expiresAtMs }: WantedHold): HoldOutcome {
    const shortages: Shortage[] = [];
    try {
      this.ctx.storage.transactionSync(() => {
        const insert = `INSERT INTO holds (hold_id, lines, status, expires_at_ms) VALUES (?, ?, 'HELD', ?)
          ON CONFLICT (hold_id) DO NOTHING`;
        if (this.#sql.exec(insert, holdId, linesText, expiresAtMs).rowsWritten === 0) throw new Error(KNOWN);
        for (const { sku, quantity } of lines) {
          const take =
            'UPDATE stock SET available = available - ?1 WHERE sku = ?2 AND available >= ?1 RETURNING available';
          const [taken] = this.#sql.exec(take, quantity, sku).toArray();
          if (taken === undefined) shortages.push({ sku, requested: quantity, available: this.#available(sku) });
        }
        if (shortages.length > 0) throw new Error(SHORT);
        this.#tell('held', holdId, linesText);
      });
    } catch (cause) {
      if (cause instanceof Error && cause.message === SHORT) return { kind: 'short', shortages };
      if (!(cause instanceof Error) || cause.message !== KNOWN) throw cause;
      const hold = this.find(holdId);
      return hold !== null && sameLines(hold.lines, lines) ? { kind: 'held', hold } : { kind: 'reused' };
    }
    if (!this.#armed) void this.ctx.storage.setAlarm(expiresAtMs);
    this.#armed = true;
    return { kind: 'held', hold: { status: 'HELD', lines, expiresAtMs } };
  }

  release(holdId: string): HoldRecord | null {
    return this.#end(holdId, 'RELEASED');
  }

  find(holdId: string): HoldRecord | null {
    const select = 'SELECT status, lines, expires_at_ms FROM holds WHERE hold_id = ?';
    const [row] = this.#sql.exec<HoldRow>(select, holdId).toArray();
    if (row === undefined) return null;
    return { status: row.status, lines: readOwnJson<ShelfLine[]>(row.lines), expiresAtMs: row.expires_at_ms };
  }

  available(skus: readonly string[]): readonly number[] {
    return skus.map((sku) => this.#available(sku));
  }

  receive(lines: readonly ShelfLine[]): void {
    this.ctx.storage.transactionSync(() => {
      for (const { sku, quantity } of lines) {
        this.#sql.exec(
          `INSERT INTO stock (sku, received, available) VALUES (?1, ?2, ?2)
          ON CONFLICT (sku) DO UPDATE SET received = received + ?2, available = available + ?2`,
          sku,
          quantity,
        );
      }
    });
  }

  audit(deep: boolean): ShelfAudit {
    const { available } = this.#sql
      .exec<{ available: number }>('SELECT coalesce(sum(available), 0) AS available FROM stock')
      .one();
    if (!deep) return { available, discrepancies: [] };
    const gaps = this.#sql.exec<{ sku: string; gap: number }>(
      `SELECT sku, received - available - coalesce(units, 0) AS gap FROM stock LEFT JOIN (
        SELECT value ->> 'sku' AS held_sku, sum(value ->> 'quantity') AS units
        FROM holds, json_each(holds.lines) WHERE status = 'HELD' GROUP BY 1) ON held_sku = sku
      WHERE gap <> 0`,
    );
    return { available, discrepancies: gaps.toArray().map(({ sku, gap }) => ({ sku, gapUnits: gap })) };
  }

  override alarm(): void {
    this.#armed = false;
    const due = "SELECT hold_id FROM holds WHERE status = 'HELD' AND expires_at_ms <= ? LIMIT ?";
    const rows = this.#sql.exec<{ hold_id: string }>(due, Date.now(), EXPIRE_AT_ONCE).toArray();
    for (const row of rows) this.#end(row.hold_id, 'EXPIRED');
    const next = "SELECT min(expires_at_ms) AS at_ms FROM holds WHERE status = 'HELD'";
    const { at_ms: atMs } = this.#sql.exec<{ at_ms: number | null }>(next).one();
    if (atMs === null) return;
    void this.ctx.storage.setAlarm(Math.max(atMs, Date.now() + 1));
    this.#armed = true;
  }

  #end(holdId: string, status: 'RELEASED' | 'EXPIRED'): HoldRecord | null {
    return this.ctx.storage.transactionSync(() => {
      const hold = this.find(holdId);
      if (hold === null || hold.status !== 'HELD') return hold;
      this.#sql.exec('UPDATE holds SET status = ? WHERE hold_id = ?', status, holdId);
      for (const { sku, quantity } of hold.lines) {
        this.#sql.exec('UPDATE stock SET available = available + ? WHERE sku = ?', quantity, sku);
      }
      this.#tell(status, holdId, JSON.stringify(hold.lines));
      return { ...hold, status };
    });
  }

  #available(sku: string): number {
    const select = 'SELECT available FROM stock WHERE sku = ?';
    return this.#sql.exec<{ available: number }>(select, sku).toArray()[0]?.available ?? 0;
  }

  #tell(type: string, holdId: string, linesText: string): void {
    const payload = `{"type":"${type}","holdId":"${holdId}","lines":${linesText}}`;
    this.#sql.exec('INSERT INTO outbox (payload) VALUES (?)', payload);
  }
}

/** What the transaction is rolled back with. */
const KNOWN = 'known';
const SHORT = 'short';
