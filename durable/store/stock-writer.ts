import { actorId } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import { STOCK_MOVEMENTS } from '../../contracts/events/stock.ts';
import type { NumberedAnnouncement, Outbox } from '../kit/outbox.ts';
import { post } from '../../domain/inventory/ledger.ts';
import type { Account, Movement, Posted } from '../../domain/inventory/ledger.ts';
import { invariant } from '../../domain/shared/assert.ts';
import type { HoldId, LotId, OpId, OrderId, Sku, StoreId } from '../../domain/shared/ids.ts';
import type { SqlPort } from '../kit/sql.ts';
import { BUCKETS, LEVEL_COLUMNS } from './stock-columns.ts';
import { StockReader } from './stock-reader.ts';

/** Rows written by one statement: a movement is about 150 characters of JSON, and one bound value holds 2 MB. */
const ROWS_PER_INSERT = 1000;

/** `WHERE true` keeps the upsert's ON from being read as a join's (SQLite, "Parsing ambiguity"). */
const WRITE_LEVELS = `
  INSERT INTO stock (version, sku, sequence, ${LEVEL_COLUMNS.join(', ')})
  SELECT ?, ${fields(2 + LEVEL_COLUMNS.length)} FROM json_each(?) WHERE true
  ON CONFLICT (sku) DO UPDATE SET
    version = CASE WHEN available = excluded.available THEN version ELSE excluded.version END,
    sequence = excluded.sequence,
    ${LEVEL_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`;
const WRITE_MOVEMENTS = `
  INSERT INTO movements (actor_kind, actor_id, at_ms, sku, sequence, kind, quantity, reason, op_id, hold_id, order_id,
    lot_id, ${LEVEL_COLUMNS.join(', ')})
  SELECT ?, ?, ?, ${fields(9 + LEVEL_COLUMNS.length)} FROM json_each(?)`;

/** The first `count` fields of each row of `json_each`. */
function fields(count: number): string {
  return Array.from({ length: count }, (_, i) => `value ->> ${i}`).join(', ');
}

/** Who moved the units and when: the same for all movements of one call. */
export interface Hand {
  readonly actor: Actor;
  readonly atMs: number;
  readonly traceparent?: string | undefined;
}
/** Why a movement was made. */
export interface Cause {
  readonly opId: OpId;
  readonly reason?: string;
  readonly holdId?: HoldId;
  readonly orderId?: OrderId;
  /** The lot of the units, where whoever moved them knows it. */
  readonly lotId?: LotId;
}
/** A movement with its cause: one line of the ledger. */
export type Entry = Movement & Cause;

export function because(movements: readonly Movement[], cause: Cause): Entry[] {
  return movements.map((movement) => ({ ...movement, ...cause }));
}

/** Sees every posting, in its transaction, after the levels were written. */
export interface PostedWatch {
  see(movements: readonly Movement[], hand: Hand): void;
}

/** Tells entries apart by lot before they are posted, in the same transaction, and keeps account of the lots. */
export interface LotFollower {
  follow(accounts: ReadonlyMap<Sku, Account>, entries: readonly Entry[]): readonly Entry[];
}

/** Writes the ledger. Only inside a transaction: the levels, the movements and their events are one commit. */
export class StockWriter extends StockReader {
  readonly #storeId: StoreId;
  readonly #outbox: Outbox;
  readonly #lots: LotFollower;
  readonly #watch: PostedWatch;
  constructor(
    sql: SqlPort,
    storeId: StoreId,
    outbox: Outbox,
    { lots, watch }: { readonly lots: LotFollower; readonly watch: PostedWatch },
  ) {
    super(sql);
    this.#storeId = storeId;
    this.#outbox = outbox;
    this.#lots = lots;
    this.#watch = watch;
  }

  /**
   * Posts movements that were decided on these accounts, set-wise. Those decisions left no room for an overdraw, so one
   * is a bug: it throws, and the transaction is gone.
   */
  post(accounts: ReadonlyMap<Sku, Account>, entries: readonly Entry[], hand: Hand): void {
    if (entries.length === 0) return;
    const posted = post(accounts, this.#lots.follow(accounts, entries));
    invariant(posted.ok, `a movement was decided that the ledger refuses: ${JSON.stringify(posted)}`);
    this.#writeLevels(posted.value);
    this.#writeMovements(posted.value, hand);
    const events = posted.value.map((entry) => this.#event(entry, hand));
    this.#outbox.announceNumbered(STOCK_MOVEMENTS, hand.atMs, events);
    this.#watch.see(posted.value, hand);
  }

  /** For movements that take from what a hold or a task has set aside: reads the accounts they need. */
  postTo(entries: readonly Entry[], hand: Hand): void {
    if (entries.length > 0) this.post(this.accounts(entries.map(({ sku }) => sku)), entries, hand);
  }

  #writeLevels(posted: readonly Posted<Entry>[]): void {
    const last = new Map(posted.map((entry) => [entry.sku, entry]));
    const rows = [...last.values()].map(({ sku, sequence, after }) => [sku, sequence, ...BUCKETS.map((b) => after[b])]);
    const version = this.version() + 1;
    for (const json of pages(rows)) this.sql.run(WRITE_LEVELS, version, json);
  }

  #writeMovements(posted: readonly Posted<Entry>[], { actor, atMs }: Hand): void {
    const rows = posted.map((entry) => [
      entry.sku,
      entry.sequence,
      entry.kind,
      entry.quantity,
      entry.reason ?? null,
      entry.opId,
      entry.holdId ?? null,
      entry.orderId ?? null,
      entry.lotId ?? null,
      ...BUCKETS.map((bucket) => entry.after[bucket]),
    ]);
    for (const json of pages(rows)) this.sql.run(WRITE_MOVEMENTS, actor.kind, actorId(actor), atMs, json);
  }

  #event(entry: Posted<Entry>, { actor, atMs, traceparent }: Hand): NumberedAnnouncement<typeof STOCK_MOVEMENTS> {
    const { kind, sku, quantity, sequence, after, opId, reason, holdId, orderId, lotId } = entry;
    return {
      topic: STOCK_MOVEMENTS,
      type: `stock.${kind}`,
      subject: `${this.#storeId}:${sku}`,
      key: this.#storeId,
      sequence,
      atMs,
      traceparent,
      data: {
        storeId: this.#storeId,
        sku,
        quantity,
        opId,
        actor: { kind: actor.kind, id: actorId(actor) },
        after,
        ...(reason !== undefined && { reason }),
        ...(holdId !== undefined && { holdId }),
        ...(orderId !== undefined && { orderId }),
        ...(lotId !== undefined && { lotId }),
      },
    };
  }
}

function* pages(rows: readonly (readonly unknown[])[]): Generator<string> {
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    yield JSON.stringify(rows.slice(start, start + ROWS_PER_INSERT));
  }
}
