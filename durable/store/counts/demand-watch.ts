import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { Movement, MovementKind } from '../../../domain/inventory/ledger.ts';
import {
  LOW_STOCK_POLICY,
  runOutHours,
  stockNews,
  stockState,
  withDemand,
} from '../../../domain/inventory/low-stock.ts';
import type { Sku, StoreId } from '../../../domain/shared/ids.ts';
import type { Outbox } from '../../kit/outbox.ts';
import { lowAt, unsoldUnits } from './demand-rows.ts';
import type { DemandRows, WatchedSku } from './demand-rows.ts';
import type { Hand } from '../ledger/stock-writer.ts';

/**
 * Movements after which a SKU may have become low or have recovered. A hold is none of them: it takes units for minutes only, and
 * at a flash crowd it must not cost a statement more. The allocation that follows is what counts as demand.
 */
const WATCHED: ReadonlySet<MovementKind> = new Set([
  'received',
  'adjusted',
  'counted',
  'transferred_in',
  'transferred_out',
  'blocked',
  'unblocked',
  'written_off',
  'allocated',
  'deallocated',
  'restocked',
] as const);

/** Keeps the demand of each SKU and says once when one runs low, runs out or has recovered. Set-wise: two statements a commit. */
export class DemandWatch {
  readonly #rows: DemandRows;
  readonly #storeId: StoreId;
  readonly #outbox: Outbox;
  constructor(rows: DemandRows, storeId: StoreId, outbox: Outbox) {
    this.#rows = rows;
    this.#storeId = storeId;
    this.#outbox = outbox;
  }

  /** After the levels of these movements were written, in the same transaction. */
  see(movements: readonly Movement[], hand: Hand): void {
    const watched = movements.filter(({ kind }) => WATCHED.has(kind));
    if (watched.length === 0) return;
    const skus = new Map<Sku, number>();
    for (const { kind, sku, quantity } of watched) {
      skus.set(sku, (skus.get(sku) ?? 0) + (kind === 'allocated' ? quantity : 0));
    }
    this.look(skus, hand);
  }

  /** Looks at SKUs again, each with the units that were asked of it since. */
  look(demandedUnits: ReadonlyMap<Sku, number>, hand: Hand): void {
    const changed: WatchedSku[] = [];
    for (const before of this.#rows.of([...demandedUnits.keys()])) {
      const units = demandedUnits.get(before.sku) ?? 0;
      const demand = units === 0 ? before.demand : withDemand(before.demand, units, hand.atMs);
      const sellableUnits = unsoldUnits(before);
      const projectedHours = runOutHours(sellableUnits, demand, hand.atMs);
      const policy = { ...LOW_STOCK_POLICY, lowAtUnits: lowAt(before) };
      const after = { ...before, demand, state: stockState(before.state, { sellableUnits, projectedHours }, policy) };
      if (units > 0 || after.state !== before.state) changed.push(after);
      this.#tell(before, after, { sellable: sellableUnits, projectedHours }, hand);
    }
    this.#rows.save(changed);
  }

  #tell(
    before: WatchedSku,
    after: WatchedSku,
    { sellable, projectedHours }: { readonly sellable: number; readonly projectedHours: number | null },
    { atMs, traceparent }: Hand,
  ): void {
    const type = stockNews(before.state, after.state);
    if (type === null) return;
    this.#outbox.announce({
      topic: STORE_EVENTS,
      type,
      subject: this.#storeId,
      key: this.#storeId,
      atMs,
      traceparent,
      data: {
        sku: after.sku,
        sellable,
        lowAtUnits: lowAt(after),
        unitsPerHour: withDemand(after.demand, 0, atMs).unitsPerHour,
        ...(projectedHours !== null && { runOutHours: projectedHours }),
      },
    });
  }
}
