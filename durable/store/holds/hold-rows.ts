import { readOwnJson } from '../../../contracts/own-json.ts';
import type { BasketLine } from '../../../domain/inventory/basket-lines.ts';
import type { Hold, HoldStatus, HoldTerms, SetAside } from '../../../domain/inventory/hold.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import type { ChannelId, HoldId, OpId, OrderId } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { one } from '../../kit/sql.ts';
import { fields, pages, ROWS } from '../ledger/set-wise.ts';
import { hashesOf, HoldNames, POSITIONS_OF_NAMES } from './hold-names.ts';

/** How long a hold that has ended can still be asked about. */
export const HOLD_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Rows looked at by one pruning. */
const PRUNED_MAX = 1000;

// Ids in our own tables were checked on their way in, so rows are typed as branded.
type HoldRow = {
  readonly hold_id: HoldId;
  readonly op_id: OpId | null;
  readonly kind: Hold['kind'];
  readonly status: HoldStatus;
  readonly order_id: OrderId | null;
  readonly owner: string | null;
  readonly channel: ChannelId;
  readonly for_ms: number;
  readonly renewed: number;
  readonly lines: string;
  readonly set_aside: string | null;
  readonly expires_at_ms: number | null;
};

const COLUMNS =
  'hold_id, op_id, kind, status, order_id, owner, channel, for_ms, renewed, lines, set_aside, expires_at_ms';
const INSERT = `INSERT INTO holds (changed_at_ms, position, ${COLUMNS}) SELECT ?, ${fields(13)} FROM ${ROWS}`;
/** What can change of a hold after it was made. */
const UPDATE = `UPDATE holds SET changed_at_ms = ?, kind = value ->> 1, status = value ->> 2, order_id = value ->> 3,
  renewed = value ->> 4, set_aside = value ->> 5, expires_at_ms = value ->> 6 FROM ${ROWS} WHERE position = value ->> 0`;

/** Holds as rows: ended ones stay for 30 days, so that a late command learns what became of its hold. */
export class HoldRows {
  readonly #sql: SqlPort;
  readonly #names: HoldNames;
  constructor(sql: SqlPort) {
    this.#sql = sql;
    this.#names = new HoldNames(sql);
  }

  find(holdId: HoldId): Hold | undefined {
    return this.#named([holdId]).find((hold) => hold.holdId === holdId);
  }

  /** The hold that this operation asked for. */
  findByOp(opId: string): Hold | undefined {
    return this.#named([opId]).find((hold) => hold.opId === opId);
  }

  /** Every hold that one of these names, by its id or as the operation that asked for it; and perhaps a few others. */
  findAny(named: readonly { readonly holdId: HoldId; readonly opId: OpId }[]): Hold[] {
    return this.#named(named.flatMap(({ holdId, opId }) => [holdId, opId]));
  }

  /** Appends holds that are new. */
  add(holds: readonly Hold[], nowMs: number): void {
    if (holds.length === 0) return;
    const first = 1 + one<{ last: number }>(this.#sql, 'SELECT coalesce(max(position), 0) AS last FROM holds').last;
    for (const json of pages(holds.map((hold, i) => [first + i, ...toRow(hold)]))) this.#sql.run(INSERT, nowMs, json);
    this.#names.add(holds, first);
  }

  /** Saves holds, new ones or changed ones. */
  saveAll(holds: readonly Hold[], nowMs: number): void {
    const rows = this.#sql.all<{ hold_id: string; position: number }>(
      `SELECT hold_id, position FROM holds WHERE position IN (${POSITIONS_OF_NAMES})`,
      ...twice(hashesOf(holds.map(({ holdId }) => holdId))),
    );
    const positions = new Map(rows.map((row) => [row.hold_id, row.position]));
    const changed = holds.flatMap((hold) => {
      const position = positions.get(hold.holdId);
      return position === undefined ? [] : [[position, ...toChange(hold)]];
    });
    for (const json of pages(changed)) this.#sql.run(UPDATE, nowMs, json);
    this.add(
      holds.filter(({ holdId }) => !positions.has(holdId)),
      nowMs,
    );
  }

