import { actorId } from '../../../contracts/actor.ts';
import type { Actor } from '../../../contracts/actor.ts';
import { post } from '../../../domain/inventory/ledger.ts';
import type { Account, Movement, Posted } from '../../../domain/inventory/ledger.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import type { ChannelId, HoldId, LotId, OpId, OrderId, Sku } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';
import type { PolicyRows } from '../policy/policy-rows.ts';
import { fields, pages, ROWS } from './set-wise.ts';
import { BUCKETS, LEVEL_COLUMNS, levelUnits } from './stock-columns.ts';
import { StockReader } from './stock-reader.ts';

/** `WHERE true` keeps the upsert's ON from being read as a join's (SQLite, "Parsing ambiguity"). */
const WRITE_LEVELS = `
  INSERT INTO stock (sku, sequence, ${LEVEL_COLUMNS.join(', ')})
  SELECT ${fields(2 + LEVEL_COLUMNS.length)} FROM ${ROWS} WHERE true
  ON CONFLICT (sku) DO UPDATE SET sequence = excluded.sequence,
    ${LEVEL_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`;
const WRITE_CAUSES = `
  INSERT INTO causes (cause, op_id, actor_kind, actor_id, reason, hold_id, order_id, channel, traceparent, at_ms)
  SELECT ${fields(10)} FROM ${ROWS}`;
const WRITE_MOVEMENTS = `
  INSERT INTO movements (position, cause, sku, sequence, kind, quantity, lot_id, after) SELECT ${fields(8)} FROM ${ROWS}`;

/** Who moved the units and when: the same for all movements of one call. */
export interface Hand {
  readonly actor: Actor;
  readonly atMs: number;
  readonly traceparent?: string | undefined;
  /** When it was done by the clock of the tablet that did it without wifi: told on, and nothing is decided by it. */
  readonly actedAt?: string | undefined;
}
/** Why a movement was made. */
export interface Cause {
  readonly opId: OpId;
  readonly reason?: string;
  readonly holdId?: HoldId;
  readonly orderId?: OrderId;
  /** Through which channel the units are sold; absent where none is. */
  readonly channel?: ChannelId;
  /** The lot the units are of, where it is known. */
  readonly lotId?: LotId;
}
/** A movement with its cause: one line of the ledger. */
export type Entry = Movement & Cause;
/** Lines of the ledger that one hand moved, in their places. */
export interface PostedBy {
  readonly posted: readonly Posted<Entry>[];
  readonly hand: Hand;
}

export function because(movements: readonly Movement[], cause: Cause): Entry[] {
  return movements.map((movement) => ({ ...movement, ...cause }));
}

/** Sees every posting, in its transaction, after the levels were written. */
export interface PostedWatch {
  see(movements: readonly Movement[], hand: Hand): void;
}

/** Tells movements apart by lot before they are posted, and keeps the lots. */
export interface LotFollower {
  follow(accounts: ReadonlyMap<Sku, Account>, entries: readonly Entry[]): readonly Entry[];
}

/** What has a part in every posting. */
interface Parties {
  readonly lots: LotFollower;
  readonly watch: PostedWatch;
  /** The ledger has movements that the log has not got yet, and that nobody has checked. */
  appended(atMs: number): void;
}

/** Writes the ledger. Only inside a transaction: the levels and the movements, which are their own events, are one commit. */
export class StockWriter extends StockReader {
  readonly #parties: Parties;
  constructor(sql: SqlPort, policies: PolicyRows, parties: Parties) {
    super(sql, policies);
    this.#parties = parties;
  }

  /**
   * Posts movements that were decided on these accounts, set-wise. Those decisions left no room for an overdraw, so one
   * is a bug: it throws, and the transaction is gone.
   */
  post(accounts: ReadonlyMap<Sku, Account>, entries: readonly Entry[], hand: Hand): void {
    if (entries.length === 0) return;
    const posted = post(accounts, this.#parties.lots.follow(accounts, entries));
    invariant(posted.ok, `a movement was decided that the ledger refuses: ${JSON.stringify(posted)}`);
    this.append([{ posted: posted.value, hand }]);
  }

  /** For movements that take from what a hold or a task has set aside: reads the accounts they need. */
  postTo(entries: readonly Entry[], hand: Hand): void {
    if (entries.length > 0) this.post(this.accounts(entries.map(({ sku }) => sku)), entries, hand);
  }

  /**
   * Appends lines that were posted onto accounts one after another; each SKU's last line is its level from now on. By itself only
   * for movements that are nothing to the lots, such as holds.
   */
  append(groups: readonly PostedBy[]): void {
    let position = this.version();
    let cause = 0;
    const causes: unknown[][] = [];
    const movements: unknown[][] = [];
    const last = new Map<Sku, Posted<Entry>>();
    for (const { posted, hand } of groups) {
      let told: Cause | null = null;
      for (const entry of posted) {
        position += 1;
        if (told === null || !sameCause(told, entry)) {
          told = entry;
          // Numbered by its first movement.
          cause = position;
          causes.push(causeRow(cause, entry, hand));
        }
        const { sku, sequence, kind, quantity, lotId = null, after } = entry;
        movements.push([position, cause, sku, sequence, kind, quantity, lotId, levelUnits(after)]);
        last.set(sku, entry);
      }
    }
    if (movements.length === 0) return;
    for (const json of pages(causes)) this.sql.run(WRITE_CAUSES, json);
    for (const json of pages(movements)) this.sql.run(WRITE_MOVEMENTS, json);
    for (const json of pages([...last.values()].map(levelRow))) this.sql.run(WRITE_LEVELS, json);
    const atMs = groups[0]?.hand.atMs;
    if (atMs !== undefined) this.#parties.appended(atMs);
    for (const { posted, hand } of groups) this.#parties.watch.see(posted, hand);
  }
}

function levelRow({ sku, sequence, after }: Posted<Entry>): unknown[] {
  return [sku, sequence, ...BUCKETS.map((bucket) => after[bucket])];
}

function sameCause(a: Cause, b: Cause): boolean {
  return (
    a.opId === b.opId &&
    a.reason === b.reason &&
    a.holdId === b.holdId &&
    a.orderId === b.orderId &&
    a.channel === b.channel
  );
}

function causeRow(cause: number, entry: Cause, { actor, atMs, traceparent }: Hand): unknown[] {
  const { opId, reason, holdId, orderId, channel } = entry;
  return [cause, opId, actor.kind, actorId(actor), reason, holdId, orderId, channel, traceparent, atMs];
}
