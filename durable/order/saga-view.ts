import type { SagaView } from '../../contracts/http/order-saga.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { mayCancel } from '../../domain/order/cancellation.ts';
import { promisedAtMs } from '../../domain/order/order.ts';
import type { OrderState, Stuck } from '../../domain/order/order.ts';
import { nextStep } from '../../domain/order/saga.ts';
import { continueSaga, settleByHand } from '../../domain/order/stuck.ts';
import { validTransitions } from '../../domain/order/transitions.ts';

/** What an operator sees of an order's way. What may be done is what the rules would allow right now. */
export function toSagaView(state: OrderState, nowMs: number): SagaView {
  const { terms, status, call, stuck, stock, payment, courier, passedOver, sla, cancellation } = state;
  return {
    orderId: terms.orderId,
    number: terms.number,
    status,
    nextStatuses: [...validTransitions(status)],
    step: cancellation === null ? (nextStep(state)?.name ?? null) : null,
    call: call === null ? null : { step: call.step, failures: call.failures, retryAt: moment(call.retryAtMs) },
    stuck: stuck === null ? null : toStuckView(stuck),
    stock: stock.at,
    payment: payment.at,
    courier: courier.at,
    passedOver: passedOver.flatMap(({ code }, index) => {
      const store = terms.candidates[index];
      return store === undefined ? [] : [{ storeId: store.storeId, code }];
    }),
    promise: {
      at: toTimestamp(promisedAtMs(state)),
      atRiskSince: moment(sla.atRiskAtMs),
      brokenSince: moment(sla.breachedAtMs),
    },
    may: {
      continue: continueSaga(state).answer.ok,
      compensate: mayCancel('operator', status),
      settle: settleByHand(state, '', nowMs).answer.ok,
    },
  };
}

function toStuckView({ step, sinceMs, failures, error }: Stuck): SagaView['stuck'] {
  return { step, since: toTimestamp(sinceMs), failures, error };
}

function moment(atMs: number | null): string | null {
  return atMs === null ? null : toTimestamp(atMs);
}
