import type { LotStatus } from '../../domain/inventory/lots.ts';
import type { StockLevel } from '../../domain/inventory/stock-level.ts';
import type { Sku } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Actor } from '../actor.ts';
import type { Refusal } from '../problem.ts';

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

/** What a scanned code stands for in this store, and how that is in stock. Changes nothing, and refuses nothing that is not for sale. */
export interface AskScanned {
  readonly ask: 'AskScanned';
  readonly actor: Actor;
  /** As the scanner sent it. */
  readonly barcode: string;
}
export interface ScannedItem {
  readonly sku: Sku;
  readonly name: string;
  readonly bin: string;
  /** Units that one such pack is. */
  readonly units: number;
  readonly sequence: number;
  readonly level: StockLevel;
}
export interface ScannedView {
  /** Usually one; all of them of a code that several articles share. */
  readonly items: readonly ScannedItem[];
  /** What this piece weighs or costs by its label. */
  readonly weightMg: number | null;
  readonly priceMinor: number | null;
  /** As printed, and what became of that lot here; `null` for one that never came. */
  readonly lotId: string | null;
  readonly lotStatus: LotStatus | null;
  /** The last day of its life as printed, `2026-12-31`. */
  readonly lastDay: string | null;
  /** False when it is past its day, or its lot is closed. */
  readonly sellable: boolean;
}

export interface StockQuestions {
  readonly AskScanned: {
    readonly question: AskScanned;
    readonly answer: Result<ScannedView, Refusal<'UNREADABLE_BARCODE' | 'UNKNOWN_BARCODE'>>;
  };
  readonly AskStock: { readonly question: AskStock; readonly answer: StockThen | StockFurther | null };
}
