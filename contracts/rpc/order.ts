import type { Ranking } from '../../domain/assignment/store-strategy.ts';
import type { Allergen } from '../../domain/catalog/allergens.ts';
import type { OrderCart, PickedLine } from '../../domain/order/order.ts';
import type { PaymentMethod, Provider } from '../../domain/order/payment-method.ts';
import type { Shown } from '../../domain/order/delivery.ts';
import type { ReassignReason } from '../../domain/order/reassign.ts';
import type { Withdrawal } from '../../domain/order/substitution.ts';
import type { Reconciliation } from '../../domain/order/reconcile.ts';
import type { RefundWish } from '../../domain/order/refund.ts';
import type { OrderWishes } from '../../domain/picking/order-wishes.ts';
import type { ProposalTerms } from '../../domain/picking/proposal.ts';
import type { Term } from '../../domain/picking/substitution-score.ts';
import type { Weighed } from '../../domain/pricing/catch-weight.ts';
import type { SurgeReason } from '../../domain/pricing/charges.ts';
import type { QuotedTotals } from '../../domain/pricing/totals.ts';
import type { LatLng } from '../../domain/shared/geo.ts';
import type { CourierId, OrderId, Sku, StoreId, SubstitutionId, UserId, ZoneId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Actor, Command } from '../actor.ts';
import type { OrderView } from '../http/orders.ts';
import type { TrackingView } from '../http/tracking.ts';
import type { PaymentView } from '../http/payments.ts';
import type { Refusal } from '../problem.ts';
import type { InLine } from './store-capacity.ts';
import type {
  OrderAnswer,
  OrderCommand,
  OrderCommandName,
  OrderQuestion,
  OrderQuestionName,
  OrderReply,
  ProofCode,
} from './order-operations.ts';

export interface PricedLine {
  readonly sku: Sku;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  /** Its part of the basket's discount; absent: none. */
  readonly discountMinor?: number;
  /** Sold by weight. Absent: by the unit. */
  readonly weighed?: Weighed;
}

/** One store that could serve the order, priced by the server from its published catalog; best first. */
export interface StoreCandidate extends QuotedTotals {
  readonly storeId: StoreId;
  readonly storeName: string;
  readonly zoneId: ZoneId;
  readonly location: LatLng;
  readonly distanceM: number;
  readonly currency: string;
  readonly lines: readonly PricedLine[];
  /** Why there is a surge fee; absent: there is none. */
  readonly surge?: SurgeReason;
  /** The most that it may come to by weight; absent: the total. */
  readonly ceilingMinor?: number;
  /** From now to the door, as quoted. */
  readonly promiseMs: number;
}

export interface PaymentChoice {
  readonly method: PaymentMethod;
  /** The provider's token for a card, or what the sandbox knows. Absent where none is needed. */
  readonly token?: string;
  /** Who could move the money, first choice first, as config has it for the city. Absent: the method's own provider. */
  readonly providers?: readonly Provider[];
}

export interface PlaceOrder extends Command {
  readonly orderId: OrderId;
  readonly customerId: UserId;
  /** SHA-256 of the canonical request body, hex: the same key with another body is refused. */
  readonly bodyDigest: string;
  readonly drop: LatLng;
  readonly dropNote: string;
  readonly candidates: readonly StoreCandidate[];
  readonly payment: PaymentChoice;
  /** What the customer wants done about what is missing; nothing was said when absent. */
  readonly wishes?: OrderWishes;
  /** Which stores were considered, and why they came in this order. */
  readonly ranking?: Ranking;
  /** Waits in a line when every store that could take it is too busy. Absent: it does not. */
  readonly mayWait?: true;
  /** The cart that it is made of: its object opened this checkout for this order. Absent: made of lines. */
  readonly cart?: OrderCart;
}
/** `replayed` when this is the stored answer to an earlier call with the same key. */
export interface PlacedOrder {
  readonly order: OrderView;
  readonly replayed: boolean;
}
export type PlaceRefusal = Refusal<
  | 'INSUFFICIENT_STOCK'
  | 'UNKNOWN_SKU'
  | 'STORE_CLOSED'
  | 'STORE_BUSY'
  | 'PAYMENT_DECLINED'
  | 'HOLD_EXPIRED'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'FORBIDDEN'
  | 'UNAVAILABLE'
>;

export interface CancelOrder extends Command {
  readonly reason: string;
}

