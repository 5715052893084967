import { beforeAll, expect, test } from 'vitest';
import { OrderView } from '../../contracts/http/orders.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { asOrderId } from '../../domain/shared/ids.ts';
import { bearer, bodyOf, call, codeOf, DOOR, openShop, publishNetwork, ZONE_ID } from './support/api.ts';
import { act, atWork, offerCommand } from './support/courier.ts';
import { newCustomer, orderAt, ride } from './support/order.ts';
import { closeSockets } from './support/socket.ts';
import { by, must, newCourierId, newUserId, orderActor } from './support/store.ts';
import type { TestStore } from './support/store.ts';

let store: TestStore;
const courier: SignedInActor = { kind: 'courier', userId: newUserId(), courierId: newCourierId(), zoneId: ZONE_ID };
const operator: SignedInActor = { kind: 'operator', userId: newUserId() };

beforeAll(async () => {
  store = await openShop({ ASSAM: 50 });
  await publishNetwork(1, [{ storeId: store.storeId, metresSouth: 300 }]);
});

async function newOrder(customer: SignedInActor): Promise<string> {
  const body = {
    deliverTo: DOOR,
    lines: [{ sku: 'ASSAM', quantity: 1 }],
    payment: { method: 'sandbox', token: 'tok_approve' },
  };
  const headers = { ...(await bearer(customer)), 'idempotency-key': crypto.randomUUID() };
  return (await bodyOf(OrderView, await call('/api/v1/orders', { method: 'POST', body, headers }))).id;
}

async function ask(path: string, actor: SignedInActor): Promise<string> {
  return codeOf(await call(`/api/v1${path}`, { headers: await bearer(actor) }));
}

async function say(path: string, actor: SignedInActor, body: object): Promise<string> {
  return codeOf(await call(`/api/v1${path}`, { method: 'POST', body, headers: await bearer(actor) }));
}

async function said(path: string, actor: SignedInActor, body: object): Promise<number> {
  return (await call(`/api/v1${path}`, { method: 'POST', body, headers: await bearer(actor) })).status;
}

test('there is no delivery before a courier took it, and none for a stranger [T3] [D11]', async () => {
  const customer = newCustomer();
  const delivery = `/deliveries/${(await newOrder(customer)).replace('ord_', 'dlv_')}`;
  for (const path of ['', '/tracking', '/location']) expect(await ask(delivery + path, customer)).toBe('NOT_FOUND');
  expect(await ask(delivery, newCustomer())).toBe('NOT_FOUND');
  expect(await ask('/deliveries/ord_00000000000000000000000001', customer)).toBe('INVALID_INPUT');
});

test('a courier moves what it was given, by one proof, and nothing else [D11]', async () => {
  const status = `/deliveries/${(await newOrder(newCustomer())).replace('ord_', 'dlv_')}/status`;
  expect(await say(status, courier, { status: 'PICKED' })).toBe('NOT_FOUND');
  expect(await say(status, courier, { status: 'IN_TRANSIT' })).toBe('NOT_ASSIGNED');
  expect(await say(status, courier, { status: 'DELIVERED', code: '1234' })).toBe('NOT_ASSIGNED');
  expect(await say(status, courier, { status: 'DELIVERED' })).toBe('INVALID_INPUT');
  expect(await say(status, courier, { status: 'ASSIGNED' })).toBe('INVALID_INPUT');
  expect(await say(status, operator, { status: 'IN_TRANSIT' })).toBe('FORBIDDEN');
});

test('what was refused too early is heard when its time has come [D11] [D9]', async () => {
  const { courier: rider, phone } = await atWork(ZONE_ID);
  const offer = offerCommand(ZONE_ID);
  must(await rider.rpc.offer(offer));
  await act(phone, { do: 'acceptOffer', offerId: offer.offerId });
  const status = `/deliveries/${offer.orderId.replace('ord_', 'dlv_')}/status`;
  expect(await say(status, rider.actor, { status: 'IN_TRANSIT' })).toBe('ILLEGAL_TRANSITION');
  must(await rider.rpc.moveJob({ ...by(orderActor(offer.orderId)), orderId: offer.orderId, step: 'picked_up' }));
  expect(await said(status, rider.actor, { status: 'IN_TRANSIT' })).toBe(200);

  const customer = newCustomer();
  const order = orderAt(asOrderId(await newOrder(customer)), customer);
  const delivered = `/orders/${order.orderId}/delivered`;
  expect(await say(delivered, operator, { reason: 'phone' })).toBe('ILLEGAL_TRANSITION');
  await ride(store, order);
  expect(await said(delivered, operator, { reason: 'phone' })).toBe(200);
  closeSockets();
});

test('an operator reassigns only what has a courier, and by a reason of the list [D9]', async () => {
  const customer = newCustomer();
  const order = `/orders/${await newOrder(customer)}`;
  expect(await say(`${order}/reassign`, operator, { reason: 'NO_SHOW' })).toBe('NOT_REASSIGNABLE');
  expect(await say(`${order}/reassign`, operator, { reason: 'BECAUSE' })).toBe('INVALID_INPUT');
  expect(await say(`${order}/reassign`, customer, { reason: 'NO_SHOW' })).toBe('FORBIDDEN');
  expect(await say(`${order}/delivered`, operator, { reason: 'phone' })).toBe('ILLEGAL_TRANSITION');
});

test('the wait of a long poll is bounded, and a stream starts with the whole [T2]', async () => {
  const customer = newCustomer();
  const order = `/orders/${await newOrder(customer)}`;
  expect(await ask(`${order}/updates?waitMs=25001`, customer)).toBe('INVALID_INPUT');
  expect(await ask(`${order}/events`, newCustomer())).toBe('NOT_FOUND');
  const response = await call(`/api/v1${order}/events`, { headers: await bearer(customer) });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body?.getReader();
  let text = '';
  while (!text.includes('event: snapshot\nid: 4\n')) {
    text += new TextDecoder().decode((await reader?.read())?.value as Uint8Array | undefined);
  }
  expect(text).toMatch(/^retry: \d+\n\n/);
  await reader?.cancel();
});