  save(hold: Hold, nowMs: number): void {
    this.saveAll([hold], nowMs);
  }

  /** When the first hold is over; `null` when nothing is held. */
  earliestExpiry(): number | null {
    return (
      this.#sql.all<{ due: number | null }>("SELECT min(expires_at_ms) AS due FROM holds WHERE status = 'HELD'")[0]
        ?.due ?? null
    );
  }

  /** Holds whose time is over, the longest over first. */
  due(nowMs: number, limit: number): Hold[] {
    return this.#select("status = 'HELD' AND expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?", nowMs, limit);
  }

  /** Forgets holds that ended long ago, a bounded number at a time. The last row stays: it says at which position to go on. */
  prune(nowMs: number): void {
    const gone = this.#sql.all<{ position: number; hold_id: HoldId; op_id: OpId | null }>(
      `DELETE FROM holds WHERE position IN (
        SELECT position FROM (SELECT position, status, changed_at_ms FROM holds ORDER BY position LIMIT ?)
        WHERE status <> 'HELD' AND changed_at_ms < ? AND position < (SELECT max(position) FROM holds))
      RETURNING position, hold_id, op_id`,
      PRUNED_MAX,
      nowMs - HOLD_KEPT_MS,
    );
    this.#names.forget(gone.map(({ position, hold_id: holdId, op_id: opId }) => ({ position, holdId, opId })));
  }

  #named(names: readonly string[]): Hold[] {
    return this.#select(`position IN (${POSITIONS_OF_NAMES})`, ...twice(hashesOf(names)));
  }

  #select(where: string, ...bindings: (string | number)[]): Hold[] {
    return this.#sql.all<HoldRow>(`SELECT ${COLUMNS} FROM holds WHERE ${where}`, ...bindings).map(toHold);
  }
}

function twice(binding: string): [string, string] {
  return [binding, binding];
}

function toRow(hold: Hold): unknown[] {
  const { holdId, opId, kind, status, orderId, owner, channel, forMs, renewed, lines } = hold;
  return [
    holdId,
    opId,
    kind,
    status,
    orderId,
    owner,
    channel,
    forMs,
    renewed ? 1 : 0,
    JSON.stringify(lines),
    setAsideOf(hold),
    expiryOf(hold),
  ];
}

function toChange(hold: Hold): unknown[] {
  const { kind, status, orderId, renewed } = hold;
  return [kind, status, orderId, renewed ? 1 : 0, setAsideOf(hold), expiryOf(hold)];
}

function setAsideOf({ setAside, lines }: Hold): string | null {
  const all = setAside.length === lines.length && setAside.every(isWhole, lines);
  return all ? null : JSON.stringify(setAside);
}

function expiryOf(hold: Hold): number | null {
  return hold.status === 'HELD' ? hold.expiresAtMs : null;
}

function isWhole(this: readonly BasketLine[], kept: SetAside, i: number): boolean {
  return kept.fencedUnits === 0 && kept.sku === this[i]?.sku && kept.quantity === this[i].quantity;
}

function toHold(row: HoldRow): Hold {
  const { hold_id: holdId, order_id: orderId, status, expires_at_ms: expiresAtMs } = row;
  const lines = readOwnJson<BasketLine[]>(row.lines);
  const terms: HoldTerms = {
    holdId,
    opId: row.op_id,
    kind: row.kind,
    orderId,
    owner: row.owner,
    channel: row.channel,
    forMs: row.for_ms,
    renewed: row.renewed === 1,
    lines,
    setAside:
      row.set_aside === null
        ? lines.map((line) => ({ ...line, fencedUnits: 0 }))
        : readOwnJson<SetAside[]>(row.set_aside),
  };
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
