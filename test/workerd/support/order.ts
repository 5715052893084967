import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { vi } from 'vitest';
import type { Actor } from '../../../contracts/actor.ts';
import { ORDER_EVENTS } from '../../../contracts/events/orders.ts';
import { PAYMENT_EVENTS } from '../../../contracts/events/payments.ts';
import { parseEvent } from '../../../contracts/events/topic.ts';
import type { EventOf, Topic } from '../../../contracts/events/topic.ts';
import type { OrderView } from '../../../contracts/http/orders.ts';
import type { OrderRpc, PaymentChoice, PlaceOrder, ReportPick, StoreCandidate } from '../../../contracts/rpc/order.ts';
import type { OrderEvents } from '../../../durable/env.ts';
import type { OrderObject } from '../../../durable/order/order-object.ts';
import { sandboxShard } from '../../../integrations/payments/sandbox/sandbox-books.ts';
import type { SandboxPspRpc } from '../../../integrations/payments/sandbox/sandbox-books.ts';
import { asSku, asZoneId } from '../../../domain/shared/ids.ts';
import type { CourierId, OrderId } from '../../../domain/shared/ids.ts';
import { by, must, newCourierId, newOrderId, newUserId } from './store.ts';
import type { TestStore } from './store.ts';

export const ZONE = asZoneId('zon_00000000000000000000000001');
const PRICE_MINOR = 1000;
const FEE_MINOR = 500;

export interface TestOrder {
  readonly orderId: OrderId;
  readonly customer: Actor & { kind: 'customer' };
  readonly rpc: OrderRpc & OrderEvents;
  readonly stub: DurableObjectStub<OrderObject>;
}

export function orderAt(orderId: OrderId, customer = newCustomer()): TestOrder {
  const stub = env.ORDER.getByName(orderId);
  return { orderId, customer, stub, rpc: rpcOf(stub) };
}
/** The interface instead of the platform's mapped stub type, which does not come to an end on recursive JSON. */
function rpcOf(stub: unknown): TestOrder['rpc'] {
  return stub as TestOrder['rpc'];
}
export function newOrder(): TestOrder {
  return orderAt(newOrderId());
}
export function newCustomer(): Actor & { kind: 'customer' } {
  return { kind: 'customer', userId: newUserId() };
}

/** The quote of a store: every unit costs 1000 minor, the delivery 500. */
export function quote(store: TestStore, basket: Readonly<Record<string, number>>): StoreCandidate {
  const lines = Object.entries(basket).map(([sku, quantity]) => ({
    sku: asSku(sku),
    name: `${sku} of the house`,
    quantity,
    unitPriceMinor: PRICE_MINOR,
  }));
  const itemsMinor = lines.reduce((sum, { quantity }) => sum + quantity * PRICE_MINOR, 0);
  return {
    storeId: store.storeId,
    storeName: 'Indiranagar',
    zoneId: ZONE,
    location: { lat: 12.9719, lng: 77.6412 },
    distanceM: 800,
    currency: 'INR',
    lines,
    itemsMinor,
    deliveryFeeMinor: FEE_MINOR,
    totalMinor: itemsMinor + FEE_MINOR,
    promiseMs: 15 * 60_000,
  };
}

/** The same order and candidates make the same command. */
export function placeCommand(
  { orderId, customer }: TestOrder,
  candidates: readonly StoreCandidate[],
  payment: PaymentChoice = { method: 'sandbox', token: 'tok_approve' },
): PlaceOrder {
  return {
    ...by(customer, `place:${orderId}` as PlaceOrder['opId']),
    orderId,
    customerId: customer.userId,
    bodyDigest: 'd'.repeat(64),
    drop: { lat: 12.9784, lng: 77.6408 },
    dropNote: 'Blue gate',
    candidates,
    payment,
  };
}

/** A new order of two TEA, placed; its answer is the order as its customer sees it. */
export async function placeAt(
  store: TestStore,
  payment?: PaymentChoice,
): Promise<{ order: TestOrder; view: OrderView }> {
  const order = newOrder();
  const placed = must(await order.rpc.place(placeCommand(order, [quote(store, { TEA: 2 })], payment)));
  return { order, view: placed.order };
}

export async function viewOf({ rpc, customer }: TestOrder): Promise<OrderView> {
  return must(await rpc.view(customer));
}

export function objectOf(object: 'store' | 'courier' | 'order' | 'zone', id: string): Actor {
  return { kind: 'object', object, id };
}

