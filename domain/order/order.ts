import type { Standing } from '../capacity/waiting-line.ts';
import type { Ranking } from '../assignment/store-strategy.ts';
import type { LatLng } from '../shared/geo.ts';
import type { CourierId, HoldId, OpId, OrderId, Sku, StoreId, SubstitutionId, UserId, ZoneId } from '../shared/ids.ts';
import type { OrderWishes } from '../picking/order-wishes.ts';
import type { ProposalTerms, Settlement } from '../picking/proposal.ts';
import type { Term } from '../picking/substitution-score.ts';
import type { PaymentAction, PaymentMethod, Provider } from './payment-method.ts';
import type { Weighed } from '../pricing/catch-weight.ts';
import type { SurgeReason } from '../pricing/charges.ts';
import type { QuotedTotals } from '../pricing/totals.ts';
import type { Charge } from './charge.ts';
import type { Refund, RefundCause, RefundedLine, RefundTo } from './refund.ts';
import type { Custody, CustodyLink, PhotoRef, ProofKind } from './custody.ts';
import type { MoneyStand } from './money-stand.ts';
import type { Overweight, OverweightQuestion } from './overweight.ts';
import type { ReassignReason } from './reassign.ts';
import type { SubstitutedLine, Substitution, Withdrawal } from './substitution.ts';
import type { OrderStatus } from './transitions.ts';

export interface OrderLine {
  readonly sku: Sku;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  /** Its part of the basket's discount; absent: none. */
  readonly discountMinor?: number;
  /** Its price is for a nominal weight, and it is weighed when it is picked. Absent: sold by the unit. */
  readonly weighed?: Weighed;
}
/** A store that could serve the order, as quoted to the customer; best first. */
export interface Candidate extends QuotedTotals {
  readonly storeId: StoreId;
  readonly storeName: string;
  readonly zoneId: ZoneId;
  readonly location: LatLng;
  readonly distanceM: number;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  /** Why there is a surge fee; absent: there is none. */
  readonly surge?: SurgeReason;
  /** The most that it may come to by weight: so much is reserved. Absent: the total. */
  readonly ceilingMinor?: number;
  /** From placing to the door. */
  readonly promiseMs: number;
  /** What the hold at this store will be called. */
  readonly holdId: HoldId;
}

/** The cart that an order is made of, and what its store keeps for it. */
export interface OrderCart {
  readonly version: number;
  readonly hold: { readonly storeId: StoreId; readonly holdId: HoldId } | null;
}

/** What the customer ordered, and what was drawn for it. Never changes. */
export interface OrderTerms {
  readonly orderId: OrderId;
  readonly number: string;
  readonly customerId: UserId;
  /** SHA-256 of the request that placed it. */
  readonly bodyDigest: string;
  readonly drop: LatLng;
  readonly dropNote: string;
  /** At least one. */
  readonly candidates: readonly [Candidate, ...Candidate[]];
  readonly method: PaymentMethod;
  /** Who moves the money, first choice first, as config had it at placing. Absent: the method's own. */
  readonly providers?: readonly Provider[];
  /** The provider's token for the means of payment; never a card number. Empty where none is needed. */
  readonly token: string;
  /** Four digits the customer tells at the door. */
  readonly deliveryCode: string;
  /** Six digits the courier shows at the store. */
  readonly handoverCode: string;
  /** Absent: nothing was said. */
  readonly wishes?: OrderWishes;
  /** Absent: made of lines, not of a cart. */
  readonly cart?: OrderCart;
  /** What a second hold is called, when the first one expired while the customer paid. Absent: there is none. */
  readonly secondHoldId?: HoldId;
  /** How long it waits in a line when every store is too busy. Absent: it does not. */
  readonly waitMaxMs?: number;
  /** Whether watchers are told of the money. Absent in orders from before they were: the numbers of their news stay as they are. */
  readonly tellsMoney?: true;
  /** Which stores were considered, and why they came in this order. */
  readonly ranking?: Ranking;
}

/** The order's own calls that it must wait for; everything else is a message that is delivered some time. */
export const CALL_STEPS = ['hold', 'join', 'pay', 'inquire', 'commit', 'capture', 'void', 'refund'] as const;
export type CallStep = (typeof CALL_STEPS)[number];

