import type { Allergen } from '../../domain/catalog/allergens.ts';
import type { TemperatureZone } from '../../domain/catalog/storage.ts';
import type { ServiceState } from '../../domain/capacity/service-state.ts';
import type { StockLevel } from '../../domain/inventory/stock-level.ts';
import type {
  ChannelId,
  CourierId,
  HoldId,
  LotId,
  OpId,
  OrderId,
  Sku,
  StoreId,
  UserId,
} from '../../domain/shared/ids.ts';
import type { OrderWishes } from '../../domain/picking/order-wishes.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Actor, Command } from '../actor.ts';
import type { Refusal } from '../problem.ts';
import type { StoreAnswer, StoreCommand, StoreCommandName } from './store-commands.ts';
import type { StoreQuestion, StoreQuestionName, StoreReply } from './store-questions.ts';

export interface StockLine {
  readonly sku: Sku;
  /** Whole units, 1 or more. */
  readonly quantity: number;
}

/** What the floor must know of a SKU to pick it: a copy from the published catalog. What is left out, nobody has said. */
export interface ItemCard {
  readonly sku: Sku;
  readonly name: string;
  readonly bin: string;
  readonly barcodes: readonly string[];
  /** Codes on the wrapping of several units: a six-pack's own. */
  readonly packs?: readonly { readonly barcode: string; readonly units: number }[];
  /** `ambient` when left out. */
  readonly temperatureZone?: TemperatureZone;
  /** Not so when left out. */
  readonly fragile?: boolean;
  /** What one unit weighs, packing included. */
  readonly gramsPerUnit?: number;
  /** Its weight is taken when it is picked. Not so when left out. */
  readonly soldByWeight?: boolean;
  readonly brand?: string;
  /** Names from the root down. */
  readonly categoryPath?: readonly string[];
  /** As printed on the pack: `500 ml`. */
  readonly size?: string;
  /** In the currency of the store's city; to compare articles by. It never raises what a customer pays. */
  readonly priceMinor?: number;
  /** Empty: declared to have none. Left out: unknown, which is not the same. */
  readonly allergens?: readonly Allergen[];
  /** False: it may lie on the shelves, and nobody is offered it. */
  readonly forSale?: boolean;
}

/** Takes over a catalog version: the store answers its number to every availability question from then on. */
export interface PublishCatalog extends Command {
  readonly storeName: string;
  readonly catalogVersion: number;
  readonly cards: readonly ItemCard[];
}

/** Goods of one SKU as they came; two lots of it are two lines. */
export interface ReceivedStock extends StockLine {
  readonly lotId?: LotId;
  /** The end of the last day on which the lot is at its best. A lot that came before has the date that it had. */
  readonly bestBeforeMs?: number;
}

export interface ReceiveStock extends Command {
  /** The goods-received note: one note is received once, for ever, whatever the opId. At most 2,000 lines. */
  readonly receiptId: string;
  readonly lines: readonly ReceivedStock[];
}
export interface ReceiptView {
  readonly receiptId: string;
  readonly lines: number;
  readonly units: number;
  /** True when this note had been received before and nothing changed now. */
  readonly repeated: boolean;
}

/**
 * Sets a basket aside, whole or not at all. A channel and an order get every unit set aside at once; of a customer's cart, what the
 * store's policy says. A refused hold leaves no trace: the same opId asked again is decided again.
 */
export interface HoldStock extends Command {
  readonly holdId: HoldId;
  /** A cart hold lasts 5 min and can be renewed once; an order hold 10 min, the time to pay. A channel's is a cart hold. */
  readonly kind: 'cart' | 'order';
  readonly orderId?: OrderId;
  /** Where the basket comes from; our own `app` when absent. A channel speaks for itself only. */
  readonly channel?: ChannelId;
  /** How long a channel wants it: 30 s to 15 min; 5 min when absent. Nobody else has a choice. */
  readonly forMs?: number;
  readonly lines: readonly StockLine[];
  /** Asks what became of a hold that was asked for before, and makes no new one: the network says that the store is closed. */
  readonly onlyKnown?: boolean;
}
/** Gives a cart hold to an order: what was not set aside yet is set aside now, or the shortages are named and nothing changes. */
export interface PromoteHold extends Command {
  readonly holdId: HoldId;
  readonly orderId: OrderId;
  /** Whose cart the order was made of, as the order knows it: the customer's or the channel's id. Operators need not say. */
  readonly owner?: UserId | ChannelId;
}
/** Gives a cart hold its five minutes once more; one time only. */
export interface RenewHold extends Command {
  readonly holdId: HoldId;
}
/** Turns an order's hold into an allocation and puts the order on the pick queue. Allowed while it is still held, whatever the time. */
export interface CommitHold extends Command {
  readonly holdId: HoldId;
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly promisedAtMs: number;
  /** From packed bags to the customer's door; 0 when absent. */
  readonly toDoorMs?: number;
  /** What is still wanted of the basket; everything when absent, never more. The rest goes back on the shelf in the same step. */
  readonly lines?: readonly StockLine[];
  /** What the customer wants done about what is missing; nothing was said when absent. */
  readonly wishes?: OrderWishes;
}
export interface ReleaseHold extends Command {
  readonly holdId: HoldId;
  readonly reason: string;
}
/** A hold is seen by its owner and by operators; to anyone else there is none. */
export interface HoldQuestion {
  readonly actor: Actor;
  readonly holdId: HoldId;
}
export interface HoldView {
  readonly holdId: HoldId;
  readonly kind: 'cart' | 'order';
  readonly status: 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
  /** The basket as it was asked for: lines of one SKU summed, in order of SKU. */
  readonly lines: readonly StockLine[];
  /** What of it the store keeps for the holder, or kept until the hold ended. */
  readonly setAside: readonly StockLine[];
  /** Absent once committed: an allocation does not expire. */
  readonly expiresAtMs?: number;
  /** In the answer to `hold` and `holdMany` only: the store had this hold before the call, which changed nothing. */
  readonly repeated?: true;
}

