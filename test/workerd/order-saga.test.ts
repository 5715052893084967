import { evictDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, test } from 'vitest';
import { OrderLogView, OrderPastView, SagaView } from '../../contracts/http/order-saga.ts';
import { OrderView } from '../../contracts/http/orders.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { replay } from '../../domain/order/evolve.ts';
import type { LogEntry } from '../../domain/order/order.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import { bearer, bodyOf, call, codeOf, OPERATOR_BEARER } from './support/api.ts';
import {
  eventually,
  logOf,
  newCustomer,
  orderEvents,
  orderRows,
  placeAt,
  providerOf,
  reaches,
  report,
  viewOf,
} from './support/order.ts';
import type { TestOrder } from './support/order.ts';
import { must, openStore } from './support/store.ts';
import type { TestStore } from './support/store.ts';

const OPERATOR = { authorization: OPERATOR_BEARER };
let store: TestStore;
beforeAll(async () => {
  store = await openStore({ TEA: 1000 });
});

function ask(order: TestOrder, what: string, headers: Record<string, string> = OPERATOR): Promise<Response> {
  return call(`/api/v1/orders/${order.orderId}/${what}`, { headers });
}
async function sagaOf(order: TestOrder): Promise<SagaView> {
  return bodyOf(SagaView, await ask(order, 'saga'));
}

/** Packed, and the provider has let go of the money behind our back: it refuses the capture. */
async function refusedCapture(): Promise<TestOrder> {
  const { order } = await placeAt(store);
  const { orderId } = order;
  const behindOurBack = {
    opId: asOpId(`desk:${orderId}`),
    orderId,
    amountMinor: 2500,
    currency: 'INR',
    providerRef: '',
  };
  expect(await providerOf(order).void(behindOurBack)).toMatchObject({ status: 200 });
  must(await report(store, order, 'claimed'));
  must(await report(store, order, 'packed'));
  await eventually(async () => (await sagaOf(order)).stuck !== null);
  return order;
}

