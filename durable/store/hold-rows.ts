import { readOwnJson } from '../../contracts/own-json.ts';
import type { HoldRefusal, HoldView } from '../../contracts/rpc/store.ts';
import type { BasketLine } from '../../domain/inventory/basket-lines.ts';
import type { Hold, HoldStatus } from '../../domain/inventory/hold.ts';
import { invariant } from '../../domain/shared/assert.ts';
import type { HoldId, OrderId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { SqlPort } from '../kit/sql.ts';

// Ids in our own tables were checked on their way in, so rows are typed as branded.
type HoldRow = {
  readonly hold_id: HoldId;
  readonly kind: Hold['kind'];
  readonly status: HoldStatus;
  readonly order_id: OrderId | null;
  readonly lines: string;
  readonly expires_at_ms: number | null;
};

/** Holds as rows: ended ones stay, so that a late command learns what became of its hold. */
export class HoldRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  find(holdId: HoldId): Hold | undefined {
    const row = this.#sql.all<HoldRow>(
      'SELECT hold_id, kind, status, order_id, lines, expires_at_ms FROM holds WHERE hold_id = ?',
      holdId,
    )[0];
    return row === undefined ? undefined : toHold(row);
  }

  save(hold: Hold, nowMs: number): void {
    this.#sql.run(
      `INSERT INTO holds (hold_id, kind, status, order_id, lines, expires_at_ms, changed_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (hold_id) DO UPDATE SET kind = excluded.kind, status = excluded.status, order_id = excluded.order_id,
        expires_at_ms = excluded.expires_at_ms, changed_at_ms = excluded.changed_at_ms`,
      hold.holdId,
      hold.kind,
      hold.status,
      hold.orderId,
      JSON.stringify(hold.lines),
      hold.status === 'HELD' ? hold.expiresAtMs : null,
      nowMs,
    );
  }
}

export function holdView(hold: Hold): HoldView {
  const { holdId, kind, status, lines } = hold;
  const view = { holdId, kind, status, lines, setAside: lines };
  return status === 'HELD' ? { ...view, expiresAtMs: hold.expiresAtMs } : view;
}

/** Whether a stored answer is one to a command about a hold: the journal keeps the answers of all commands. */
export function isHoldAnswer(stored: unknown): stored is Result<HoldView, HoldRefusal> {
  if (typeof stored !== 'object' || stored === null || !('ok' in stored)) return false;
  if (stored.ok === false) return true;
  return 'value' in stored && typeof stored.value === 'object' && stored.value !== null && 'holdId' in stored.value;
}

function toHold(row: HoldRow): Hold {
  const { hold_id: holdId, kind, order_id: orderId, status, expires_at_ms: expiresAtMs } = row;
  const terms = { holdId, kind, orderId, lines: readOwnJson<BasketLine[]>(row.lines) };
  switch (status) {
    case 'HELD':
      invariant(expiresAtMs !== null, `hold ${holdId} is held for ever`);
      return { ...terms, status, expiresAtMs };
    case 'COMMITTED':
      invariant(orderId !== null, `hold ${holdId} was committed to no order`);
      return { ...terms, orderId, status };
    case 'RELEASED':
    case 'EXPIRED':
      return { ...terms, status };
  }
}