export interface Shortage {
  readonly sku: Sku;
  readonly requested: number;
  readonly available: number;
}
/** Why a store did not get the order; UNAVAILABLE when it could not be asked, STORE_REJECTED when it sent the order back. */
export type PassOverCode =
  | 'INSUFFICIENT_STOCK'
  | 'UNKNOWN_SKU'
  | 'STORE_CLOSED'
  | 'STORE_BUSY'
  | 'STORE_REJECTED'
  | 'UNAVAILABLE';
export type CancelCode =
  | PassOverCode
  | 'BY_CUSTOMER'
  | 'BY_OPERATOR'
  | 'DELIVERY_FAILED'
  | 'HOLD_EXPIRED'
  | 'PAYMENT_DECLINED'
  | 'PAYMENT_TIMEOUT'
  | 'NOTHING_PICKED';

/** The events that reach a status. */
export type StatusEvent =
  | ({ readonly type: 'order.placed' } & OrderTerms)
  | { readonly type: 'order.confirmed' }
  | { readonly type: 'order.assigned_to_store' }
  /** The store sent it back before picking: the next candidate is asked. `reason` is the store's. */
  | { readonly type: 'order.rerouted'; readonly reason: string }
  | { readonly type: 'order.picking_started' }
  | {
      readonly type: 'order.ready';
      readonly picked: readonly PickedLine[];
      /** Absent: nothing came instead of anything. */
      readonly substituted?: readonly SubstitutedLine[];
      readonly finalMinor: number;
      /** What `finalMinor` is made of. Absent in old logs. */
      readonly charge?: Charge;
      /** What the customer is asked about the weight. Absent: nothing. */
      readonly overweight?: OverweightQuestion;
      /** Of the bags. Absent: they were not sealed. */
      readonly seals?: readonly string[];
    }
  | { readonly type: 'order.courier_assigned' }
  /** The courier was taken off before pick-up: the bags wait for another one. */
  | { readonly type: 'order.unassigned'; readonly reason: ReassignReason }
  /** `seals`: as the store scanned them at the counter. */
  | { readonly type: 'order.picked_up'; readonly seals?: readonly string[] }
  | { readonly type: 'order.departed' }
  /** `collectedMinor`: cash the courier took. */
  | {
      readonly type: 'order.delivered';
      readonly collectedMinor: number;
      /** Absent in old logs: the customer's code. */
      readonly proof?: { readonly by: ProofKind; readonly photo?: PhotoRef; readonly reason?: string };
      /** Links of the chain of custody that were missing and let go. */
      readonly waived?: readonly CustodyLink[];
    }
  | { readonly type: 'order.closed' }
  | { readonly type: 'order.cancelled'; readonly code: CancelCode; readonly reason: string }
  | { readonly type: 'order.refunded' };

export interface PickedLine {
  readonly sku: Sku;
  readonly quantity: number;
  /** What all of these units weigh, of a line that is sold by weight. Absent: nobody weighed them, and they are what they should be. */
  readonly grams?: number;
}

