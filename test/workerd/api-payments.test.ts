import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { CashSettlementView, PaymentView, SweepView, TransactionsView } from '../../contracts/http/payments.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { sandboxShard } from '../../integrations/payments/sandbox/sandbox-books.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { paymentIdOf } from '../../domain/order/payment-id.ts';
import { bearer, bodyOf, call, codeOf } from './support/api.ts';
import { by, must, newStoreId, newUserId, openStore, OPERATOR } from './support/store.ts';
import type { TestStore } from './support/store.ts';
import {
  doorCode,
  eventually,
  muteRefusingCouriers,
  newCustomer,
  newOrder,
  paymentEvents,
  placeAt,
  placeCommand,
  prove,
  providerOf,
  quote,
  reaches,
  ride,
  viewOf,
} from './support/order.ts';
import type { TestOrder } from './support/order.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openStore({ TEA: 200 });
});
beforeAll(muteRefusingCouriers);

/** Two TEA and a fee: 2500 captured. */
async function delivered(): Promise<TestOrder> {
  const { order } = await placeAt(store);
  const courierId = await ride(store, order);
  must(await prove(order, courierId, await doorCode(order)));
  await reaches(order, 'CLOSED');
  return order;
}

async function seen(order: TestOrder, as: SignedInActor = order.customer): Promise<PaymentView> {
  const response = await call(`/api/v1/payments/${paymentIdOf(order.orderId)}`, { headers: await bearer(as) });
  return bodyOf(PaymentView, response);
}

async function refunded(order: TestOrder, body: unknown, as: SignedInActor = OPERATOR): Promise<Response> {
  const headers = await bearer(as);
  return call(`/api/v1/payments/${paymentIdOf(order.orderId)}/refund`, { method: 'POST', body, headers });
}

const SOUR = { refundId: 'sour-tea-1', reason: 'sour', lines: [{ sku: 'TEA', quantity: 1 }] };