describe('an order that does not get on by itself', () => {
  test('says what it waits for, since when and what may be done, and tells the topic once [O10]', async () => {
    const order = await refusedCapture();
    expect(await sagaOf(order)).toMatchObject({
      orderId: order.orderId,
      status: 'PACKED',
      nextStatuses: ['ASSIGNED_TO_PARTNER', 'CANCELLED'],
      step: 'dispatch',
      call: { step: 'capture', failures: 1 },
      stuck: { step: 'capture', error: 'capture: nothing to capture: VOIDED' },
      may: { continue: true, compensate: true, settle: true },
    });
    const told = (await orderEvents(order)).filter(({ type }) => type === 'order.stuck');
    expect(told).toMatchObject([{ data: { step: 'capture', failures: 1, storeId: store.storeId } }]);
  });

  test('is made to try again at once, and the same key tries once', async () => {
    const order = await refusedCapture();
    const headers = { ...OPERATOR, 'idempotency-key': 'again-0001' };
    const path = `/api/v1/orders/${order.orderId}/saga/continue`;
    expect((await call(path, { method: 'POST', headers })).status).toBe(200);
    expect((await call(path, { method: 'POST', headers })).status).toBe(200);
    await eventually(async () => ((await sagaOf(order)).call?.failures ?? 0) >= 2);
    const types = await logOf(order);
    expect(types.filter((type) => type === 'saga.continued')).toHaveLength(1);
    // Still the same trouble: told once.
    expect(types.filter((type) => type === 'saga.stuck')).toHaveLength(1);
  });

  test('is settled by an operator who moved the money by hand, survives a restart, and says that it is free', async () => {
    const order = await refusedCapture();
    const path = `/api/v1/orders/${order.orderId}/saga/settle`;
    const bad = await call(path, { method: 'POST', headers: OPERATOR, body: { reference: '<script>' } });
    expect(await codeOf(bad)).toBe('INVALID_INPUT');
    const body = { reference: 'desk 4711' };
    const settled = await bodyOf(SagaView, await call(path, { method: 'POST', headers: OPERATOR, body }));
    expect(settled).toMatchObject({ stuck: null, call: null, payment: 'CAPTURED' });
    await evictDurableObject(order.stub);
    expect(await viewOf(order)).toMatchObject({ status: 'PACKED', payment: { status: 'CAPTURED' } });
    expect((await orderEvents(order)).at(-1)).toMatchObject({ type: 'order.unstuck', data: { step: 'capture' } });
    expect(await codeOf(await call(path, { method: 'POST', headers: OPERATOR, body }))).toBe('NOT_STUCK');
  });

  test('is taken back instead when an operator cancels it: one of the two legal ends', async () => {
    const order = await refusedCapture();
    const path = `/api/v1/orders/${order.orderId}/cancel`;
    const cancelled = await call(path, { method: 'PUT', headers: OPERATOR, body: { reason: 'cannot be charged' } });
    expect(cancelled.status).toBe(200);
    await reaches(order, 'CANCELLED');
    await eventually(async () => (await sagaOf(order)).call === null);
    expect(await sagaOf(order)).toMatchObject({ stuck: null, payment: 'VOIDED', stock: 'LET_GO' });
  });

  test('belongs to operators: a customer, not even its own, sees or does any of it [U4]', async () => {
    const { order } = await placeAt(store);
    const own = await bearer(order.customer);
    for (const what of ['saga', 'log']) expect(await codeOf(await ask(order, what, own))).toBe('FORBIDDEN');
    for (const what of ['continue', 'settle']) {
      const path = `/api/v1/orders/${order.orderId}/saga/${what}`;
      expect(await codeOf(await call(path, { method: 'POST', headers: own, body: { reference: 'x' } }))).toBe(
        'FORBIDDEN',
      );
    }
    const asks = { ask: 'AskLog', actor: order.customer } as const;
    expect(await order.rpc.ask(asks)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    expect(await logOf(order)).not.toContain('saga.continued');
  });
});

describe('what was known of an order when', () => {
  test('is the order as it stood, whatever was written later [O12]', async () => {
    const { order } = await placeAt(store);
    await reaches(order, 'ASSIGNED_TO_STORE');
    const own = await bearer(order.customer);
    const before = await bodyOf(OrderPastView, await ask(order, 'history', own));
    await scheduler.wait(2);
    must(await report(store, order, 'claimed'));
    must(await report(store, order, 'packed'));
    const then = await bodyOf(OrderPastView, await ask(order, `history?at=${before.asOf}`, own));
    expect(then).toEqual(before);
    const now = await bodyOf(OrderPastView, await ask(order, 'history', own));
    expect(now.order).toMatchObject({ status: 'PACKED' });
    expect(now.stateSha256).not.toBe(before.stateSha256);
    expect(now.order).toEqual(await bodyOf(OrderView, await call(`/api/v1/orders/${order.orderId}`, { headers: own })));
  });

  test('is nothing before it was placed, and nothing for a stranger', async () => {
    const { order } = await placeAt(store);
    const own = await bearer(order.customer);
    expect(await codeOf(await ask(order, `history?at=${toTimestamp(0)}`, own))).toBe('NOT_FOUND');
    expect(await codeOf(await ask(order, 'history', await bearer(newCustomer())))).toBe('NOT_FOUND');
    expect(await codeOf(await ask(order, 'history?at=yesterday', own))).toBe('INVALID_INPUT');
  });

  test('replays from the log that is handed out, which has no secret in it [O12]', async () => {
    const { order } = await placeAt(store);
    await reaches(order, 'ASSIGNED_TO_STORE');
    const { deliveryCode = 'none' } = await viewOf(order);
    const response = await ask(order, 'log');
    const text = await response.clone().text();
    const { log } = await bodyOf(OrderLogView, response);
    expect(log.map(({ event }) => event.type)).toEqual(await logOf(order));
    expect(replay(log as unknown as readonly LogEntry[])).toMatchObject({ status: 'ASSIGNED_TO_STORE' });
    const [row] = await orderRows<{ code: string }>(
      order,
      "SELECT event ->> 'handoverCode' AS code FROM order_log WHERE seq = 1",
    );
    for (const secret of [deliveryCode, row?.code ?? 'none', 'tok_approve', 'Blue gate']) {
      expect(text).not.toContain(`"${secret}"`);
    }
  });
});
