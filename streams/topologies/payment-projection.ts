import { PAYMENT_EVENTS, type TransactionKind } from '../../contracts/events/payments.ts';
import type { EventOf } from '../../contracts/events/topic.ts';
import {
  insertPaymentTransactionRows,
  selectPaymentRows,
  upsertPaymentRows,
  type PaymentRow,
  type PaymentTransactionRow,
} from '../../db/queries/payment-read-model.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Step, StepRefusal, Topology } from '../kit/topology.ts';

type PaymentEvent = EventOf<typeof PAYMENT_EVENTS>;

/** One row an order: what was asked, authorized, captured and given back. One row a movement. */
export const paymentProjection: Topology<typeof PAYMENT_EVENTS, PaymentRow, PaymentTransactionRow> = {
  group: 'payment-projection',
  topics: [PAYMENT_EVENTS],
  read: selectPaymentRows,
  step: stepPayment,
  write: (payments, moves) => [
    ...(payments.length > 0 ? [upsertPaymentRows(payments)] : []),
    ...(moves.length > 0 ? [insertPaymentTransactionRows(moves)] : []),
  ],
};

function stepPayment(
  before: PaymentRow | undefined,
  event: PaymentEvent,
): Result<Step<PaymentRow, PaymentTransactionRow>, StepRefusal> {
  const { data, time, sequence } = event;
  const payment: PaymentRow = {
    ...(before ?? opened(event)),
    customerId: data.customerId ?? before?.customerId ?? null,
    method: data.method,
    provider: data.provider,
    providerRef: data.providerRef ?? before?.providerRef ?? null,
    reason: data.reason ?? null,
    updatedAt: time,
    version: sequence,
  };
  const state = { ...payment, ...moved(payment, event) };
  if (state.refundedMinor > state.capturedMinor) {
    const { refundedMinor, capturedMinor } = state;
    return err({ code: 'REFUND_EXCEEDS_CAPTURE', detail: `${refundedMinor} refunded of ${capturedMinor} captured` });
  }
  if (state.settledMinor > state.capturedMinor) {
    const { settledMinor, capturedMinor } = state;
    return err({ code: 'SETTLED_EXCEEDS_CAPTURE', detail: `${settledMinor} handed in of ${capturedMinor} taken` });
  }
  return ok({ state, outputs: [moveOf(state, event)] });
}

function moveOf({ orderId, customerId, providerRef }: PaymentRow, event: PaymentEvent): PaymentTransactionRow {
  const { type, data, sequence, time } = event;
  return {
    orderId,
    sequence,
    customerId,
    kind: KIND_OF[type],
    method: data.method,
    provider: data.provider,
    providerRef,
    amountMinor: data.amountMinor,
    currency: data.currency,
    refundId: data.refundId ?? null,
    reason: data.reason ?? null,
    at: time,
  };
}

const KIND_OF = {
  'payment.requested': 'requested',
  'payment.authorized': 'authorized',
  'payment.declined': 'declined',
  'payment.captured': 'captured',
  'payment.voided': 'voided',
  'payment.refunded': 'refunded',
  'payment.settled': 'settled',
} as const satisfies Record<PaymentEvent['type'], TransactionKind>;

function opened({ subject, time, sequence, data }: PaymentEvent): PaymentRow {
  return {
    orderId: subject,
    customerId: null,
    method: data.method,
    provider: data.provider,
    providerRef: null,
    status: 'REQUESTED',
    currency: data.currency,
    requestedMinor: 0,
    authorizedMinor: 0,
    capturedMinor: 0,
    refundedMinor: 0,
    settledMinor: 0,
    reason: null,
    createdAt: time,
    updatedAt: time,
    version: sequence,
  };
}

function moved(payment: PaymentRow, { type, data }: PaymentEvent): Partial<PaymentRow> {
  const { amountMinor } = data;
  switch (type) {
    case 'payment.requested':
      return { status: 'REQUESTED', requestedMinor: amountMinor };
    case 'payment.authorized':
      return { status: 'AUTHORIZED', authorizedMinor: amountMinor };
    case 'payment.declined':
      return { status: 'DECLINED' };
    case 'payment.captured':
      return { status: 'CAPTURED', capturedMinor: payment.capturedMinor + amountMinor };
    case 'payment.settled':
      return { settledMinor: payment.settledMinor + amountMinor };
    case 'payment.voided':
      return { status: 'VOIDED' };
    case 'payment.refunded': {
      const refundedMinor = payment.refundedMinor + amountMinor;
      return { status: refundedMinor < payment.capturedMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED', refundedMinor };
    }
  }
}
