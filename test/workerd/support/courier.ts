import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import type { Actor } from '../../../contracts/actor.ts';
import { COURIER_EVENTS } from '../../../contracts/events/couriers.ts';
import { DISPATCH_DECISIONS } from '../../../contracts/events/dispatch.ts';
import { parseEvent } from '../../../contracts/events/topic.ts';
import type { EventOf, Topic } from '../../../contracts/events/topic.ts';
import type { CourierRpc, OfferJob } from '../../../contracts/rpc/courier.ts';
import type { UpdateCandidate, ZoneRpc } from '../../../contracts/rpc/zone.ts';
import type { CourierState } from '../../../contracts/ws/courier.ts';
import type { CourierObject } from '../../../durable/courier/courier-object.ts';
import type { ZoneObject } from '../../../durable/zone/zone-object.ts';
import { OFFER_MS } from '../../../domain/dispatch/offer.ts';
import { asOfferId, asZoneId } from '../../../domain/shared/ids.ts';
import type { CourierId, OfferId, OrderId, StoreId, ZoneId } from '../../../domain/shared/ids.ts';
import { objectOf } from './order.ts';
import { openSocket, until, upgradeRequest } from './socket.ts';
import type { Frame, HandSocket } from './socket.ts';
import { by, must, newCourierId, newOpId, newOrderId, newStoreId, newUserId } from './store.ts';

/** Where the test store of the orders is. */
export const STORE_AT = { lat: 12.9719, lng: 77.6412 };
/** So many metres north of the store. */
export function northOf(metres: number): { lat: number; lng: number } {
  return { lat: STORE_AT.lat + metres / 111_195.08, lng: STORE_AT.lng };
}

let ids = 0;
function numbered(prefix: string): string {
  ids += 1;
  return `${prefix}_${String(ids).padStart(26, '0')}`;
}
/** Its numbers are far from the zone that the orders of other tests share. */
export function newZoneId(): ZoneId {
  ids += 1;
  return asZoneId(`zon_${String(ids + 1000).padStart(26, '0')}`);
}
export function newOfferId(): OfferId {
  return asOfferId(numbered('off'));
}

export interface TestZone {
  readonly zoneId: ZoneId;
  readonly rpc: ZoneRpc;
  readonly stub: DurableObjectStub<ZoneObject>;
}
export function zoneAt(zoneId = newZoneId()): TestZone {
  const stub = env.ZONE.getByName(zoneId);
  const rpc: unknown = stub;
  // Held against the interface whole, the platform's mapped type of a stub is too deep for the compiler.
  return { zoneId, stub, rpc: rpc as ZoneRpc };
}

export interface TestCourier {
  readonly courierId: CourierId;
  readonly actor: Actor & { kind: 'courier' };
  readonly rpc: CourierRpc;
  readonly stub: DurableObjectStub<CourierObject>;
}
export function courierOf(zoneId: ZoneId): TestCourier {
  const courierId = newCourierId();
  const stub = env.COURIER.getByName(courierId);
  const rpc: unknown = stub;
  return {
    courierId,
    actor: { kind: 'courier', userId: newUserId(), courierId, zoneId },
    stub,
    rpc: rpc as CourierRpc,
  };
}

export function app(courier: TestCourier, after: number | null = null): Promise<HandSocket> {
  return openSocket(courier.stub, upgradeRequest(courier.actor, { after }));
}
export function act(socket: HandSocket, command: Record<string, unknown>, id: string = newOpId()): Promise<Frame> {
  return socket.act(command, id);
}

/** A courier at work, so many metres from the store, with the app open. */
export async function atWork(zoneId: ZoneId, metres = 100): Promise<{ courier: TestCourier; phone: HandSocket }> {
  const courier = courierOf(zoneId);
  const phone = await app(courier);
  const answer = await act(phone, { do: 'startShift', at: northOf(metres) });
  if (answer['ok'] !== true) throw new Error(JSON.stringify(answer));
  return { courier, phone };
}

/** The state as the app knows it: the last one it was sent. */
export function stateOf(socket: HandSocket): CourierState | undefined {
  const last = socket.frames.findLast(({ t }) => t === 'snapshot' || t === 'delta');
  if (last === undefined) return undefined;
  return (last.t === 'snapshot' ? last['state'] : (last['delta'] as { state: CourierState }).state) as CourierState;
}
export function seesOffer(socket: HandSocket): Promise<CourierState['offers'][number]> {
  return until(() => stateOf(socket)?.offers[0]);
}
export function seesJob(socket: HandSocket, status: string): Promise<CourierState['jobs'][number]> {
  return until(() => stateOf(socket)?.jobs.find((job) => job.status === status));
}

export function offerCommand(
  zoneId: ZoneId,
  orderId: OrderId = newOrderId(),
  storeId: StoreId = newStoreId(),
): OfferJob {
  return {
    ...by(objectOf('zone', zoneId)),
    offerId: newOfferId(),
    zoneId,
    orderId,
    storeId,
    storeName: 'Indiranagar',
    pickup: STORE_AT,
    toPickupM: 100,
    tripM: 800,
    expiresAtMs: Date.now() + OFFER_MS,
  };
}

/** What a courier's object would say of a courier so many metres from the store. */
export function candidate(courierId: CourierId, metres = 100, rest: Partial<UpdateCandidate> = {}): UpdateCandidate {
  return {
    ...by(objectOf('courier', courierId)),
    courierId,
    version: 1,
    onShift: true,
    position: northOf(metres),
    load: 0,
    capacity: 1,
    ...rest,
  };
}

type AnyStub = DurableObjectStub<CourierObject> | DurableObjectStub<ZoneObject>;

export function rowsIn<Row extends Record<string, SqlStorageValue>>(
  stub: AnyStub,
  query: string,
  ...bindings: unknown[]
): Promise<Row[]> {
  // Two classes with one way in; the platform types it per class.
  return runInDurableObject(stub as DurableObjectStub<CourierObject>, (_object, state) =>
    state.storage.sql.exec<Row>(query, ...bindings).toArray(),
  );
}

/** Messages to other objects, `<receiver> <method>`, in the order written. */
export async function messagesFrom(
  stub: AnyStub,
): Promise<{ what: string; id: string; command: Record<string, unknown> }[]> {
  const rows = await rowsIn<{ body: string }>(stub, "SELECT body FROM outbox WHERE lane LIKE 'object %' ORDER BY seq");
  return rows.map(({ body }) => {
    const { to, id, method, command } = JSON.parse(body) as {
      to: string;
      id: string;
      method: string;
      command: Record<string, unknown>;
    };
    return { what: `${to} ${method}`, id, command };
  });
}

async function eventsIn<T extends Topic>(stub: AnyStub, topic: T): Promise<EventOf<T>[]> {
  const rows = await rowsIn<{ body: string }>(
    stub,
    'SELECT body FROM outbox WHERE lane = ? ORDER BY seq',
    `topic ${topic.name}`,
  );
  return rows.map(({ body }) => must(parseEvent(topic, body)));
}
/** The types of the courier's events, without their prefix. */
export async function courierEvents({ stub }: TestCourier): Promise<string[]> {
  return (await eventsIn(stub, COURIER_EVENTS)).map(({ type }) => type.slice('courier.'.length));
}
export function decisionsOf({ stub }: TestZone): Promise<EventOf<typeof DISPATCH_DECISIONS>[]> {
  return eventsIn(stub, DISPATCH_DECISIONS);
}
