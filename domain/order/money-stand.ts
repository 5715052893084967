import { quoteOf } from './order.ts';
import type { OrderState } from './order.ts';
import type { Overweight } from './overweight.ts';
import { refundedMinor } from './refund.ts';

export type PaymentStatus =
  | 'PENDING'
  | 'AUTHORIZED'
  | 'DUE_ON_DELIVERY'
  | 'CAPTURED'
  | 'PARTIALLY_REFUNDED'
  | 'FAILED'
  | 'VOIDED'
  | 'REFUNDED';

/** What a watcher is told of the money: how the payment stands, what the order costs as far as it is known, what went back. */
export interface MoneyStand {
  readonly status: PaymentStatus;
  readonly totalMinor: number;
  readonly refundedMinor: number;
  /** Whether the customer pays for weight above the ceiling, and what it would come to. Absent: nothing was asked. */
  readonly overweight?: Pick<Overweight, 'status' | 'answerByMs'> & { readonly totalMinor: number };
}

export function moneyStand(state: OrderState): MoneyStand {
  const { payment, packed } = state;
  return {
    status: paymentStatus(state),
    totalMinor: packed?.finalMinor ?? quoteOf(state).totalMinor,
    refundedMinor: payment.at === 'REFUNDED' ? payment.amountMinor : refundedMinor(state),
    ...overweightStand(packed),
  };
}

function overweightStand(packed: OrderState['packed']): Pick<MoneyStand, 'overweight'> {
  if (packed?.overweight === undefined) return {};
  const { status, answerByMs, charge } = packed.overweight;
  return { overweight: { status, answerByMs, totalMinor: charge.totalMinor } };
}

export function isSameStand(a: MoneyStand, b: MoneyStand): boolean {
  const isSameMoney = a.totalMinor === b.totalMinor && a.refundedMinor === b.refundedMinor;
  return a.status === b.status && isSameMoney && a.overweight?.status === b.overweight?.status;
}

export function paymentStatus(state: OrderState): PaymentStatus {
  const { payment } = state;
  switch (payment.at) {
    case 'NONE':
    case 'PENDING':
    case 'IN_DOUBT':
      return 'PENDING';
    case 'AUTHORIZED':
      return payment.onDelivery ? 'DUE_ON_DELIVERY' : 'AUTHORIZED';
    case 'CAPTURED':
      return refundedMinor(state) > 0 ? 'PARTIALLY_REFUNDED' : 'CAPTURED';
    case 'FAILED':
    case 'VOIDED':
    case 'REFUNDED':
      return payment.at;
  }
}