describe('a payment', () => {
  test('is seen by its customer and by operators, with the books for operators only [Y3] [Y5]', async () => {
    const order = await delivered();
    const payment = await seen(order);
    expect(payment).toMatchObject({
      orderId: order.orderId,
      status: 'CAPTURED',
      plainStatus: 'SUCCESS',
      captured: { amount: 2500, currency: 'INR' },
    });
    expect(payment.ledger).toBeUndefined();
    expect(payment.history.map(({ type }) => type)).toEqual(['payment.authorized', 'payment.captured']);
    const { ledger = {} } = await seen(order, OPERATOR);
    expect(ledger).toMatchObject({ clearing: 2500, sales: -2000, delivery_fees: -500, customer: 0 });
    expect(Object.values(ledger).reduce((sum, balance) => sum + balance, 0)).toBe(0);
    const headers = await bearer(newCustomer());
    expect(await codeOf(await call(`/api/v1/payments/${payment.id}`, { headers }))).toBe('NOT_FOUND');
  });

  test('gives back a line once, however often it is asked, and then the rest [Y3] [Y7]', async () => {
    const order = await delivered();
    for (let tries = 0; tries < 3; tries += 1) expect((await refunded(order, SOUR)).status).toBe(200);
    await vi.waitFor(async () => expect((await seen(order)).status).toBe('PARTIALLY_REFUNDED'));
    expect(await seen(order)).toMatchObject({
      refunded: { amount: 1000 },
      refunds: [{ cause: 'LINES', status: 'DONE' }],
    });
    expect((await viewOf(order)).payment.status).toBe('PARTIALLY_REFUNDED');
    const much = { refundId: 'goodwill-1', reason: 'late', amount: { amount: 1501, currency: 'INR' } };
    expect(await codeOf(await refunded(order, much))).toBe('REFUND_TOO_HIGH');
    const rest = { ...much, refundId: 'goodwill-2', amount: { amount: 1500, currency: 'INR' } };
    expect((await refunded(order, rest)).status).toBe(200);
    await reaches(order, 'REFUNDED');
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ capturedMinor: 2500, refundedMinor: 2500 });
    const told = (await paymentEvents(order)).filter(({ type }) => type === 'payment.refunded');
    expect(told.map(({ data }) => [data.refundId, data.amountMinor])).toEqual([
      ['sour-tea-1', 1000],
      ['goodwill-2', 1500],
    ]);
  });

  test('goes into the wallet when that is wanted [Y6] [Y7]', async () => {
    const order = await delivered();
    expect((await refunded(order, { ...SOUR, to: 'wallet' })).status).toBe(200);
    await vi.waitFor(async () => expect((await seen(order)).refunded.amount).toBe(1000));
    const wallet = await call('/api/v1/wallet', { headers: await bearer(order.customer) });
    expect(await wallet.json()).toMatchObject({ available: { amount: 1000, currency: 'INR' } });
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ refundedMinor: 0 });
    expect((await seen(order, OPERATOR)).ledger).toMatchObject({ customer: 0, wallet: -1000, refunds: 1000 });
  });

  test.each([
    ['by the customer', SOUR, 'FORBIDDEN'],
    [
      'in another currency',
      { refundId: 'euros-1', reason: 'x', amount: { amount: 1, currency: 'EUR' } },
      'CURRENCY_MISMATCH',
    ],
    ['of nothing', { refundId: 'nothing', reason: 'x', amount: { amount: 0, currency: 'INR' } }, 'INVALID_INPUT'],
    ['below zero', { refundId: 'negative', reason: 'x', amount: { amount: -1, currency: 'INR' } }, 'INVALID_INPUT'],
    ['of what was not ordered', { ...SOUR, lines: [{ sku: 'COFFEE', quantity: 1 }] }, 'REFUND_TOO_HIGH'],
    ['of lines and an amount', { ...SOUR, amount: { amount: 1, currency: 'INR' } }, 'INVALID_INPUT'],
  ])('is not given back %s [Y7] [X8]', async (how, body, code) => {
    const order = await delivered();
    const as = how === 'by the customer' ? order.customer : OPERATOR;
    expect(await codeOf(await refunded(order, body, as))).toBe(code);
    expect((await seen(order)).refunds).toEqual([]);
  });

  test('of an order that is not packed is not given back in parts: the order is cancelled instead [Y7]', async () => {
    const { order } = await placeAt(store);
    expect(await codeOf(await refunded(order, SOUR))).toBe('NOTHING_TO_REFUND');
  });

  test('that waits for the provider is asked about at once when the customer pays [Y3]', async () => {
    const { order } = await placeAt(store, { method: 'sandbox', token: 'tok_approve_late' });
    const headers = await bearer(order.customer);
    function pay(): Promise<Response> {
      return call('/api/v1/payments', { method: 'POST', body: { orderId: order.orderId }, headers });
    }
    expect(await bodyOf(PaymentView, await pay())).toMatchObject({ status: 'PENDING', plainStatus: 'PENDING' });
    await vi.waitFor(async () => expect((await bodyOf(PaymentView, await pay())).status).toBe('AUTHORIZED'), {
      timeout: 10_000,
      interval: 300,
    });
    const others = await bearer(newCustomer());
    const body = { orderId: order.orderId };
    expect(await codeOf(await call('/api/v1/payments', { method: 'POST', body, headers: others }))).toBe('NOT_FOUND');
  });

  test('that was declined is not paid again: another order is [Y3]', async () => {
    const order = (await placeAt(store, { method: 'sandbox', token: 'tok_approve' })).order;
    must(await order.rpc.cancel({ ...by(order.customer), reason: 'x' }));
    await eventually(async () => (await seen(order)).status === 'VOIDED');
    const headers = await bearer(order.customer);
    const body = { orderId: order.orderId };
    expect(await codeOf(await call('/api/v1/payments', { method: 'POST', body, headers }))).toBe('PAYMENT_DECLINED');
  });

  test('is listed by the order itself while the read model is away [Y3]', async () => {
    const order = await delivered();
    const headers = await bearer(order.customer);
    const listed = await call(`/api/v1/payments/transactions?orderId=${order.orderId}&status=SUCCESS`, { headers });
    const { transactions, asOf } = await bodyOf(TransactionsView, listed);
    expect(transactions).toMatchObject([{ kind: 'captured', amount: { amount: 2500 }, orderId: order.orderId }]);
    expect(asOf).toBeNull();
    expect(await codeOf(await call('/api/v1/payments/transactions', { headers }))).toBe('UNAVAILABLE');
    expect(await codeOf(await call('/api/v1/payments/transaction', { headers }))).toBe('INVALID_INPUT');
  });
});

