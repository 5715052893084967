import type { TemperatureZone } from '../../domain/catalog/storage.ts';
import type { MovementKind } from '../../domain/inventory/ledger.ts';
import type { LotStatus } from '../../domain/inventory/lots.ts';
import type { StockLevel } from '../../domain/inventory/stock-level.ts';
import type { HoldId, LotId, OpId, OrderId, Sku } from '../../domain/shared/ids.ts';
import type { Actor, Command } from '../actor.ts';

/** Why a level is put right by hand. */
export const ADJUST_REASONS = ['FOUND', 'MISCOUNTED', 'MISRECEIVED', 'RETURNED_TO_SUPPLIER'] as const;
export type AdjustReason = (typeof ADJUST_REASONS)[number];
/** Why goods are gone for good. */
export const WRITE_OFF_REASONS = ['DAMAGE', 'EXPIRY', 'THEFT'] as const;
export type WriteOffReason = (typeof WRITE_OFF_REASONS)[number];
/** Why goods that are there may not be sold for now. */
export const BLOCK_REASONS = ['IN_DOUBT', 'DAMAGED', 'QUALITY_CHECK', 'SUPPLIER_RETURN'] as const;
export type BlockReason = (typeof BLOCK_REASONS)[number];
/** Why they may be sold again. */
export const UNBLOCK_REASONS = ['CHECKED', 'FOUND', 'RETURN_CANCELLED'] as const;
export type UnblockReason = (typeof UNBLOCK_REASONS)[number];
/** Why a supplier or an authority calls a lot back. */
export const RECALL_REASONS = [
  'CONTAMINATION',
  'FOREIGN_BODY',
  'UNDECLARED_ALLERGEN',
  'MISLABELLED',
  'QUALITY',
] as const;
export type RecallReason = (typeof RECALL_REASONS)[number];
/** Where units are written off from: what can be sold, or what was set aside. */
export const WRITE_OFF_FROM = ['available', 'blocked'] as const;

/** Units that one command moves of one SKU at most: far above a pallet, and sums of them stay far below 2^53. */
export const UNITS_MAX = 1_000_000;
/** Life that a customer must still get: no fresh food has more to give. */
export const SELL_BY_MARGIN_DAYS_MAX = 366;
/** Orders named by one answer; the others come page by page from `TraceLot`. */
export const TRACED_ORDERS_MAX = 10_000;
/** Movements of one answer. */
export const MOVEMENTS_PAGE_MAX = 200;

/** A command about one SKU by whoever has looked at its stock before. */
interface StockWrite extends Command {
  readonly sku: Sku;
  readonly barcode?: never;
  /** The SKU's sequence that the decision rests on; refused when anything of it moved since. Left out: whatever it is. */
  readonly expectedSequence?: number;
}
export interface AdjustStock extends StockWrite {
  readonly do: 'AdjustStock';
  /** Units up or down; not 0. */
  readonly quantity: number;
  readonly reason: AdjustReason;
}
export interface WriteOffStock extends StockWrite {
  readonly do: 'WriteOffStock';
  readonly quantity: number;
  readonly reason: WriteOffReason;
  readonly from: (typeof WRITE_OFF_FROM)[number];
  readonly lotId?: LotId;
}
/** Sets units aside as not to be sold. */
export interface BlockStock extends StockWrite {
  readonly do: 'BlockStock';
  readonly quantity: number;
  readonly reason: BlockReason;
  readonly lotId?: LotId;
}
/** Puts blocked units up for sale again; never those of an expired or recalled lot. */
export interface UnblockStock extends StockWrite {
  readonly do: 'UnblockStock';
  readonly quantity: number;
  readonly reason: UnblockReason;
  readonly lotId?: LotId;
}
/** The same command by whoever has a scanner: any code that the store can read. `quantity` counts scanned packs then. */
export type ByScan<C extends StockWrite> = Omit<C, 'sku' | 'barcode'> & {
  readonly sku?: never;
  readonly barcode: string;
};
/** Refusals of a command that was scanned, beside those that it has anyway. */
export type ScanRefused =
  | 'UNREADABLE_BARCODE'
  | 'UNKNOWN_BARCODE'
  | 'AMBIGUOUS_BARCODE'
  | 'LOT_EXPIRED'
  | 'INVALID_INPUT';

/** What a change of stock left. */
export interface StockLeft {
  readonly sku: Sku;
  /** Units that it moved. */
  readonly quantity: number;
  /** Of the SKU after the command: what the next one may expect. */
  readonly sequence: number;
  /** Units that can be sold after the command. */
  readonly available: number;
  /** Units that are there and may not be sold. */
  readonly blocked: number;
}

/** Calls a lot back: nothing of it is sold from now on, whether it is here already or comes later. For ever. */
export interface RecallLot extends Command {
  readonly do: 'RecallLot';
  readonly sku: Sku;
  readonly lotId: LotId;
  readonly reason: RecallReason;
}
/** Life that a customer must still get of a SKU; of every SKU without a rule of its own when `sku` is null. */
export interface SetSellByMargin extends Command {
  readonly do: 'SetSellByMargin';
  readonly sku: Sku | null;
  /** Whole days; 0 sells until the best-before. `null` takes a SKU's own rule away. */
  readonly days: number | null;
}
export interface SellByMargin {
  readonly sku: Sku | null;
  /** What is in force. */
  readonly days: number;
  /** Open lots whose sell-by is another one now. */
  readonly movedLots: number;
}

