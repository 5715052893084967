import type { StockLevel } from '../../domain/inventory/stock-level.ts';
import type { CourierId, HoldId, OpId, OrderId, Sku, StoreId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Actor, Command } from '../actor.ts';
import type { Refusal } from '../problem.ts';
import type { StoreAnswer, StoreCommand, StoreCommandName } from './store-commands.ts';

export interface StockLine {
  readonly sku: Sku;
  /** Whole units, 1 or more. */
  readonly quantity: number;
}

/** What the floor must know of a SKU to pick it: a copy from the published catalog. */
export interface ItemCard {
  readonly sku: Sku;
  readonly name: string;
  readonly bin: string;
  readonly barcodes: readonly string[];
}

/** Takes over a catalog version: the store answers its number to every availability question from then on. */
export interface PublishCatalog extends Command {
  readonly storeName: string;
  readonly catalogVersion: number;
  readonly cards: readonly ItemCard[];
}

export interface ReceiveStock extends Command {
  /** The goods-received note: one note is received once, for ever, whatever the opId. At most 2,000 lines. */
  readonly receiptId: string;
  readonly lines: readonly StockLine[];
}
export interface ReceiptView {
  readonly receiptId: string;
  readonly lines: number;
  readonly units: number;
  /** True when this note had been received before and nothing changed now. */
  readonly repeated: boolean;
}

export interface HoldStock extends Command {
  readonly holdId: HoldId;
  /** A cart hold lasts 5 min; an order hold 10 min, the time to pay. */
  readonly kind: 'cart' | 'order';
  readonly orderId?: OrderId;
  readonly lines: readonly StockLine[];
}
export interface PromoteHold extends Command {
  readonly holdId: HoldId;
  readonly orderId: OrderId;
}
/** Turns the hold into an allocation and puts the order on the pick queue. Allowed while the hold is still there, whatever the time. */
export interface CommitHold extends Command {
  readonly holdId: HoldId;
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly promisedAtMs: number;
}
export interface ReleaseHold extends Command {
  readonly holdId: HoldId;
  readonly reason: string;
}
export interface HoldView {
  readonly holdId: HoldId;
  readonly kind: 'cart' | 'order';
  readonly status: 'HELD' | 'COMMITTED' | 'RELEASED' | 'EXPIRED';
  readonly lines: readonly StockLine[];
  /** Absent once committed: an allocation does not expire. */
  readonly expiresAtMs?: number;
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
  readonly open: boolean;
  /** Ask again no sooner than this: the object paces all isolates together to about 100 calls/s. */
  readonly nextAfterMs: number;
  readonly load: StoreLoad;
}
export interface StoreLoad {
  readonly queuedTasks: number;
  readonly queuedUnits: number;
  readonly readyP50Ms: number;
  readonly readyP90Ms: number;
}

/** Sums over all SKUs, and the SKUs whose stock is not conserved (none, ever). */
export interface LedgerAudit {
  readonly skus: number;
  readonly movements: number;
  readonly totals: StockLevel;
  readonly discrepancies: readonly { readonly sku: string; readonly gapUnits: number }[];
  /** Rows of the outbox that the log has not taken yet. */
  readonly unpublishedEvents: number;
}

type StockRefusal = Refusal<'INSUFFICIENT_STOCK' | 'UNKNOWN_SKU' | 'STORE_CLOSED' | 'STORE_BUSY'>;
type CallRefusal = Refusal<'FORBIDDEN' | 'OP_ID_REUSED' | 'INVALID_INPUT'>;
type HoldGone = Refusal<'HOLD_NOT_FOUND' | 'HOLD_EXPIRED' | 'HOLD_RELEASED' | 'HOLD_ID_REUSED'>;
export type HoldRefusal = StockRefusal | HoldGone | CallRefusal;

export interface StoreRpc {
  publishCatalog(command: PublishCatalog): Promise<Result<{ readonly catalogVersion: number }, CallRefusal>>;
  receive(command: ReceiveStock): Promise<Result<ReceiptView, CallRefusal | Refusal<'UNKNOWN_SKU'>>>;
  hold(command: HoldStock): Promise<Result<HoldView, HoldRefusal>>;
  promote(command: PromoteHold): Promise<Result<HoldView, HoldRefusal>>;
  commit(command: CommitHold): Promise<Result<HoldView, HoldRefusal>>;
  release(command: ReleaseHold): Promise<Result<HoldView, HoldRefusal>>;
  /** What the store answered to this opId; `null` when it never saw it. For outcomes that a cut wire left unknown. */
  find(opId: OpId): Promise<Result<HoldView, HoldRefusal> | null>;
  announceCourier(command: AnnounceCourier): Promise<Result<null, CallRefusal | Refusal<'TASK_NOT_FOUND'>>>;
  cancelPick(command: CancelPick): Promise<Result<null, CallRefusal | Refusal<'TASK_NOT_FOUND' | 'TASK_STATE'>>>;
  /** Goods, counts, transfers: what staff and operators tell the store to do. */
  execute<N extends StoreCommandName>(command: StoreCommand<N>): Promise<StoreAnswer<N>>;
  availability(question: AvailabilityQuestion): Promise<AvailabilityAnswer>;
  load(): Promise<StoreLoad>;
  audit(actor: Actor): Promise<Result<LedgerAudit, Refusal<'FORBIDDEN'>>>;
}
