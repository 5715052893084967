import { murmur2 } from '../../../contracts/events/partition.ts';
import { readOwnJson } from '../../../contracts/own-json.ts';
import type { BasketLine } from '../../../domain/inventory/basket-lines.ts';
import type { Hold, HoldStatus, HoldTerms, SetAside } from '../../../domain/inventory/hold.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import type { ChannelId, HoldId, OpId, OrderId } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';
import { fields, pages } from '../ledger/set-wise.ts';

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
const INSERT = `INSERT INTO holds (changed_at_ms, op_hash, ${COLUMNS}) SELECT ?, ${fields(13)} FROM json_each(?) WHERE true`;
/** What can change of a hold after it was made. */
const UPSERT = `${INSERT} ON CONFLICT (hold_id) DO UPDATE SET kind = excluded.kind, status = excluded.status,
  order_id = excluded.order_id, renewed = excluded.renewed, set_aside = excluded.set_aside,
  expires_at_ms = excluded.expires_at_ms, changed_at_ms = excluded.changed_at_ms`;

/** Holds as rows: ended ones stay for 30 days, so that a late command learns what became of its hold. */
export class HoldRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  find(holdId: HoldId): Hold | undefined {
    return this.#select('hold_id = ?', holdId)[0];
  }

  /** The hold that this operation asked for. */
  findByOp(opId: string): Hold | undefined {
    return this.#select('(hold_id = ? OR op_hash = ?) AND op_id = ?', namedBy(opId), opHash(opId), opId)[0];
  }

  /** Every hold that one of these names, by its id or as the operation that asked for it. */
  findAny(named: readonly { readonly holdId: HoldId; readonly opId: OpId }[]): Hold[] {
    const holdIds = JSON.stringify(named.flatMap(({ holdId, opId }) => [holdId, namedBy(opId)]));
    const hashes = JSON.stringify(named.map(({ opId }) => opHash(opId)));
    return this.#select(
      'hold_id IN (SELECT value FROM json_each(?)) OR op_hash IN (SELECT value FROM json_each(?))',
      holdIds,
      hashes,
    );
  }

  /** Appends holds that are new. */
  add(holds: readonly Hold[], nowMs: number): void {
    this.#write(INSERT, holds, nowMs);
  }

  /** Saves holds, new ones or changed ones. */
  saveAll(holds: readonly Hold[], nowMs: number): void {
    this.#write(UPSERT, holds, nowMs);
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

  /** Forgets holds that ended long ago, a bounded number at a time: rows are in the order in which holds were made. */
  prune(nowMs: number): void {
    this.#sql.run(
      `DELETE FROM holds WHERE position IN (
        SELECT position FROM (SELECT position, status, changed_at_ms FROM holds ORDER BY position LIMIT ?)
        WHERE status <> 'HELD' AND changed_at_ms < ?)`,
      PRUNED_MAX,
      nowMs - HOLD_KEPT_MS,
    );
  }

  #select(where: string, ...bindings: (string | number)[]): Hold[] {
    return this.#sql.all<HoldRow>(`SELECT ${COLUMNS} FROM holds WHERE ${where}`, ...bindings).map(toHold);
  }

  #write(statement: string, holds: readonly Hold[], nowMs: number): void {
    for (const json of pages(holds.map(toRow))) this.#sql.run(statement, nowMs, json);
  }
}

const UTF8 = new TextEncoder();

/** An operation that is named after its hold is found by it. */
const NAMED_AFTER = 'hold:';
function namedBy(opId: string): string {
  return opId.startsWith(NAMED_AFTER) ? opId.slice(NAMED_AFTER.length) : '';
}

/** Where an operation's hold is looked for; equal hashes of two operations only cost a look. */
function opHash(opId: string): number {
  return murmur2(UTF8.encode(opId));
}

function toRow(hold: Hold): unknown[] {
  const { opId, setAside, lines } = hold;
  const all = setAside.length === lines.length && setAside.every(isWhole, lines);
  return [
    opId === null || namedBy(opId) === hold.holdId ? null : opHash(opId),
    hold.holdId,
    opId,
    hold.kind,
    hold.status,
    hold.orderId,
    hold.owner,
    hold.channel,
    hold.forMs,
    hold.renewed ? 1 : 0,
    JSON.stringify(lines),
    all ? null : JSON.stringify(setAside),
    hold.status === 'HELD' ? hold.expiresAtMs : null,
  ];
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
