import { evictDurableObject } from 'cloudflare:test';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { OrderView } from '../../contracts/http/orders.ts';
import { TrackingView } from '../../contracts/http/tracking.ts';
import type { PlaceOrderBody } from '../../contracts/http/orders.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { asOrderId, asUserId } from '../../domain/shared/ids.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { SANDBOX_SIGNATURE_HEADER, signNotice } from '../../integrations/payments/sandbox/webhook.ts';
import { bearer, bodyOf, call, codeOf, DOOR, FAR_AWAY, openShop, publishNetwork } from './support/api.ts';
import { levelOf, newUserId, rowsOf } from './support/store.ts';
import { eventually, newCustomer, orderAt, orderEvents } from './support/order.ts';
import type { TestStore } from './support/store.ts';

let near: TestStore;
let far: TestStore;

beforeAll(async () => {
  [near, far] = [await openShop({ ASSAM: 50, RARE: 1 }), await openShop({ ASSAM: 50, RARE: 20 }, 1_200)];
  await publishNetwork(1, [
    { storeId: near.storeId, metresSouth: 300 },
    { storeId: far.storeId, metresSouth: 1_500 },
  ]);
});

function basket(lines: Record<string, number>, more: Partial<PlaceOrderBody> = {}): PlaceOrderBody {
  return {
    deliverTo: { ...DOOR, note: 'Blue gate' },
    lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })),
    payment: { method: 'sandbox', token: 'tok_approve' },
    ...more,
  };
}

let keys = 0;
function newKey(): string {
  keys += 1;
  return `key-${String(keys).padStart(8, '0')}`;
}

async function place(customer: SignedInActor, body: unknown, key = newKey()): Promise<Response> {
  const headers = { ...(await bearer(customer)), 'idempotency-key': key };
  return call('/api/v1/orders', { method: 'POST', body, headers });
}

async function placed(customer: SignedInActor, body: PlaceOrderBody): Promise<OrderView> {
  return bodyOf(OrderView, await place(customer, body));
}

