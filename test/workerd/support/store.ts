import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import type { Actor } from '../../../contracts/actor.ts';
import { parseEvent } from '../../../contracts/events/topic.ts';
import type { EventOf, Topic } from '../../../contracts/events/topic.ts';
import type { HoldStock, HoldView, HoldRefusal, StoreRpc } from '../../../contracts/rpc/store.ts';
import { STOCK_MOVEMENTS } from '../../../contracts/events/stock.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { Outbox } from '../../../durable/kit/outbox.ts';
import { objectSql } from '../../../durable/kit/sql.ts';
import { LedgerLane } from '../../../durable/store/ledger/ledger-lane.ts';
import type { StoreObject } from '../../../durable/store/store-object.ts';
import { asCourierId, asHoldId, asOpId, asOrderId, asSku, asStoreId, asUserId } from '../../../domain/shared/ids.ts';
import type { CourierId, HoldId, OpId, OrderId, Sku, StoreId, UserId } from '../../../domain/shared/ids.ts';
import type { Result } from '../../../domain/shared/result.ts';

let ids = 0;
function body(): string {
  ids += 1;
  return String(ids).padStart(26, '0');
}
export function newStoreId(): StoreId {
  return asStoreId(`sto_${body()}`);
}
export function newOrderId(): OrderId {
  return asOrderId(`ord_${body()}`);
}
export function newHoldId(): HoldId {
  return asHoldId(`hld_${body()}`);
}
export function newUserId(): UserId {
  return asUserId(`usr_${body()}`);
}
export function newCourierId(): CourierId {
  return asCourierId(`cou_${body()}`);
}
export function newOpId(): OpId {
  return asOpId(`op-${body()}`);
}

export const OPERATOR: Actor & { kind: 'operator' } = { kind: 'operator', userId: newUserId() };
export function orderActor(orderId: OrderId): Actor {
  return { kind: 'object', object: 'order', id: orderId };
}
/** What every command carries, with an operation id of its own. */
export function by(actor: Actor, opId: OpId = newOpId()): { v: number; actor: Actor; opId: OpId } {
  return { v: RPC_VERSION, actor, opId };
}
export function line(sku: string, quantity: number): { sku: Sku; quantity: number } {
  return { sku: asSku(sku), quantity };
}

export interface TestStore {
  readonly storeId: StoreId;
  readonly rpc: StoreRpc;
  readonly stub: DurableObjectStub<StoreObject>;
}

export function storeAt(storeId: StoreId): TestStore {
  const stub = env.STORE.getByName(storeId);
  // The platform's mapped type of a stub widens tuples; the payloads are plain data, so the interface holds.
  return { storeId, stub, rpc: stub as unknown as StoreRpc };
}

/** A store of its own that has published these SKUs and received these units. Barcodes are `<sku>` padded to EAN-13. */
export async function openStore(units: Readonly<Record<string, number>>): Promise<TestStore> {
  const store = storeAt(newStoreId());
  const cards = Object.keys(units).map((sku, i) => ({
    sku: asSku(sku),
    name: `${sku} of the house`,
    bin: `A-${10 - i}`,
    barcodes: [barcodeOf(sku)],
  }));
  must(await store.rpc.publishCatalog({ ...by(OPERATOR), storeName: 'Indiranagar', catalogVersion: 3, cards }));
  const lines = Object.entries(units).flatMap(([sku, quantity]) => (quantity > 0 ? [line(sku, quantity)] : []));
  if (lines.length > 0) must(await store.rpc.receive({ ...by(OPERATOR), receiptId: 'GRN-0', lines }));
  return store;
}

/** 13 digits that differ by SKU. */
export function barcodeOf(sku: string): string {
  const digits = [...sku].map((character) => character.charCodeAt(0) % 100).join('');
  return digits.slice(0, 13).padEnd(13, '0');
}

