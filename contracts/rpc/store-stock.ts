import type { StockLevel } from '../../domain/inventory/stock-level.ts';
import type { Sku } from '../../domain/shared/ids.ts';
import type { Actor } from '../actor.ts';

/** A SKU's level at a place in the store's ledger. */
export interface LedgerPoint {
  /** The last movement, of any SKU, that is in it. */
  readonly position: number;
  /** Movements of the SKU up to there. */
  readonly sequence: number;
  readonly level: StockLevel;
}

/** The stock of a SKU as it is, or as it was at a past moment; `null` for a SKU that the store never had a card of. */
export interface AskStock {
  readonly ask: 'AskStock';
  readonly actor: Actor;
  readonly sku: Sku;
  /** Now when left out; never later than now. */
  readonly asOfMs?: number;
  /** Where the last answer left off. */
  readonly from?: LedgerPoint;
}
export interface StockThen {
  readonly sku: Sku;
  /**
   * `MOMENT`: the level is exactly that of `asOfMs`. `END_OF_DAY`: of that time the store has sums by day only, and this is the
   * level at the end of the day (UTC), which is `asOfMs` then.
   */
  readonly basis: 'MOMENT' | 'END_OF_DAY';
  readonly asOfMs: number;
  /** Movements of the SKU up to then; a change of stock may expect it. */
  readonly sequence: number;
  /** Nothing anywhere before the first movement. */
  readonly level: StockLevel;
}
/** One answer looks at a bounded part of the ledger: ask again with this as `from`. */
export interface StockFurther {
  readonly goOnFrom: LedgerPoint;
}

export interface StockQuestions {
  readonly AskStock: { readonly question: AskStock; readonly answer: StockThen | StockFurther | null };
}
