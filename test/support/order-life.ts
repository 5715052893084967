import type { Standing } from '../../domain/capacity/waiting-line.ts';
import { cancel, courierAccepted, courierDeparted, notePayment, reportPick } from '../../domain/order/decide.ts';
import type { Decision, PickReport } from '../../domain/order/decide.ts';
import { arrivedAt, overrideDelivery, proveDelivery } from '../../domain/order/delivery.ts';
import type { DeliveryProof } from '../../domain/order/delivery.ts';
import { giveBack, reassign } from '../../domain/order/reassign.ts';
import type { ReassignReason } from '../../domain/order/reassign.ts';
import type { Candidate, LogEntry, OrderEvent, OrderState, OrderTerms } from '../../domain/order/order.ts';
import { answerSubstitution, proposeToCustomer, withdrawSubstitution } from '../../domain/order/substitution.ts';
import type { OfferedSubstitute, Withdrawal } from '../../domain/order/substitution.ts';
import { handInCash } from '../../domain/order/cash.ts';
import { answerOverweight } from '../../domain/order/overweight.ts';
import { repair } from '../../domain/order/reconcile.ts';
import type { ProviderBooks } from '../../domain/order/reconcile.ts';
import { refund } from '../../domain/order/refund.ts';
import type { RefundWish } from '../../domain/order/refund.ts';
import { conclude } from '../../domain/order/outcome.ts';
import type { CallOutcome } from '../../domain/order/outcome.ts';
import { record } from '../../domain/order/record.ts';
import { moveInLine } from '../../domain/order/waiting.ts';
import { continueSaga, settleByHand } from '../../domain/order/stuck.ts';
import { asCourierId, asHoldId, asOrderId, asSku, asStoreId, asUserId, asZoneId } from '../../domain/shared/ids.ts';
import type { CourierId, StoreId, SubstitutionId } from '../../domain/shared/ids.ts';
import type { LatLng } from '../../domain/shared/geo.ts';
import { ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';

export const COURIER = asCourierId('cou_00000000000000000000000001');
export const OTHER_COURIER = asCourierId('cou_00000000000000000000000002');
export const SECOND_HOLD = asHoldId('hld_00000000000000000000000009');
export const NEXT_HANDOVER_CODE = '111111';
const CUSTOMER = asUserId('usr_00000000000000000000000001');

/** Two lines of 3 x 1000 and 1 x 2500 minor units and a fee of 500: 6000 in all. */
export function candidate(n: number): Candidate {
  return {
    storeId: asStoreId(`sto_0000000000000000000000000${n}`),
    storeName: `Store ${n}`,
    zoneId: asZoneId('zon_00000000000000000000000001'),
    location: { lat: 12.97, lng: 77.59 },
    distanceM: 900 * n,
    currency: 'INR',
    lines: [
      { sku: asSku('MILK-1L'), name: 'Milk', quantity: 3, unitPriceMinor: 1000 },
      { sku: asSku('EGGS-6'), name: 'Eggs', quantity: 1, unitPriceMinor: 2500 },
    ],
    itemsMinor: 5500,
    deliveryFeeMinor: 500,
    totalMinor: 6000,
    promiseMs: 12 * 60_000,
    holdId: asHoldId(`hld_0000000000000000000000000${n}`),
  };
}

export function terms(over: Partial<OrderTerms> = {}): OrderTerms {
  return {
    orderId: asOrderId('ord_00000000000000000000000001'),
    number: '00000-00000-00000',
    customerId: CUSTOMER,
    bodyDigest: 'a'.repeat(64),
    drop: { lat: 12.98, lng: 77.6 },
    dropNote: '',
    candidates: [candidate(1), candidate(2)],
    method: 'sandbox',
    token: 'tok_approve',
    deliveryCode: '4321',
    handoverCode: '654321',
    ...over,
  };
}

export const APPROVED = {
  kind: 'approved',
  providerRef: 'psp_1',
  amountMinor: 6000,
  onDelivery: false,
} as const satisfies CallOutcome;
export const APPROVED_COD = {
  kind: 'approved',
  providerRef: 'cod',
  amountMinor: 6000,
  onDelivery: true,
} as const satisfies CallOutcome;

/** What somebody tells an order. */
export type Told =
  | { readonly do: 'cancel'; readonly as: 'customer' | 'operator'; readonly reason: string }
  | ({ readonly do: 'report_pick' } & PickReport)
  | { readonly do: 'report_courier'; readonly step: 'accepted' | 'departed'; readonly courierId: CourierId }
  | ({ readonly do: 'prove_delivery' } & DeliveryProof)
  | { readonly do: 'note_payment' }
  | { readonly do: 'move_in_line'; readonly storeId: StoreId; readonly standing: Standing | null }
  | { readonly do: 'reassign'; readonly reason: ReassignReason }
  | { readonly do: 'give_back'; readonly courierId: CourierId; readonly reason: ReassignReason }
  | { readonly do: 'override_delivery'; readonly reason: string; readonly collectedMinor: number }
  | { readonly do: 'courier_at'; readonly courierId: CourierId; readonly at: LatLng }
  | { readonly do: 'continue' }
  | { readonly do: 'settle_by_hand'; readonly reference: string }
  | ({ readonly do: 'refund' } & RefundWish)
  | { readonly do: 'repair'; readonly books: ProviderBooks | null }
  | { readonly do: 'hand_in_cash'; readonly amountMinor: number; readonly currency: string }
  | ({ readonly do: 'propose' } & OfferedSubstitute)
  | { readonly do: 'answer'; readonly proposalId: SubstitutionId; readonly answer: 'APPROVED' | 'DECLINED' }
  | { readonly do: 'answer_overweight'; readonly answer: 'APPROVED' | 'DECLINED' }
  | { readonly do: 'withdraw'; readonly proposalId: SubstitutionId; readonly reason: Withdrawal };

export function decide(state: OrderState, told: Told, nowMs: number): Decision<{ readonly code: string }> {
  switch (told.do) {
    case 'cancel':
      return cancel(state, told);
    case 'report_pick':
      return reportPick(state, told, nowMs);
    case 'report_courier':
      return (told.step === 'accepted' ? courierAccepted : courierDeparted)(state, told.courierId);
    case 'prove_delivery':
      return proveDelivery(state, told);
    case 'reassign':
      return reassign(state, { ...told, handoverCode: NEXT_HANDOVER_CODE });
    case 'give_back':
      return giveBack(state, told.courierId, { ...told, handoverCode: NEXT_HANDOVER_CODE });
    case 'override_delivery':
      return overrideDelivery(state, told);
    case 'courier_at':
      return { events: arrivedAt(state, told.courierId, told.at), answer: ok(null) };
    case 'note_payment':
      return notePayment(state);
    case 'move_in_line':
      return moveInLine(state, told);
    case 'continue':
      return continueSaga(state);
    case 'settle_by_hand':
      return settleByHand(state, told.reference, nowMs);
    case 'refund':
      return refund(state, told);
    case 'repair':
      return repair(state, told.books);
    case 'hand_in_cash':
      return handInCash(state, told);
    case 'propose':
      return proposeToCustomer(state, told);
    case 'answer':
      return answerSubstitution(state, told, nowMs);
    case 'answer_overweight':
      return answerOverweight(state, told.answer, nowMs);
    case 'withdraw':
      return withdrawSubstitution(state, told);
  }
}

/** One order driven in plain memory, the way its object drives it: commands and outcomes in, a log out. */
export class OrderLife {
  readonly log: LogEntry[] = [];
  state: OrderState | null = null;
  nowMs = 1_700_000_000_000;

  constructor(over: Partial<OrderTerms> = {}) {
    this.#append([{ type: 'order.placed', ...terms(over) }]);
  }

  get order(): OrderState {
    if (this.state === null) throw new Error('no order yet');
    return this.state;
  }

  tell(told: Told): Result<null, { readonly code: string }> {
    const { events, answer } = decide(this.order, told, this.nowMs);
    this.#append(events);
    return answer;
  }

  /** Answers the open call. */
  answer(outcome: CallOutcome): this {
    const { call } = this.order;
    if (call === null) throw new Error(`no call is open at ${this.order.status}`);
    this.#append(conclude(this.order, call.opId, outcome, { nowMs: this.nowMs, jitter: 0 }));
    return this;
  }

  /** Lets the clock run and looks again, as the alarm does. */
  wait(ms: number): this {
    this.nowMs += ms;
    this.#append([]);
    return this;
  }

  /** Hold, pay and commit answered well: the order is with its store. */
  assign(paid: CallOutcome = APPROVED): this {
    return this.answer({ kind: 'held', expiresAtMs: this.nowMs + 600_000 })
      .answer(paid)
      .answer({ kind: 'committed' });
  }

  get path(): string {
    return this.order.steps.map(({ status }) => status).join(' ');
  }

  #append(events: readonly OrderEvent[]): void {
    const recorded = record(this.state, this.log.length, events, {
      atMs: this.nowMs,
      by: { kind: 'test', id: 'test' },
    });
    if (recorded === null) return;
    this.log.push(...recorded.entries);
    this.state = recorded.state;
  }
}
