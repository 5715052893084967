import { PAYMENT_EVENTS } from '../../contracts/events/payments.ts';
import type { EventOf } from '../../contracts/events/topic.ts';
import { selectPaymentRows, upsertPaymentRows, type PaymentRow } from '../../db/queries/payment-read-model.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Step, StepRefusal, Topology } from '../kit/topology.ts';

type PaymentEvent = EventOf<typeof PAYMENT_EVENTS>;

/** One row an order: what was asked, authorized, captured and given back. */
export const paymentProjection: Topology<typeof PAYMENT_EVENTS, PaymentRow, never> = {
  group: 'payment-projection',
  topics: [PAYMENT_EVENTS],
  read: selectPaymentRows,
  step: stepPayment,
  write: (payments) => (payments.length > 0 ? [upsertPaymentRows(payments)] : []),
};

function stepPayment(
  before: PaymentRow | undefined,
  event: PaymentEvent,
): Result<Step<PaymentRow, never>, StepRefusal> {
  const { data, time, sequence } = event;
  const payment: PaymentRow = {
    ...(before ?? opened(event)),
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
  return ok({ state, outputs: [] });
}

function opened({ subject, time, sequence, data }: PaymentEvent): PaymentRow {
  return {
    orderId: subject,
    method: data.method,
    provider: data.provider,
    providerRef: null,
    status: 'REQUESTED',
    currency: data.currency,
    requestedMinor: 0,
    authorizedMinor: 0,
    capturedMinor: 0,
    refundedMinor: 0,
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
    case 'payment.voided':
      return { status: 'VOIDED' };
    case 'payment.refunded': {
      const refundedMinor = payment.refundedMinor + amountMinor;
      return { status: refundedMinor < payment.capturedMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED', refundedMinor };
    }
  }
}