/** The order tells the store which courier will come, and the code that courier shows at handover. */
export interface AnnounceCourier extends Command {
  readonly orderId: OrderId;
  readonly courierId: CourierId;
  readonly handoverCode: string;
}
/** Cancels the pick task of an order; what is allocated or picked goes back on the shelf. */
export interface CancelPick extends Command {
  readonly orderId: OrderId;
  readonly reason: string;
}

export interface AvailabilityQuestion {
  /** The version the asker has; 0 for none. */
  readonly since: number;
}
export interface AvailabilityAnswer {
  readonly storeId: StoreId;
  readonly version: number;
  /** True: `items` is every SKU in stock, and one not in it has none. False: only what changed since. */
  readonly full: boolean;
  /** SKU and available units. */
  readonly items: readonly (readonly [sku: string, available: number])[];
  readonly catalogVersion: number;
  /** Whether it takes new orders: it has a catalog and is not paused. */
  readonly open: boolean;
  /** Ask again no sooner than this: the object paces all isolates together to about 100 calls/s. */
  readonly nextAfterMs: number;
  readonly load: StoreLoad;
}
export interface StoreLoad {
  /** Orders that are not packed yet, and what of them is still to be picked. */
  readonly queuedTasks: number;
  readonly queuedLines: number;
  readonly queuedUnits: number;
  readonly pickersOnShift: number;
  /** When the next order would be packed, its own lines not counted. */
  readonly readyP50Ms: number;
  readonly readyP90Ms: number;
  /** What each of its lines takes more. */
  readonly lineP50Ms: number;
  readonly lineP90Ms: number;
  readonly serviceState: ServiceState;
  /** When a paused store is worth asking again; `null` while it takes orders. */
  readonly retryAfterMs: number | null;
}

/** Sums over all SKUs, and the SKUs whose stock is not conserved (none, ever). */
export interface LedgerAudit {
  readonly skus: number;
  readonly movements: number;
  readonly totals: StockLevel;
  readonly discrepancies: readonly { readonly sku: string; readonly gapUnits: number }[];
  /** SKUs that the auditor has stopped: not sold until an operator has looked. */
  readonly quarantined: readonly string[];
  /** Rows of the outbox that the log has not taken yet. */
  readonly unpublishedEvents: number;
}

type StockRefusal = Refusal<'INSUFFICIENT_STOCK' | 'UNKNOWN_SKU' | 'STORE_CLOSED' | 'STORE_BUSY'>;
type CallRefusal = Refusal<'FORBIDDEN' | 'OP_ID_REUSED' | 'INVALID_INPUT'>;
type HoldGone = Refusal<'HOLD_NOT_FOUND' | 'HOLD_EXPIRED' | 'HOLD_RELEASED' | 'HOLD_ID_REUSED' | 'HOLD_NOT_RENEWABLE'>;
/** Commands in one `holdMany`. */
export const HOLDS_PER_CALL = 500;
export type HoldRefusal = StockRefusal | HoldGone | CallRefusal;

export interface StoreRpc {
  publishCatalog(command: PublishCatalog): Promise<Result<{ readonly catalogVersion: number }, CallRefusal>>;
  receive(
    command: ReceiveStock,
  ): Promise<Result<ReceiptView, CallRefusal | Refusal<'UNKNOWN_SKU' | 'LOT_DATE_DIFFERS'>>>;
  hold(command: HoldStock): Promise<Result<HoldView, HoldRefusal>>;
  /**
   * Many holds in one call, each decided by itself and answered in its place: a refused one harms no other. At most `HOLDS_PER_CALL`.
   * Over the store's bounds the answer is STORE_BUSY with `retryAfterMs`.
   */
  holdMany(commands: readonly HoldStock[]): Promise<readonly Result<HoldView, HoldRefusal>[]>;
  renew(command: RenewHold): Promise<Result<HoldView, HoldRefusal>>;
  promote(command: PromoteHold): Promise<Result<HoldView, HoldRefusal>>;
  commit(command: CommitHold): Promise<Result<HoldView, HoldRefusal>>;
  release(command: ReleaseHold): Promise<Result<HoldView, HoldRefusal>>;
  /** What the store answered to this opId; `null` when it never saw it. For outcomes that a cut wire left unknown. */
  find(opId: OpId): Promise<Result<HoldView, HoldRefusal> | null>;
  /** The hold as it is now. */
  viewHold(question: HoldQuestion): Promise<Result<HoldView, Refusal<'HOLD_NOT_FOUND'>>>;
  announceCourier(command: AnnounceCourier): Promise<Result<null, CallRefusal | Refusal<'TASK_NOT_FOUND'>>>;
  cancelPick(command: CancelPick): Promise<Result<null, CallRefusal | Refusal<'TASK_NOT_FOUND' | 'TASK_STATE'>>>;
  /** Goods, counts, transfers: what staff and operators tell the store to do. */
  execute<N extends StoreCommandName>(command: StoreCommand<N>): Promise<StoreAnswer<N>>;
  /** What staff and operators ask it. */
  ask<N extends StoreQuestionName>(question: StoreQuestion<N>): Promise<StoreReply<N>>;
  availability(question: AvailabilityQuestion): Promise<AvailabilityAnswer>;
  load(): Promise<StoreLoad>;
  audit(actor: Actor): Promise<Result<LedgerAudit, Refusal<'FORBIDDEN'>>>;
}
