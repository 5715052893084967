import type { Actor } from '../../contracts/actor.ts';
import { PLAIN_STATUS } from '../../contracts/http/payments.ts';
import type { PaymentView, RefundView } from '../../contracts/http/payments.ts';
import { toTimestamp, toWireMoney } from '../../contracts/wire.ts';
import { ledgerOf } from '../../domain/money/ledger.ts';
import { cashInHandMinor } from '../../domain/order/cash.ts';
import { moneyStand } from '../../domain/order/money-stand.ts';
import { quoteOf } from '../../domain/order/order.ts';
import type { LogEntry, OrderEvent, OrderState } from '../../domain/order/order.ts';
import { paymentIdOf } from '../../domain/order/payment-id.ts';
import { providerOf } from '../../domain/order/payment-method.ts';
import { openRefund } from '../../domain/order/refund.ts';
import type { Refund } from '../../domain/order/refund.ts';

/** The payment of an order as this actor may see it. `log` is the order's whole log. */
export function toPaymentView(state: OrderState, log: readonly LogEntry[], actor: Actor): PaymentView {
  const { terms, payment } = state;
  const { currency, totalMinor } = quoteOf(state);
  const { status, refundedMinor } = moneyStand(state);
  return {
    id: paymentIdOf(terms.orderId),
    orderId: terms.orderId,
    method: terms.method,
    gateway: providerOf(terms),
    transactionId: 'providerRef' in payment && payment.providerRef !== '' ? payment.providerRef : null,
    status,
    plainStatus: PLAIN_STATUS[status],
    amount: toWireMoney(totalMinor, currency),
    captured: toWireMoney(capturedMinor(log), currency),
    refunded: toWireMoney(refundedMinor, currency),
    refunds: state.refunds.map((refund) => toRefundView(state, refund, currency)),
    cashInHand: toWireMoney(cashInHandMinor(state), currency),
    reason: payment.at === 'FAILED' ? payment.reason : null,
    history: log.flatMap(({ seq, atMs, event }) => {
      if (!isMoney(event)) return [];
      const amount = 'amountMinor' in event ? toWireMoney(event.amountMinor, currency) : null;
      return [{ seq, at: toTimestamp(atMs), type: event.type, amount }];
    }),
    ...(actor.kind === 'operator' && { ledger: { ...ledgerOf(log).balances } }),
  };
}

function toRefundView(state: OrderState, refund: Refund, currency: string): RefundView {
  const { refundId, amountMinor, cause, to, reason, lines, requestedAtMs, doneAtMs } = refund;
  return {
    refundId,
    amount: toWireMoney(amountMinor, currency),
    cause,
    to,
    reason,
    lines: lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      amount: toWireMoney(line.amountMinor, currency),
    })),
    status: doneAtMs === null ? (isStuck(state, refundId) ? 'STUCK' : 'PENDING') : 'DONE',
    requestedAt: toTimestamp(requestedAtMs),
    doneAt: doneAtMs === null ? null : toTimestamp(doneAtMs),
  };
}

function isStuck(state: OrderState, refundId: string): boolean {
  return state.stuck !== null && state.call?.step === 'refund' && openRefund(state)?.refund.refundId === refundId;
}

function isMoney({ type }: OrderEvent): boolean {
  return type.startsWith('payment.') || type.startsWith('refund.') || type.startsWith('cash.');
}

function capturedMinor(log: readonly LogEntry[]): number {
  return log.reduce((sum, { event }) => (event.type === 'payment.captured' ? sum + event.amountMinor : sum), 0);
}