export function must<T>(result: Result<T, { readonly code: string }>): T {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

/** The order's command to hold a basket; the same value is the same command. */
export function holdCommand(
  orderId: OrderId,
  lines: HoldStock['lines'],
  holdId = newHoldId(),
): HoldStock & { orderId: OrderId } {
  return { ...by(orderActor(orderId)), holdId, kind: 'order', orderId, lines };
}

export async function holdBasket(
  store: TestStore,
  lines: HoldStock['lines'],
): Promise<{ orderId: OrderId; holdId: HoldId; answer: Result<HoldView, HoldRefusal> }> {
  const command = holdCommand(newOrderId(), lines);
  return { orderId: command.orderId, holdId: command.holdId, answer: await store.rpc.hold(command) };
}

/** A confirmed order on the floor: held and committed. */
export async function placeOnFloor(
  store: TestStore,
  lines: HoldStock['lines'],
  promisedAtMs = 1_800_000_000_000,
): Promise<{ orderId: OrderId; holdId: HoldId }> {
  const { orderId, holdId, answer } = await holdBasket(store, lines);
  must(answer);
  must(
    await store.rpc.commit({
      ...by(orderActor(orderId)),
      holdId,
      orderId,
      orderNumber: `K-${orderId.slice(-4)}`,
      promisedAtMs,
    }),
  );
  return { orderId, holdId };
}

/** Rows of the object's own tables. */
export function rowsOf<Row extends Record<string, SqlStorageValue>>(
  store: TestStore,
  query: string,
  ...bindings: unknown[]
): Promise<Row[]> {
  return runInDurableObject(store.stub, (_object, state) => state.storage.sql.exec<Row>(query, ...bindings).toArray());
}

export interface Level extends Record<string, SqlStorageValue> {
  received: number;
  available: number;
  held: number;
  allocated: number;
  picked: number;
  sold: number;
}
export async function levelOf(store: TestStore, sku: string): Promise<Level> {
  const [level] = await rowsOf<Level>(
    store,
    'SELECT received, available, held, allocated, picked, sold FROM stock WHERE sku = ?',
    sku,
  );
  if (level === undefined) throw new Error(`no stock row of ${sku}`);
  return level;
}

/** The events that the object has written for a topic, sent or not, parsed by their schema. */
async function eventsOf<T extends Topic>(store: TestStore, topic: T): Promise<EventOf<T>[]> {
  const rows = await rowsOf<{ body: string }>(
    store,
    'SELECT body FROM outbox WHERE lane = ? ORDER BY seq',
    `topic ${topic.name}`,
  );
  return rows.map(({ body: text }) => parsed(topic, text));
}
function parsed<T extends Topic>(topic: T, text: string): EventOf<T> {
  const event = parseEvent(topic, text);
  if (!event.ok) throw new Error(`${event.error.code}: ${text}`);
  return event.value;
}
/** The ledger is its own outbox: every movement is an event. */
export async function stockEvents(store: TestStore): Promise<EventOf<typeof STOCK_MOVEMENTS>[]> {
  const rows = await runInDurableObject(store.stub, (_object, { storage }) => {
    const sql = objectSql(storage);
    return new LedgerLane(sql, store.storeId, new Outbox(sql, `store/${store.storeId}`)).since(0, 10_000);
  });
  return rows.map(({ body: text }) => parsed(STOCK_MOVEMENTS, text));
}
export function storeEvents(store: TestStore): Promise<EventOf<typeof STORE_EVENTS>[]> {
  return eventsOf(store, STORE_EVENTS);
}
/** Those of them that tell of pick tasks. */
export async function taskEvents(store: TestStore): Promise<TaskEvent[]> {
  return (await storeEvents(store)).filter((event): event is TaskEvent => event.type.startsWith('pick_task.'));
}
type TaskEvent = Extract<EventOf<typeof STORE_EVENTS>, { readonly type: `pick_task.${string}` }>;
/** Their names, without what is the same in all of them. */
export async function milestones(store: TestStore): Promise<string[]> {
  return (await taskEvents(store)).map(({ type }) => type.slice('pick_task.'.length));
}
/** Reports to orders, as written in the outbox. */
export async function reportsTo(
  store: TestStore,
  orderId: OrderId,
): Promise<{ step: string; opId: string; picked?: unknown }[]> {
  const rows = await rowsOf<{ body: string }>(
    store,
    'SELECT body FROM outbox WHERE lane = ? ORDER BY seq',
    `object order ${orderId}`,
  );
  return rows.map(({ body: text }) => (JSON.parse(text) as { command: { step: string; opId: string } }).command);
}

export async function audit(store: TestStore): Promise<{ discrepancies: readonly unknown[] }> {
  return must(await store.rpc.audit(OPERATOR));
}