/** What the floor reports of an order. */
export function report(
  store: TestStore,
  order: TestOrder,
  step: ReportPick['step'],
  picked?: ReportPick['picked'],
): ReturnType<OrderRpc['reportPick']> {
  const command = { ...by(objectOf('store', store.storeId)), storeId: store.storeId, step, atMs: Date.now() };
  return order.rpc.reportPick(picked === undefined ? command : { ...command, picked });
}

export function reportCourier(
  order: TestOrder,
  courierId: CourierId,
  step: 'accepted' | 'departed',
): ReturnType<OrderRpc['reportCourier']> {
  return order.rpc.reportCourier({ ...by(objectOf('courier', courierId)), courierId, step, atMs: Date.now() });
}

export function prove(
  order: TestOrder,
  courierId: CourierId,
  code: string,
  collectedMinor?: number,
): ReturnType<OrderRpc['proveDelivery']> {
  const command = { ...by(objectOf('courier', courierId)), courierId, shown: { code } };
  return order.rpc.proveDelivery(collectedMinor === undefined ? command : { ...command, collectedMinor });
}

/** From the store to the door: picked, packed, carried; answers the courier. */
export async function ride(store: TestStore, order: TestOrder): Promise<CourierId> {
  const courierId = newCourierId();
  must(await report(store, order, 'accepted'));
  must(await report(store, order, 'claimed'));
  must(await reportCourier(order, courierId, 'accepted'));
  must(await report(store, order, 'packed'));
  must(await report(store, order, 'handed_over'));
  must(await reportCourier(order, courierId, 'departed'));
  return courierId;
}

/** The code that the customer reads out at the door. */
export async function doorCode(order: TestOrder): Promise<string> {
  const { deliveryCode } = await viewOf(order);
  if (deliveryCode === undefined) throw new Error('the customer sees no code');
  return deliveryCode;
}

/** The books of the sandbox provider. */
export function providerOf({ orderId }: TestOrder): SandboxPspRpc {
  return env.SANDBOX_PSP.getByName(sandboxShard(orderId));
}

export function orderRows<Row extends Record<string, SqlStorageValue>>(
  { stub }: TestOrder,
  query: string,
  ...bindings: unknown[]
): Promise<Row[]> {
  return runInDurableObject(stub, (_object, state) => state.storage.sql.exec<Row>(query, ...bindings).toArray());
}

/** The types of the log's entries, in order. */
export async function logOf(order: TestOrder): Promise<string[]> {
  const rows = await orderRows<{ type: string }>(order, "SELECT event ->> 'type' AS type FROM order_log ORDER BY seq");
  return rows.map(({ type }) => type);
}

async function eventsOf<T extends Topic>(order: TestOrder, topic: T): Promise<EventOf<T>[]> {
  const rows = await orderRows<{ body: string }>(
    order,
    'SELECT body FROM outbox WHERE lane = ? ORDER BY seq',
    `topic ${topic.name}`,
  );
  return rows.map(({ body }) => must(parseEvent(topic, body)));
}
export function orderEvents(order: TestOrder): Promise<EventOf<typeof ORDER_EVENTS>[]> {
  return eventsOf(order, ORDER_EVENTS);
}
export function paymentEvents(order: TestOrder): Promise<EventOf<typeof PAYMENT_EVENTS>[]> {
  return eventsOf(order, PAYMENT_EVENTS);
}

/** Messages to other objects as `<receiver> <method>`, with what they carry. */
export async function messagesOf(order: TestOrder): Promise<{ what: string; command: Record<string, unknown> }[]> {
  const rows = await orderRows<{ body: string }>(
    order,
    "SELECT body FROM outbox WHERE lane LIKE 'object %' ORDER BY seq",
  );
  return rows.map(({ body }) => {
    const { to, method, command } = JSON.parse(body) as {
      to: string;
      method: string;
      command: Record<string, unknown>;
    };
    return { what: `${to} ${method}`, command };
  });
}

/** Waits until it is so; the test's own timeout is the limit. */
export async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await scheduler.wait(5);
}

export async function reaches(order: TestOrder, status: OrderView['status']): Promise<void> {
  await eventually(async () => (await viewOf(order)).status === status);
}

/** Before anybody spies on it. */
// oxlint-disable-next-line no-console -- the objects' log is the console
const { warn } = console;

/**
 * The couriers of these tests speak to the order directly and never accepted anything in their own object, which refuses the
 * order's messages and says so in the log. Every other line of the log stays.
 */
export function muteRefusingCouriers(): void {
  vi.spyOn(console, 'warn').mockImplementation((line: unknown) => {
    if (!String(line).includes('refused by object courier')) warn(line);
  });
}