/** The events between the statuses. */
export type ProgressEvent =
  /** Written before the call is made, so that a crash knows what to ask about. */
  | { readonly type: 'call.started'; readonly step: CallStep; readonly opId: OpId }
  /** The outcome is unknown; from `retryAtMs` on it is asked for. */
  | { readonly type: 'call.failed'; readonly error: string; readonly retryAtMs: number }
  /** The other side has never seen the call, and by now nobody wants it. */
  | { readonly type: 'call.dropped' }
  | { readonly type: 'store.passed_over'; readonly code: PassOverCode; readonly shortages: readonly Shortage[] }
  /** It waits in the line of this store, at the store's own prices from here on. */
  | ({ readonly type: 'line.joined'; readonly storeId: StoreId } & Standing)
  | ({ readonly type: 'line.moved'; readonly storeId: StoreId } & Standing)
  /** The store is asked again for the hold. */
  | { readonly type: 'line.turn_came'; readonly storeId: StoreId }
  /** UNAVAILABLE when it could not be asked: then it is told that nobody waits there. */
  | {
      readonly type: 'line.refused';
      readonly storeId: StoreId;
      readonly code: 'STORE_BUSY' | 'STORE_CLOSED' | 'UNAVAILABLE';
      readonly retryAfterMs?: number;
    }
  /** Not wanted any more: the store is told. */
  | { readonly type: 'line.left'; readonly storeId: StoreId }
  /** `holdId` when it is not the one that was drawn: the cart's own hold, taken over. */
  | { readonly type: 'stock.held'; readonly expiresAtMs: number; readonly holdId?: HoldId }
  | { readonly type: 'stock.allocated' }
  /** The hold was gone when the order came to commit it. */
  | { readonly type: 'stock.lost' }
  /** Paid for and not held any more: the same store is asked once again, and then the others, under the agreed prices. */
  | { readonly type: 'stock.sought_again' }
  /** What was held or allocated is given back; the store is told until it answers. */
  | { readonly type: 'stock.let_go'; readonly how: readonly ('release' | 'cancelPick')[] }
  | { readonly type: 'store.accepted' }
  | {
      readonly type: 'payment.authorized';
      readonly providerRef: string;
      readonly amountMinor: number;
      readonly onDelivery: boolean;
    }
  | {
      readonly type: 'payment.pending';
      readonly providerRef: string;
      readonly askAtMs: number;
      /** Absent: nothing but to wait. */
      readonly action?: PaymentAction;
    }
  /** The provider sent word: ask it at once. */
  | { readonly type: 'payment.noted' }
  | { readonly type: 'payment.declined'; readonly reason: string }
  /** Given up without knowing whether money is reserved: it is voided either way. */
  | { readonly type: 'payment.in_doubt' }
  | { readonly type: 'payment.captured'; readonly providerRef: string; readonly amountMinor: number }
  | { readonly type: 'payment.voided' }
  /** `refundId` is absent in old logs: then everything went back with the order. */
  | { readonly type: 'payment.refunded'; readonly amountMinor: number; readonly refundId?: string }
  | {
      readonly type: 'refund.requested';
      readonly refundId: string;
      readonly amountMinor: number;
      readonly cause: RefundCause;
      readonly to: RefundTo;
      readonly reason: string;
      /** Absent: no lines were named. */
      readonly lines?: readonly RefundedLine[];
    }
  /** The courier handed in the cash of this order, and it was counted. */
  | { readonly type: 'cash.handed_in'; readonly amountMinor: number }
  | { readonly type: 'courier.accepted'; readonly courierId: CourierId }
  /** Accepted an order that needs no courier any more, or has one. */
  | { readonly type: 'courier.turned_away'; readonly courierId: CourierId }
  | { readonly type: 'courier.released' }
  /** Taken off, or gave it back; `handoverCode` is what the next one shows at the store. */
  | {
      readonly type: 'courier.unassigned';
      readonly courierId: CourierId;
      readonly reason: ReassignReason;
      readonly handoverCode: string;
    }
  /** Within the fence around the door, as the courier's own position says. */
  | { readonly type: 'delivery.arrived'; readonly courierId: CourierId; readonly distanceM: number }
  | { readonly type: 'delivery_code.refused' }
  /** The call on record fails again and again: somebody has to look. */
  | { readonly type: 'saga.stuck'; readonly step: CallStep; readonly failures: number; readonly error: string }
  /** An operator has the call made again at once. */
  | { readonly type: 'saga.continued' }
  /** An operator has moved the money by hand where the provider would not. `reference`: where that can be looked up. */
  | { readonly type: 'saga.settled_by_hand'; readonly step: CallStep; readonly reference: string }
  /** A status that the promise needs by now was not reached; `atRisk` is the first one. Once an order. */
  | { readonly type: 'sla.at_risk'; readonly waitingFor: OrderStatus }
  /** Promised and not delivered. */
  | { readonly type: 'sla.breached'; readonly promisedAtMs: number }
  /** The store asks whether the customer takes another article; `unitPriceMinor` is what the customer would pay. */
  | ({
      readonly type: 'substitution.proposed';
      readonly name: string;
      readonly tagMinor: number;
      readonly unitPriceMinor: number;
      readonly onSilence: Settlement;
      readonly terms: readonly Term[];
    } & ProposalTerms)
  /** PREFERENCE: what was said with the order decides. RULE: one that nothing overrides. */
  | {
      readonly type: 'substitution.approved' | 'substitution.declined';
      readonly proposalId: SubstitutionId;
      readonly why: 'CUSTOMER' | 'PREFERENCE' | 'RULE';
    }
  /** Nobody answered in time; what that means was fixed with the proposal. */
  | { readonly type: 'substitution.expired'; readonly proposalId: SubstitutionId }
  | { readonly type: 'substitution.withdrawn'; readonly proposalId: SubstitutionId; readonly reason: Withdrawal }
  /** Whether the customer pays for weight above the ceiling; a no, or none in time, changes nothing that is owed. */
  | { readonly type: 'overweight.approved' | 'overweight.declined' | 'overweight.expired' };