describe('POST orders', () => {
  test('answers with id, number, status, promise and totals, priced by the server [O1] [O8] [P5]', async () => {
    const response = await place(newCustomer(), basket({ ASSAM: 2 }));
    expect(response.status).toBe(201);
    const order = await bodyOf(OrderView, response);
    expect(response.headers.get('location')).toBe(`/api/v1/orders/${order.id}`);
    expect(order).toMatchObject({
      status: 'ASSIGNED_TO_STORE',
      storeId: near.storeId,
      lines: [{ sku: 'ASSAM', quantity: 2, unitPrice: { amount: 1_000 }, total: { amount: 2_000, currency: 'INR' } }],
      totals: { items: { amount: 2_000 }, deliveryFee: { amount: 2_500 }, total: { amount: 4_500 } },
    });
    expect(order.deliveryCode).toMatch(/^\d{4}$/);
    expect(Date.parse(order.promisedAt ?? '')).toBeGreaterThan(Date.parse(order.placedAt));
  });

  test('the same key and body give the same order, marked as replayed, byte for byte [X3]', async () => {
    const customer = newCustomer();
    const key = newKey();
    const first = await place(customer, basket({ ASSAM: 1 }), key);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    const sold = await first.text();
    const before = await levelOf(near, 'ASSAM');
    await evictDurableObject(orderAt(asOrderId((JSON.parse(sold) as OrderView).id)).stub);
    const again = await place(customer, basket({ ASSAM: 1 }), key);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await again.text()).toBe(sold);
    expect(await levelOf(near, 'ASSAM')).toEqual(before);
  });

  test('twenty taps at once are one order [X3]', async () => {
    const customer = newCustomer();
    const key = newKey();
    const { allocated } = await levelOf(near, 'ASSAM');
    const answers = await Promise.all(Array.from({ length: 20 }, () => place(customer, basket({ ASSAM: 1 }), key)));
    const orders = await Promise.all(answers.map((answer) => bodyOf(OrderView, answer)));
    expect(new Set(orders.map(({ id }) => id)).size).toBe(1);
    expect((await levelOf(near, 'ASSAM')).allocated).toBe(allocated + 1);
  });

  test('the same key with another body is refused and says why [X3]', async () => {
    const customer = newCustomer();
    const key = newKey();
    await (await place(customer, basket({ ASSAM: 1 }), key)).text();
    const other = await place(customer, basket({ ASSAM: 2 }), key);
    expect(other.status).toBe(422);
    expect(await codeOf(other)).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('the same key of another customer is another order [X3] [U4]', async () => {
    const key = newKey();
    const [mine, theirs] = [
      await place(newCustomer(), basket({ ASSAM: 1 }), key),
      await place(newCustomer(), basket({ ASSAM: 1 }), key),
    ];
    expect((await bodyOf(OrderView, mine)).id).not.toBe((await bodyOf(OrderView, theirs)).id);
  });

  test('a replay is answered where nothing could be ordered any more [X3]', async () => {
    const customer = newCustomer();
    const key = newKey();
    const wanted = basket({ ASSAM: 1 });
    const first = await (await place(customer, wanted, key)).text();
    const elsewhere = { ...wanted, deliverTo: FAR_AWAY };
    expect(await codeOf(await place(customer, elsewhere, key))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await codeOf(await place(newCustomer(), elsewhere))).toBe('NOT_SERVICEABLE');
    expect(await (await place(customer, wanted, key)).text()).toBe(first);
  });

  test('goes to the nearest store that has the whole basket [F1] [L2]', async () => {
    const order = await placed(newCustomer(), basket({ RARE: 5 }));
    expect(order.storeId).toBe(far.storeId);
    expect(order.totals.items.amount).toBe(6_000);
  });

  test('names what is short when no store has it all, and takes nothing [I3]', async () => {
    const before = await levelOf(near, 'ASSAM');
    const response = await place(newCustomer(), basket({ ASSAM: 1, RARE: 30 }));
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      numbers: { shortages: [{ sku: 'RARE', requested: 30 }] },
    });
    expect(await levelOf(near, 'ASSAM')).toEqual(before);
  });

  test('two lines of one SKU are one demand [I3]', async () => {
    const lines = [
      { sku: 'RARE', quantity: 12 },
      { sku: 'RARE', quantity: 12 },
    ];
    expect(await codeOf(await place(newCustomer(), { ...basket({}), lines }))).toBe('INSUFFICIENT_STOCK');
    const many = Array.from({ length: 2 }, () => ({ sku: 'ASSAM', quantity: 60 }));
    expect(await codeOf(await place(newCustomer(), { ...basket({}), lines: many }))).toBe('INVALID_INPUT');
  });

  test.each([
    ['no store delivers there', () => ({ ...basket({ ASSAM: 1 }), deliverTo: FAR_AWAY }), 'NOT_SERVICEABLE'],
    ['a SKU nobody sells', () => basket({ ASSAM: 1, COFFEE: 1 }), 'UNKNOWN_SKU'],
    [
      'a card that is declined',
      () => basket({ ASSAM: 1 }, { payment: { method: 'sandbox', token: 'tok_decline' } }),
      'PAYMENT_DECLINED',
    ],
    ['a price of the client’s own', () => ({ ...basket({ ASSAM: 1 }), total: 1 }), 'INVALID_INPUT'],
    ['no lines', () => basket({}), 'INVALID_INPUT'],
    ['a fraction', () => basket({ ASSAM: 0.5 }), 'INVALID_INPUT'],
  ])('refuses: %s [O2] [X8]', async (_, body, code) => {
    expect(await codeOf(await place(newCustomer(), body()))).toBe(code);
  });

  test.each([[''], ['short'], ['x'.repeat(65)], ['with space']])('refuses the Idempotency-Key %j [X3]', async (key) => {
    expect(await codeOf(await place(newCustomer(), basket({ ASSAM: 1 }), key))).toBe('IDEMPOTENCY_KEY_REQUIRED');
  });
});

describe('an order', () => {
  test('is shown to its customer and to operators, and is not there for anyone else [U4] [O1]', async () => {
    const owner = newCustomer();
    const { id, deliveryCode } = await placed(owner, basket({ ASSAM: 1 }));
    const path = `/api/v1/orders/${id}`;
    expect((await bodyOf(OrderView, await call(path, { headers: await bearer(owner) }))).deliveryCode).toBe(
      deliveryCode,
    );
    const operator = await bodyOf(
      OrderView,
      await call(path, { headers: await bearer({ kind: 'operator', userId: newUserId() }) }),
    );
    expect(operator.deliveryCode).toBeUndefined();
    for (const suffix of ['', '/tracking']) {
      expect(await codeOf(await call(path + suffix, { headers: await bearer(newCustomer()) }))).toBe('NOT_FOUND');
    }
    const cancel = { method: 'PUT', body: { reason: 'not mine' }, headers: await bearer(newCustomer()) };
    expect(await codeOf(await call(`${path}/cancel`, cancel))).toBe('NOT_FOUND');
    expect(await codeOf(await call(`/api/v1/orders/ord_${'Z'.repeat(26)}`, { headers: await bearer(owner) }))).toBe(
      'NOT_FOUND',
    );
  });

  test('is tracked [T3]', async () => {
    const owner = newCustomer();
    const { id } = await placed(owner, basket({ ASSAM: 1 }));
    const tracking = await bodyOf(
      TrackingView,
      await call(`/api/v1/orders/${id}/tracking`, { headers: await bearer(owner) }),
    );
    expect(tracking).toMatchObject({ orderId: id, status: 'ASSIGNED_TO_STORE', drop: DOOR, courier: null });
  });

  test('is cancelled once, gives its stock back, and a retry is answered the same [O9]', async () => {
    const owner = newCustomer();
    const { allocated } = await levelOf(near, 'ASSAM');
    const { id } = await placed(owner, basket({ ASSAM: 3 }));
    const headers = { ...(await bearer(owner)), 'idempotency-key': newKey() };
    const cancel = { method: 'PUT', body: { reason: 'changed my mind' }, headers };
    const cancelled = await bodyOf(OrderView, await call(`/api/v1/orders/${id}/cancel`, cancel));
    expect(cancelled.status).toBe('CANCELLED');
    expect((await bodyOf(OrderView, await call(`/api/v1/orders/${id}/cancel`, cancel))).status).toBe('CANCELLED');
    await eventually(async () => (await levelOf(near, 'ASSAM')).allocated === allocated);
  });

  test('has a history in Postgres, and none while that is away: a quick 503 that says so [O1] [X7]', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const response = await call('/api/v1/orders', { headers: await bearer(newCustomer()) });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await codeOf(response)).toBe('UNAVAILABLE');
  });
});

