import { Hono } from 'hono';
import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import {
  CashSettlementBody,
  CashSettlementView,
  PayBody,
  PaymentView,
  RefundBody,
  SweepBody,
  SweepView,
  TransactionsQuery,
  TransactionsView,
} from '../../contracts/http/payments.ts';
import { refuse } from '../../contracts/problem.ts';
import type { MoneyCommand } from '../../contracts/rpc/order.ts';
import { PaymentIdText } from '../../contracts/wire.ts';
import { orderOfPayment } from '../../domain/order/payment-id.ts';
import { asCourierId, asOpId, asOrderId, asPaymentId, asSku } from '../../domain/shared/ids.ts';
import { clientOpId } from '../../durable/kit/ops.ts';
import { orderStub } from '../../durable/stubs.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { traceparentOf } from '../middleware/request-id.ts';
import { askObject } from '../object-call.ts';
import { problem } from '../problem.ts';
import { findTransactions, ordersToSweep } from '../transactions.ts';
import { body, params, query } from '../validate.ts';

const tag = 'Payments';
const access = ['customer', 'operator'] as const;
/** In the place of an id: a name beside a parameter would cost every route its fast router. */
const LIST = 'transactions';

export const payments = new Hono<AppEnv>()
  .post(
    '/payments',
    endpoint({
      access: ['customer'],
      tag,
      summary: 'Pay for an order that waits for you',
      description:
        'The payment begins with the order. This asks the provider at once how it stands; what you must do is the order’s `payment.action`. An order has one payment: after a refusal, order again with another means.',
      answers: { 200: PaymentView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'PAYMENT_DECLINED', 'UNAVAILABLE'],
    }),
    body(PayBody),
    async (c) => {
      const { actor } = c.var;
      const orderId = asOrderId(c.req.valid('json').orderId);
      const command = {
        do: 'Pay',
        v: RPC_VERSION,
        actor,
        opId: asOpId(`pay:${crypto.randomUUID()}`),
        traceparent: traceparentOf(c),
      } as const;
      const paid = await askObject(() => orderStub(c.env, orderId).moveMoney(command));
      return paid.ok ? c.json(paid.value, 200) : problem(c, paid.error);
    },
  )
  .get(
    '/payments/:paymentId',
    endpoint({
      access,
      tag,
      summary: 'One payment as it is now; with `transactions` for the id, the movements of your money, newest first',
      description:
        'The id is the order’s with `pay` for `ord`. The list is from the read model and says when that was written last; of one order (`orderId`) that is not in it yet, the order itself answers. Customers see their own, operators all; the query is for the list only.',
      answers: { 200: v.union([PaymentView, TransactionsView]) },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(v.strictObject({ paymentId: v.union([PaymentIdText, v.literal(LIST)]) })),
    query(TransactionsQuery),
    async (c) => {
      const { actor } = c.var;
      const { paymentId } = c.req.valid('param');
      if (paymentId === LIST) {
        const found = await findTransactions(c.env, actor, c.req.valid('query'));
        return found.ok ? c.json(found.value, 200) : problem(c, found.error);
      }
      const orderId = orderOfPayment(asPaymentId(paymentId));
      const found = await askObject(() => orderStub(c.env, orderId).payment(actor));
      return found.ok ? c.json(found.value, 200) : problem(c, found.error);
    },
  )
  .post(
    '/payments/:paymentId/refund',
    endpoint({
      access: ['operator'],
      tag,
      summary: 'Give money back: an amount, or units of articles at what was paid for them',
      description:
        'The same `refundId` is the same refund, however often it is sent. It is asked of the provider until it is done; `refunds` of the payment shows how far it is.',
      answers: { 200: PaymentView },
      refuses: [
        'INVALID_INPUT',
        'NOT_FOUND',
        'NOTHING_TO_REFUND',
        'REFUND_TOO_HIGH',
        'CURRENCY_MISMATCH',
        'OP_ID_REUSED',
        'UNAVAILABLE',
      ],
    }),
    params(v.strictObject({ paymentId: PaymentIdText })),
    body(RefundBody),
    async (c) => {
      const { actor } = c.var;
      const orderId = orderOfPayment(asPaymentId(c.req.valid('param').paymentId));
      const command: MoneyCommand = {
        do: 'Refund',
        v: RPC_VERSION,
        actor,
        // The refund's own name, whoever sends it: two operators cannot give the same thing back twice.
        opId: asOpId(`refund:${c.req.valid('json').refundId}`),
        traceparent: traceparentOf(c),
        ...toWish(c.req.valid('json')),
      };
      const refunded = await askObject(() => orderStub(c.env, orderId).moveMoney(command));
      return refunded.ok ? c.json(refunded.value, 200) : problem(c, refunded.error);
    },
  )
  .post(
    '/cash-settlements',
    endpoint({
      access: ['staff', 'operator'],
      tag,
      summary: 'Say that a courier handed in the cash of these orders, and that it was counted',
      description: 'Each order is settled for itself and once; what was settled before says so.',
      answers: { 200: CashSettlementView },
      refuses: ['INVALID_INPUT', 'UNAVAILABLE'],
    }),
    body(CashSettlementBody),
    async (c) => {
      const { actor } = c.var;
      const { orders } = c.req.valid('json');
      const courierId = asCourierId(c.req.valid('json').courierId);
      const settled = await Promise.all(
        orders.map(async ({ orderId, amount }) => {
          const command = {
            do: 'HandInCash',
            v: RPC_VERSION,
            actor,
            opId: clientOpId(actor, `cash:${orderId}:${amount.amount}:${amount.currency}:${courierId}`),
            traceparent: traceparentOf(c),
            courierId,
            amountMinor: amount.amount,
            currency: amount.currency,
          } as const;
          const answer = await askObject(() => orderStub(c.env, asOrderId(orderId)).moveMoney(command));
          const { code, detail } = answer.ok ? { code: null, detail: null } : answer.error;
          return { orderId, settled: answer.ok, code, detail };
        }),
      );
      if (settled.every(({ code }) => code === 'UNAVAILABLE')) {
        return problem(c, refuse('UNAVAILABLE', 'Nothing was settled. Send it again in a moment.'));
      }
      return c.json({ orders: settled }, 200);
    },
  )
  .post(
    '/payment-sweeps',
    endpoint({
      access: ['operator'],
      tag,
      summary: 'Hold orders against their providers’ books',
      description:
        'Each order asks its provider. Money of a cancelled order that is still there is voided or refunded (`REPAIRED`); what no rule may decide is named (`DIFFERS`). A sweep that was cut is sent again: nothing is repaired twice.',
      answers: { 200: SweepView },
      refuses: ['INVALID_INPUT', 'UNAVAILABLE'],
    }),
    body(SweepBody),
    async (c) => {
      const { actor } = c.var;
      const wanted = await ordersToSweep(c.env, c.req.valid('json'));
      if (!wanted.ok) return problem(c, wanted.error);
      const { orderIds, nextCursor } = wanted.value;
      const swept = await Promise.all(
        orderIds.map(async (orderId) => {
          const opId = asOpId(`sweep:${crypto.randomUUID()}`);
          const command = { v: RPC_VERSION, actor, opId, traceparent: traceparentOf(c) };
          const held = await askObject(() => orderStub(c.env, orderId).reconcile(command));
          return { orderId, outcome: held.ok ? held.value : ('UNKNOWN' as const) };
        }),
      );
      return c.json({ orders: swept, nextCursor }, 200);
    },
  );

function toWish(wanted: RefundBody) {
  const { refundId, to = 'source', reason } = wanted;
  const head = { refundId, to, reason };
  if ('amount' in wanted) return { ...head, amountMinor: wanted.amount.amount, currency: wanted.amount.currency };
  return { ...head, lines: wanted.lines.map(({ sku, quantity }) => ({ sku: asSku(sku), quantity })) };
}