describe('a sweep', () => {
  test('finds money that the provider took for an order that was declined, and gives it back [R3]', async () => {
    const order = newOrder();
    const declined = placeCommand(order, [quote(store, { TEA: 2 })], { method: 'sandbox', token: 'tok_decline' });
    expect(await order.rpc.place(declined)).toMatchObject({ error: { code: 'PAYMENT_DECLINED' } });
    const fine = await delivered();
    async function sweep(...orderIds: readonly string[]): Promise<readonly string[]> {
      const headers = await bearer(OPERATOR);
      const response = await call('/api/v1/payment-sweeps', { method: 'POST', body: { orderIds }, headers });
      return (await bodyOf(SweepView, response)).orders.map(({ outcome }) => outcome);
    }
    const unknown = newOrder().orderId;
    expect(await sweep(order.orderId, fine.orderId, unknown)).toEqual(['AGREED', 'AGREED', 'UNKNOWN']);
    await takeAfterAll(order.orderId);
    expect(await sweep(order.orderId)).toEqual(['REPAIRED']);
    await reaches(order, 'REFUNDED');
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ capturedMinor: 2500, refundedMinor: 2500 });
    expect(await sweep(order.orderId)).toEqual(['AGREED']);
  });
});

describe('cash', () => {
  test('is in the courier’s hand until the store or an operator has counted it, once [Y8]', async () => {
    const { order } = await placeAt(store, { method: 'cod' });
    const courierId = await ride(store, order);
    const staff: SignedInActor = { kind: 'staff', userId: newUserId(), storeId: store.storeId };
    expect(await settle(staff, 2500)).toBe('CASH_SETTLED');
    must(await prove(order, courierId, await doorCode(order), 2500));
    await reaches(order, 'CLOSED');
    expect((await seen(order)).cashInHand.amount).toBe(2500);
    async function settle(as: SignedInActor, amount: number, currency = 'INR'): Promise<string | null> {
      const body = { courierId, orders: [{ orderId: order.orderId, amount: { amount, currency } }] };
      const response = await call('/api/v1/cash-settlements', { method: 'POST', body, headers: await bearer(as) });
      return (await bodyOf(CashSettlementView, response)).orders[0]?.code ?? null;
    }
    const elsewhere: SignedInActor = { kind: 'staff', userId: newUserId(), storeId: newStoreId() };
    expect(await settle(elsewhere, 2500)).toBe('NOT_FOUND');
    expect(await settle(OPERATOR, 2400)).toBe('INVALID_INPUT');
    expect(await settle(OPERATOR, 2500, 'EUR')).toBe('CURRENCY_MISMATCH');
    expect(await settle(staff, 2500)).toBeNull();
    expect(await settle(staff, 2500)).toBeNull();
    expect(await settle(OPERATOR, 2500)).toBe('CASH_SETTLED');
    expect((await seen(order, OPERATOR)).ledger).toMatchObject({ cash_office: 2500, cash_in_hand: 0 });
    expect((await paymentEvents(order)).at(-1)).toMatchObject({ type: 'payment.settled', data: { amountMinor: 2500 } });
  });
});

/** The provider changes its mind about a payment that it had declined, and takes the money. */
async function takeAfterAll(orderId: OrderId): Promise<void> {
  const books = env.SANDBOX_PSP.getByName(sandboxShard(orderId));
  await runInDurableObject(books, (_, { storage }) => {
    const taken = { status: 'CAPTURED', authorizedMinor: 2500, capturedMinor: 2500 };
    storage.sql.exec(
      'UPDATE charges SET charge = json_patch(charge, ?) WHERE order_id = ?',
      JSON.stringify(taken),
      orderId,
    );
  });
}