describe('POST webhooks/sandbox', () => {
  const SECRET = 'a-secret-for-tests-of-24-bytes';
  function notice(orderId: OrderId): string {
    return JSON.stringify({ id: 'evt_00000001', type: 'payment.approved', orderId });
  }
  async function send(body: string, signature: string): Promise<Response> {
    return call('/api/v1/webhooks/sandbox', {
      method: 'POST',
      body,
      headers: { [SANDBOX_SIGNATURE_HEADER]: signature },
    });
  }

  test('a signed notice is taken, again and again, also for an order nobody knows [Y5]', async () => {
    const { id } = await placed(newCustomer(), basket({ ASSAM: 1 }));
    for (const orderId of [asOrderId(id), asOrderId(id), asOrderId(`ord_${'Z'.repeat(26)}`)]) {
      const body = notice(orderId);
      expect((await send(body, signNotice(SECRET, body, Date.now()))).status).toBe(204);
    }
  });

  test('a forged, re-serialised or old one is refused [X8]', async () => {
    const body = notice(asOrderId(`ord_${'0'.repeat(26)}`));
    const nowMs = Date.now();
    expect((await send(body, signNotice('another-secret-of-24-bytes!', body, nowMs))).status).toBe(401);
    expect((await send(`${body} `, signNotice(SECRET, body, nowMs))).status).toBe(401);
    expect((await send(body, signNotice(SECRET, body, nowMs - 301_000))).status).toBe(401);
    expect((await call('/api/v1/webhooks/sandbox', { method: 'POST', body })).status).toBe(401);
  });

  test('an approval that comes late ends in a confirmed order [Y4]', async () => {
    const customer: SignedInActor = { kind: 'customer', userId: asUserId(newUserId()) };
    const order = await placed(
      customer,
      basket({ ASSAM: 1 }, { payment: { method: 'sandbox', token: 'tok_approve_late' } }),
    );
    expect(order).toMatchObject({ status: 'PENDING', payment: { action: { kind: 'WAIT_FOR_PROVIDER' } } });
    const headers = await bearer(customer);
    await eventually(
      async () =>
        (await bodyOf(OrderView, await call(`/api/v1/orders/${order.id}`, { headers }))).status === 'ASSIGNED_TO_STORE',
    );
  });
});

describe('what may come instead', () => {
  test('takes what the customer says about replacements to the store that picks, and into no event [F8]', async () => {
    const customer = newCustomer();
    const lines: PlaceOrderBody['lines'] = [
      { sku: 'ASSAM', quantity: 1, replacement: { prefer: 'specific', skus: ['RARE'] } },
    ];
    const order = await placed(customer, basket({}, { lines, avoidAllergens: ['nuts'] }));
    const store = order.storeId === near.storeId ? near : far;
    expect(await rowsOf(store, 'SELECT * FROM order_wishes WHERE order_id = ?', order.id)).toEqual([
      {
        order_id: order.id,
        avoid_allergens: '["nuts"]',
        preferences: '[{"sku":"ASSAM","preference":{"kind":"specific","skus":["RARE"]}}]',
      },
    ]);
    const told = await orderEvents(orderAt(asOrderId(order.id), customer));
    expect(JSON.stringify(told)).not.toMatch(/nuts|RARE/);
    const twice: typeof lines = [...lines, { sku: 'ASSAM', quantity: 1, replacement: { prefer: 'refund' } }];
    expect(await codeOf(await place(customer, basket({}, { lines: twice })))).toBe('INVALID_INPUT');
  });
});
