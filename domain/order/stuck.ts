import { err, ok } from '../shared/result.ts';
import type { Decision } from './decide.ts';
import { conclude } from './outcome.ts';
import type { CallStep, OrderEvent, OrderState } from './order.ts';
import { callAmountMinor } from './saga.ts';

/** Nothing waits for an answer that does not come. */
export interface NotStuck {
  readonly code: 'NOT_STUCK';
}
/** Only money that a provider would not move can be moved by hand. */
export interface NotByHand {
  readonly code: 'NOT_BY_HAND';
  readonly step: CallStep;
}

/** An operator has the call on record made again now, not at its next turn. Once repaired, the order goes on by itself. */
export function continueSaga({ call }: OrderState): Decision<NotStuck> {
  return call === null || call.failures === 0 ? refused({ code: 'NOT_STUCK' }) : done([{ type: 'saga.continued' }]);
}

/** An operator has done at the provider's desk what the provider's interface would not. */
export function settleByHand(state: OrderState, reference: string, nowMs: number): Decision<NotStuck | NotByHand> {
  const { stuck, call, payment } = state;
  if (stuck === null || call === null) return refused({ code: 'NOT_STUCK' });
  const { step } = call;
  if (step !== 'capture' && step !== 'void' && step !== 'refund') return refused({ code: 'NOT_BY_HAND', step });
  const providerRef = 'providerRef' in payment ? payment.providerRef : reference;
  const moved = {
    kind: 'approved',
    providerRef,
    amountMinor: callAmountMinor(state, step),
    onDelivery: false,
  } as const;
  const concluded = conclude(state, call.opId, moved, { nowMs, jitter: 0 });
  return done([{ type: 'saga.settled_by_hand', step, reference }, ...concluded]);
}

function done(events: readonly OrderEvent[]): Decision<never> {
  return { events, answer: ok(null) };
}

function refused<E>(error: E): Decision<E> {
  return { events: [], answer: err(error) };
}