export type OrderEvent = StatusEvent | ProgressEvent;

/** Who did it: kind and id, nothing personal. */
export interface By {
  readonly kind: string;
  readonly id: string;
}
/** One row of the event log, the truth about an order. */
export interface LogEntry {
  /** Contiguous from 1. */
  readonly seq: number;
  readonly atMs: number;
  readonly by: By;
  readonly event: OrderEvent;
}

export interface StatusStep {
  readonly status: OrderStatus;
  readonly atMs: number;
  readonly by: By;
  readonly reason?: string;
}
/** What a watcher is told: a status that was reached, or a substitute or the money as they were from a moment on. */
export type News =
  | { readonly kind: 'status'; readonly step: StatusStep }
  | { readonly kind: 'substitution'; readonly atMs: number; readonly substitution: Substitution }
  | { readonly kind: 'money'; readonly atMs: number; readonly money: MoneyStand }
  /** `null`: it waits no more. */
  | { readonly kind: 'queue'; readonly atMs: number; readonly standing: Standing | null };

/** A call on record whose answer is not. */
export interface OpenCall {
  readonly step: CallStep;
  readonly opId: OpId;
  /** How often its outcome stayed unknown. */
  readonly failures: number;
  /** When to ask again; `null` while the first answer may still come. */
  readonly retryAtMs: number | null;
}
/** The order in the line of a store. CALLED: its turn came, and it asks for the hold; LEFT: it has it, or wants it no more. */
export interface InLine {
  readonly at: 'WAITING' | 'CALLED' | 'LEFT';
  readonly storeId: StoreId;
  readonly standing: Standing;
  /** How often its turn came. */
  readonly turns: number;
}
/** A call that needs an operator. */
export interface Stuck {
  readonly step: CallStep;
  readonly sinceMs: number;
  readonly failures: number;
  readonly error: string;
}
/** `holdId`: the cart's hold that the order took over; absent while it is the drawn one. */
export type Stock =
  | { readonly at: 'NONE' }
  | { readonly at: 'HELD'; readonly expiresAtMs: number; readonly holdId?: HoldId }
  | { readonly at: 'ALLOCATED' | 'LOST' | 'LET_GO'; readonly holdId?: HoldId };
export type Payment =
  | { readonly at: 'NONE' | 'IN_DOUBT' | 'VOIDED' }
  | {
      readonly at: 'PENDING';
      readonly providerRef: string;
      readonly askAtMs: number;
      readonly asks: number;
      /** What the customer must do; absent when there is nothing but to wait. */
      readonly action?: PaymentAction;
    }
  | {
      readonly at: 'AUTHORIZED';
      readonly providerRef: string;
      readonly amountMinor: number;
      readonly onDelivery: boolean;
    }
  | { readonly at: 'CAPTURED' | 'REFUNDED'; readonly providerRef: string; readonly amountMinor: number }
  | { readonly at: 'FAILED'; readonly reason: string };
export type CourierState =
  | { readonly at: 'NONE' | 'REQUESTED' | 'RELEASED' }
  | { readonly at: 'ACCEPTED'; readonly courierId: CourierId; readonly atMs: number };