/** Says which bin of this store a SKU lies in now; it goes before the catalog's. */
export interface PutAwayStock extends Command {
  readonly do: 'PutAwayStock';
  readonly sku: Sku;
  readonly bin: string;
  /** How cold the bin is. Left out: as it was said before, else as cold as the SKU is kept. */
  readonly temperatureZone?: TemperatureZone;
  /** Units that were carried there, for the record. */
  readonly quantity?: number;
}
export interface Place {
  readonly sku: Sku;
  readonly bin: string;
  readonly temperatureZone: TemperatureZone;
}

export interface LotView {
  readonly sku: Sku;
  readonly lotId: LotId;
  readonly status: LotStatus;
  readonly bestBeforeMs: number | null;
  readonly sellByMs: number | null;
  readonly received: number;
  /** Units in the store that nobody has picked, and those of them that are blocked. */
  readonly onShelf: number;
  readonly blocked: number;
}
/** Where a lot is: from the case to the doors. */
export interface LotTrace {
  readonly lot: LotView;
  /** Where its SKU lies. */
  readonly bins: readonly string[];
  /** Orders that got units of it, by id; at most `TRACED_ORDERS_MAX`. */
  readonly orders: readonly { readonly orderId: OrderId; readonly quantity: number }[];
  /** All orders that got any, and their units. */
  readonly orderCount: number;
  readonly orderUnits: number;
  /** Pass it as `after` for the orders that follow; `null` when there are none. */
  readonly nextAfter: OrderId | null;
}

/** What is done with goods besides selling them: each command with its answer and the refusals of its own. */
export interface GoodsCommands {
  readonly AdjustStock: {
    readonly command: AdjustStock | ByScan<AdjustStock>;
    readonly answer: StockLeft;
    readonly refuses: 'UNKNOWN_SKU' | 'STOCK_CHANGED' | 'INSUFFICIENT_STOCK' | ScanRefused;
  };
  readonly WriteOffStock: {
    readonly command: WriteOffStock | ByScan<WriteOffStock>;
    readonly answer: StockLeft;
    readonly refuses: 'UNKNOWN_SKU' | 'UNKNOWN_LOT' | 'STOCK_CHANGED' | 'INSUFFICIENT_STOCK' | ScanRefused;
  };
  readonly BlockStock: {
    readonly command: BlockStock | ByScan<BlockStock>;
    readonly answer: StockLeft;
    readonly refuses: 'UNKNOWN_SKU' | 'UNKNOWN_LOT' | 'STOCK_CHANGED' | 'INSUFFICIENT_STOCK' | ScanRefused;
  };
  readonly UnblockStock: {
    readonly command: UnblockStock | ByScan<UnblockStock>;
    readonly answer: StockLeft;
    readonly refuses:
      | 'UNKNOWN_SKU'
      | 'UNKNOWN_LOT'
      | 'LOT_CLOSED'
      | 'STOCK_CHANGED'
      | 'INSUFFICIENT_STOCK'
      | ScanRefused;
  };
  readonly RecallLot: { readonly command: RecallLot; readonly answer: LotTrace; readonly refuses: 'UNKNOWN_SKU' };
  readonly SetSellByMargin: {
    readonly command: SetSellByMargin;
    readonly answer: SellByMargin;
    readonly refuses: 'UNKNOWN_SKU';
  };
  readonly PutAwayStock: {
    readonly command: PutAwayStock;
    readonly answer: Place;
    readonly refuses: 'UNKNOWN_SKU' | 'INSUFFICIENT_STOCK';
  };
}

/** One line of the ledger. */
export interface MovementView {
  /** Its place in the store's ledger. */
  readonly position: number;
  /** The n-th of its SKU. */
  readonly sequence: number;
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly reason: string | null;
  readonly actor: { readonly kind: string; readonly id: string };
  readonly opId: OpId;
  readonly lotId: LotId | null;
  readonly holdId: HoldId | null;
  readonly orderId: OrderId | null;
  readonly atMs: number;
  readonly after: StockLevel;
}
/** The history of a SKU, newest first. A page may have fewer movements than asked for, or none, and yet not be the last. */
export interface ListMovements {
  readonly ask: 'ListMovements';
  readonly actor: Actor;
  readonly sku: Sku;
  /** Only what came before this position. */
  readonly before?: number;
  /** 1 to `MOVEMENTS_PAGE_MAX`. */
  readonly limit: number;
}
export interface MovementPage {
  readonly movements: readonly MovementView[];
  /** Pass it as `before` for the page that follows; `null` at the beginning of the history. */
  readonly nextBefore: number | null;
}
/** Where a lot is and who got it; `null` for one that never came. */
export interface TraceLot {
  readonly ask: 'TraceLot';
  readonly actor: Actor;
  readonly sku: Sku;
  readonly lotId: LotId;
  /** Only orders whose id comes after this one. */
  readonly after?: OrderId;
}

export interface GoodsQuestions {
  readonly ListMovements: { readonly question: ListMovements; readonly answer: MovementPage };
  readonly TraceLot: { readonly question: TraceLot; readonly answer: LotTrace | null };
}