/** The store's floor moved the order on. */
export interface ReportPick extends Command {
  readonly storeId: StoreId;
  readonly step: 'accepted' | 'rejected' | 'claimed' | 'packed' | 'handed_over';
  readonly atMs: number;
  /** With `rejected`: the store's reason, one of `REJECT_REASONS`. */
  readonly reason?: string;
  /** With `packed`: what is in the bags. */
  readonly picked?: readonly PickedLine[];
  /** With `packed`: the seals of the bags; with `handed_over`: as scanned at the counter. Absent from a store that uses none. */
  readonly seals?: readonly string[];
}
/** Where the order stands in the store's line now; `null`: it is its turn. */
export interface MoveInLine extends Command, InLine {
  readonly storeId: StoreId;
}
/** The store has set units of a substitute aside and asks whether the customer takes it. */
export interface ProposeSubstitution extends Command, ProposalTerms {
  readonly name: string;
  /** What one unit costs by its tag; the customer pays this or the price of the missing article, whichever is lower. */
  readonly priceMinor: number;
  /** `null` when nobody has stated them. */
  readonly allergens: readonly Allergen[] | null;
  /** Why it was ranked where it was. */
  readonly terms: readonly Term[];
}
/** The store will not bring it after all, whatever was agreed. */
export interface WithdrawSubstitution extends Command {
  readonly proposalId: SubstitutionId;
  readonly reason: Exclude<Withdrawal, 'ORDER_CANCELLED'>;
}
export interface AnswerSubstitution extends Command {
  readonly proposalId: SubstitutionId;
  readonly answer: 'APPROVED' | 'DECLINED';
}
/** Whether the customer pays for weight above the ceiling. */
export interface AnswerOverweight extends Command {
  readonly answer: 'APPROVED' | 'DECLINED';
}
export interface ReportCourier extends Command {
  readonly courierId: CourierId;
  readonly step: 'accepted' | 'departed' | 'gave_back';
  readonly atMs: number;
  /** With `gave_back`. */
  readonly reason?: ReassignReason;
}
/** Proof of delivery: the code that only the customer sees, five tries; or a picture, with the courier at the door. */
export interface ProveDelivery extends Command {
  readonly courierId: CourierId;
  readonly shown: Shown;
  /** Cash on delivery: what the courier took, minor units. */
  readonly collectedMinor?: number;
}
export interface CourierPosition {
  readonly courierId: CourierId;
  readonly lat: number;
  readonly lng: number;
  readonly atMs: number;
}
/** A provider's notice, already verified; the order asks the provider for the current truth before it acts. */
export interface NotePayment extends Command {
  readonly provider: Provider;
  readonly providerEventId: string;
}

export type FollowRefusal = Refusal<'NOT_FOUND' | 'UNAVAILABLE'>;

/** What is done to the money of an order that is placed. */
export type MoneyCommand =
  /** The customer wants to pay now: the provider is asked at once. */
  | (Command & { readonly do: 'Pay' })
  /** An operator gives money back. */
  | (Command & { readonly do: 'Refund' } & RefundWish)
  /** The courier handed in the cash of this order, and whoever counted it says so. */
  | (Command & {
      readonly do: 'HandInCash';
      readonly courierId: CourierId;
      readonly amountMinor: number;
      readonly currency: string;
    });
export type MoneyCommandOf<D extends MoneyCommand['do']> = Extract<MoneyCommand, { readonly do: D }>;

type CallRefusal = Refusal<'NOT_FOUND' | 'FORBIDDEN' | 'OP_ID_REUSED' | 'ILLEGAL_TRANSITION'>;

/** Frames as on the socket; ask for what comes after `seq`, in `retryAfterMs`. */
export interface Updates {
  readonly frames: readonly unknown[];
  readonly seq: number;
  readonly retryAfterMs: number;
}

export interface OrderRpc {
  place(command: PlaceOrder): Promise<Result<PlacedOrder, PlaceRefusal>>;
  view(actor: Actor): Promise<Result<OrderView, Refusal<'NOT_FOUND'>>>;
  tracking(actor: Actor): Promise<Result<TrackingView, Refusal<'NOT_FOUND'>>>;
  /** The frames of the socket after `after`, as soon as there is one; none after `waitMs`. */
  awaitUpdates(actor: Actor, after: number | null, waitMs: number): Promise<Result<Updates, FollowRefusal>>;
  cancel(command: CancelOrder): Promise<Result<OrderView, CallRefusal | Refusal<'ORDER_NOT_CANCELLABLE'>>>;
  /** What operators tell it. */
  execute<N extends OrderCommandName>(command: OrderCommand<N>): Promise<OrderAnswer<N>>;
  /** What operators and customers ask it beside how it stands. */
  ask<N extends OrderQuestionName>(question: OrderQuestion<N>): Promise<OrderReply<N>>;
  reportPick(command: ReportPick): Promise<Result<null, CallRefusal>>;
  moveInLine(command: MoveInLine): Promise<Result<null, CallRefusal>>;
  proposeSubstitution(command: ProposeSubstitution): Promise<Result<null, CallRefusal | Refusal<'INVALID_INPUT'>>>;
  withdrawSubstitution(command: WithdrawSubstitution): Promise<Result<null, CallRefusal>>;
  /** The customer's own word, and nobody else's. */
  answerSubstitution(
    command: AnswerSubstitution,
  ): Promise<Result<OrderView, CallRefusal | Refusal<'SUBSTITUTION_OVER'>>>;
  answerOverweight(command: AnswerOverweight): Promise<Result<OrderView, CallRefusal | Refusal<'QUESTION_OVER'>>>;
  reportCourier(command: ReportCourier): Promise<Result<null, CallRefusal | Refusal<'NOT_REASSIGNABLE'>>>;
  proveDelivery(command: ProveDelivery): Promise<Result<null, CallRefusal | Refusal<ProofCode>>>;
  /** Not a command: the last position wins, none is kept as a row. */
  courierMoved(position: CourierPosition): Promise<void>;
  notePayment(command: NotePayment): Promise<Result<null, CallRefusal>>;
  payment(actor: Actor): Promise<Result<PaymentView, Refusal<'NOT_FOUND'>>>;
  /** For operators: the order holds its books against its provider's, and takes back what nobody wants. */
  reconcile(command: Command): Promise<Result<Reconciliation, CallRefusal | Refusal<'UNAVAILABLE'>>>;
  moveMoney(
    command: MoneyCommand,
  ): Promise<
    Result<
      PaymentView,
      | CallRefusal
      | Refusal<
          | 'PAYMENT_DECLINED'
          | 'NOTHING_TO_REFUND'
          | 'REFUND_TOO_HIGH'
          | 'CASH_SETTLED'
          | 'CURRENCY_MISMATCH'
          | 'INVALID_INPUT'
        >
    >
  >;
}