export interface OrderState {
  readonly terms: OrderTerms;
  readonly status: OrderStatus;
  /** Every status reached, in order. */
  readonly steps: readonly [StatusStep, ...StatusStep[]];
  /** The steps, and what became of substitutes and of the money, in order: its place counted from 1 is the number a watcher resumes by. */
  readonly news: readonly News[];
  readonly call: OpenCall | null;
  /** Candidates that did not get the order, in their order; the next one is tried or holds the basket. */
  readonly passedOver: readonly { readonly code: PassOverCode; readonly shortages: readonly Shortage[] }[];
  readonly stock: Stock;
  /** Where among the candidates the store is that is asked a second time; `null` when none is. */
  readonly soughtAgainAt: number | null;
  /** `null`: it never waited. */
  readonly line: InLine | null;
  /** Stores whose line would not have it. */
  readonly lineRefusals: readonly { readonly code: PassOverCode; readonly retryAfterMs: number | null }[];
  /** The call on record that needs an operator; `null` when all goes its way. */
  readonly stuck: Stuck | null;
  readonly sla: { readonly atRiskAtMs: number | null; readonly breachedAtMs: number | null };
  /** The quote that the customer agreed to; `null` while the serving store's own quote is that one. */
  readonly agreed: Candidate | null;
  readonly storeAccepted: boolean;
  readonly payment: Payment;
  /** In the order in which they were asked for, which is the order in which they are done. */
  readonly refunds: readonly Refund[];
  /** Known from PACKED on: what is in the bags and what it costs. */
  readonly packed: {
    readonly picked: readonly PickedLine[];
    readonly substituted: readonly SubstitutedLine[];
    readonly finalMinor: number;
    readonly charge: Charge;
    /** Absent: nothing was asked. */
    readonly overweight?: Overweight;
  } | null;
  /** In the order in which the store proposed them. */
  readonly substitutions: readonly Substitution[];
  readonly courier: CourierState;
  /** What the courier shows at the store: drawn anew when one is taken off. */
  readonly handoverCode: string;
  readonly custody: Custody;
  readonly codeRefusals: number;
  readonly collectedMinor: number;
  /** Of the cash that was collected; the rest is in the courier's hand. */
  readonly handedInMinor: number;
  readonly cancellation: { readonly code: CancelCode; readonly reason: string } | null;
}

/** The candidate whose turn it is, with the hold it is asked for, at the prices that count; `null` when all were passed over. */
export function candidateInTurn(state: OrderState): Candidate | null {
  const { terms, passedOver, soughtAgainAt, agreed } = state;
  const store = terms.candidates[passedOver.length];
  if (store === undefined) return null;
  const drawn = soughtAgainAt === passedOver.length ? terms.secondHoldId : undefined;
  const holdId = takenOver(state) ?? drawn ?? store.holdId;
  const asked = { ...store, holdId };
  return agreed === null ? asked : atAgreedTerms(asked, agreed);
}

/** The cart's hold that became the order's; `undefined` while it has a hold of its own, or none. */
export function takenOver({ stock }: OrderState): HoldId | undefined {
  return stock.at === 'NONE' ? undefined : stock.holdId;
}

/** The cart's hold that the store in turn may make the order's; `null` when it has none, or it ran out. */
export function cartHoldInTurn(state: OrderState): HoldId | null {
  const { terms, passedOver, soughtAgainAt } = state;
  const hold = terms.cart?.hold ?? null;
  const isItsStore = hold?.storeId === terms.candidates[passedOver.length]?.storeId;
  return hold !== null && isItsStore && soughtAgainAt !== passedOver.length ? hold.holdId : null;
}

/** The store that has (or had) the basket, at the prices that count; `null` while none holds it. */
export function servingStore(state: OrderState): Candidate | null {
  return state.stock.at === 'NONE' ? null : candidateInTurn(state);
}

/** The quote that counts: what was agreed to, before that the serving store's, before that the best candidate's. */
export function quoteOf(state: OrderState): Candidate {
  return servingStore(state) ?? state.agreed ?? state.terms.candidates[0];
}

/** Another store takes over: the prices, the fee and the promise stay what the customer agreed to. */
function atAgreedTerms(store: Candidate, agreed: Candidate): Candidate {
  const { storeId, storeName, zoneId, location, distanceM, holdId } = store;
  return { ...agreed, storeId, storeName, zoneId, location, distanceM, holdId };
}

export function placedAtMs(state: OrderState): number {
  return state.steps[0].atMs;
}

export function promisedAtMs(state: OrderState): number {
  return promisedFromMs(state) + quoteOf(state).promiseMs;
}

/** From when the promise counts: from placing, or from the order's turn in the line, as far as that is known. */
export function promisedFromMs(state: OrderState): number {
  return state.line?.standing.turnAtMs ?? placedAtMs(state);
}

export function hasReached(state: OrderState, status: OrderStatus): boolean {
  return state.steps.some((step) => step.status === status);
}
