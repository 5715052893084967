import { ANSWER_MS } from '../picking/proposal.ts';
import { err, ok } from '../shared/result.ts';
import { chargeWhole } from './charge.ts';
import type { Bags, Charge } from './charge.ts';
import type { Decision } from './decide.ts';
import type { Candidate, OrderEvent, OrderState } from './order.ts';

/**
 * Something weighs more than its ceiling, and what was reserved would pay for all of it, because other lines came to less. The customer may
 * say yes to that; a no, or none in time, leaves the rest to the shop.
 */
export interface OverweightQuestion {
  /** What is owed after a yes. */
  readonly charge: Charge;
  readonly answerByMs: number;
}
export interface Overweight extends OverweightQuestion {
  readonly status: 'ASKED' | 'APPROVED' | 'DECLINED' | 'TIMED_OUT';
}

export type OverweightError =
  | { readonly code: 'NOTHING_ASKED' }
  | { readonly code: 'QUESTION_OVER'; readonly status: Overweight['status']; readonly answerByMs: number };

/** The question that goes with packed bags. Absent: nothing to ask. Cash is not asked about: the courier is told what to collect. */
export function overweightQuestion(
  { payment }: OrderState,
  quote: Candidate,
  bags: Bags,
  nowMs: number,
): { readonly overweight?: OverweightQuestion } {
  const isReserved = (payment.at === 'AUTHORIZED' && !payment.onDelivery) || payment.at === 'CAPTURED';
  const charge = isReserved ? chargeWhole(quote, bags) : null;
  return charge === null ? {} : { overweight: { charge, answerByMs: nowMs + ANSWER_MS } };
}

/** The open question; until it is answered no money moves. `null` also when the order was called off. */
export function askedOverweight({ packed, status }: OrderState): Overweight | null {
  const overweight = packed?.overweight;
  const isCalledOff = status === 'CANCELLED' || status === 'REFUNDED';
  return overweight?.status === 'ASKED' && !isCalledOff ? overweight : null;
}

/** The customer's own answer: it counts until `answerByMs`, whether or not the alarm has gone off; the same one twice is one. */
export function answerOverweight(
  state: OrderState,
  answer: 'APPROVED' | 'DECLINED',
  nowMs: number,
): Decision<OverweightError> {
  const known = state.packed?.overweight;
  if (known === undefined) return { events: [], answer: err({ code: 'NOTHING_ASKED' }) };
  if (known.status === answer) return { events: [], answer: ok(null) };
  const { status, answerByMs } = known;
  if (askedOverweight(state) === null || nowMs >= answerByMs) {
    return { events: [], answer: err({ code: 'QUESTION_OVER', status, answerByMs }) };
  }
  const type = answer === 'APPROVED' ? 'overweight.approved' : 'overweight.declined';
  return { events: [{ type }], answer: ok(null) };
}

/** What the order's own clock ends. */
export function expireOverweight(state: OrderState, nowMs: number): readonly OrderEvent[] {
  const asked = askedOverweight(state);
  return asked !== null && nowMs >= asked.answerByMs ? [{ type: 'overweight.expired' }] : [];
}

export type OverweightEvent = Extract<OrderEvent, { readonly type: `overweight.${string}` }>;

const ANSWERED = {
  'overweight.approved': 'APPROVED',
  'overweight.declined': 'DECLINED',
  'overweight.expired': 'TIMED_OUT',
} as const satisfies Record<OverweightEvent['type'], Overweight['status']>;

export function isOverweightEvent(event: OrderEvent): event is OverweightEvent {
  return event.type in ANSWERED;
}

/** What is in the bags and what it costs, after the answer. */
export function evolveOverweight(packed: OrderState['packed'], { type }: OverweightEvent): OrderState['packed'] {
  if (packed?.overweight === undefined) return packed;
  const overweight: Overweight = { ...packed.overweight, status: ANSWERED[type] };
  if (type !== 'overweight.approved') return { ...packed, overweight };
  const { charge } = overweight;
  return { ...packed, charge, finalMinor: charge.totalMinor, overweight };
}
