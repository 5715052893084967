import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Command } from '../../contracts/actor.ts';
import { COURIER_EVENTS } from '../../contracts/events/couriers.ts';
import { DISPATCH_DECISIONS } from '../../contracts/events/dispatch.ts';
import { parseEvent } from '../../contracts/events/topic.ts';
import type { EventOf, Topic } from '../../contracts/events/topic.ts';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { DurableCall } from '../../contracts/rpc/durable-call.ts';
import { openCourierBooks } from '../../durable/courier/courier-books.ts';
import type { CourierBooks } from '../../durable/courier/courier-books.ts';
import { COURIER_MIGRATIONS } from '../../durable/courier/courier-migrations.ts';
import { concludeDelivery, confirmJob, withdrawJob } from '../../durable/courier/jobs.ts';
import { OFFER_DEADLINE, takeOffer, timeOutOffer, withdrawOffers } from '../../durable/courier/offers.ts';
import { Deadlines } from '../../durable/kit/deadlines.ts';
import { KIT_MIGRATIONS } from '../../durable/kit/kit-migrations.ts';
import { migrate } from '../../durable/kit/migrate.ts';
import type { Migration } from '../../durable/kit/migrate.ts';
import { OpJournal } from '../../durable/kit/ops.ts';
import { Outbox } from '../../durable/kit/outbox.ts';
import type { SqlPort } from '../../durable/kit/sql.ts';
import { openZoneBooks } from '../../durable/zone/zone-books.ts';
import type { ZoneBooks } from '../../durable/zone/zone-books.ts';
import {
  announceReady,
  answerOffer,
  giveUpOn,
  LOOK_DEADLINE,
  match,
  requestCourier,
  updateCandidate,
  withdraw,
} from '../../durable/zone/matching.ts';
import { ANSWER_DEADLINE } from '../../durable/zone/proposals.ts';
import { ZONE_MIGRATIONS } from '../../durable/zone/zone-migrations.ts';
import { asCourierId, asOfferId, asOpId, asOrderId, asStoreId, asZoneId } from '../../domain/shared/ids.ts';
import type { CourierId, OrderId } from '../../domain/shared/ids.ts';
import { ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { nodeSql } from './node-sql.ts';

export const ZONE = asZoneId('zon_00000000000000000000000001');
const STORE = { storeId: asStoreId('sto_00000000000000000000000001'), pickup: { lat: 19.06, lng: 72.83 } };
const DROP = { lat: 19.07, lng: 72.84 };

function numbered(prefix: string, n: number): string {
  return `${prefix}_${String(n).padStart(26, '0')}`;
}
export function courierId(n: number): CourierId {
  return asCourierId(numbered('cou', n));
}
export function orderId(n: number): OrderId {
  return asOrderId(numbered('ord', n));
}
/** So many metres north of the store. */
export function northOf(metres: number): { lat: number; lng: number } {
  return { lat: STORE.pickup.lat + metres / 111_195.08, lng: STORE.pickup.lng };
}

/** An object's storage in memory, with what the kit would give it. */
class Memory {
  readonly sql: SqlPort = nodeSql();
  readonly ops: OpJournal;
  readonly outbox: Outbox;
  readonly deadlines: Deadlines;
  constructor(name: string, id: string, migrations: readonly Migration[]) {
    migrate(this.sql, 'kit', KIT_MIGRATIONS);
    migrate(this.sql, name, migrations);
    this.ops = new OpJournal(this.sql);
    this.outbox = new Outbox(this.sql, `${name}/${id}`);
    this.deadlines = new Deadlines(this.sql);
  }
}

/** What an order's object does about its courier, and nothing else. */
export interface PlainOrder {
  status: 'REQUESTED' | 'ASSIGNED' | 'DELIVERED' | 'CANCELLED';
  courier: CourierId | null;
}

interface Mail {
  readonly from: string;
  readonly lane: string;
  readonly call: DurableCall;
  done(): void;
}

/**
 * A zone, its couriers and their orders, one clock, and the post between them in the hands of a test: which message goes next,
 * which one twice. Lanes stay in order, as the outbox promises.
 */
export class DispatchWorld {
  nowMs = 1_700_000_000_000;
  readonly zone: ZoneBooks;
  readonly orders = new Map<OrderId, PlainOrder>();
  readonly #zoneMemory = new Memory('zone', ZONE, ZONE_MIGRATIONS);
  readonly #couriers = new Map<CourierId, { memory: Memory; books: CourierBooks }>();
  /** The orders' outboxes, by lane. */
  readonly #orderMail = new Map<string, DurableCall[]>();
  #offers = 0;

  constructor(couriers: number) {
    this.zone = openZoneBooks(ZONE, this.#zoneMemory, () => {
      this.#offers += 1;
      return asOfferId(numbered('off', this.#offers));
    });
    for (let n = 1; n <= couriers; n += 1) {
      const memory = new Memory('courier', courierId(n), COURIER_MIGRATIONS);
      const books = openCourierBooks(courierId(n), memory, () => null);
      this.#couriers.set(courierId(n), { memory, books });
    }
  }

  courier(n: number): CourierBooks {
    return this.#courier(courierId(n)).books;
  }

  /** A change of one object, as one transaction. */
  at<T>(books: CourierBooks, change: (books: CourierBooks, nowMs: number) => T): T {
    return this.#courier(books.courierId).memory.sql.transaction(() => change(books, this.nowMs));
  }

  request(n: number, pickup = STORE.pickup, readyAtMs = this.nowMs): void {
    this.orders.set(orderId(n), { status: 'REQUESTED', courier: null });
    const command = {
      ...this.#by(n, 'request'),
      ...STORE,
      pickup,
      storeName: 'Bandra',
      orderId: orderId(n),
      drop: DROP,
    };
    this.#post(orderId(n), {
      to: 'zone',
      id: ZONE,
      method: 'requestCourier',
      command: { ...command, readyAtMs },
    });
  }

  bagsReady(n: number): void {
    const command = { ...this.#by(n, 'ready'), orderId: orderId(n), readyAtMs: this.nowMs };
    this.#post(orderId(n), { to: 'zone', id: ZONE, method: 'announceReady', command });
  }

  cancel(n: number): void {
    const order = this.orders.get(orderId(n));
    if (order === undefined || order.status === 'DELIVERED' || order.status === 'CANCELLED') return;
    order.status = 'CANCELLED';
    const command = { ...this.#by(n, 'withdraw'), orderId: orderId(n), reason: 'BY_CUSTOMER' };
    this.#post(orderId(n), { to: 'zone', id: ZONE, method: 'withdraw', command });
    if (order.courier !== null) this.#turnAway(orderId(n), order.courier);
  }

  /** The courier proves the delivery of whatever is in hand; the order says no to anyone but its own courier. */
  deliverAll(n: number): void {
    const books = this.courier(n);
    for (const id of books.rows.liveOrderIds()) {
      const order = this.orders.get(id);
      if (order?.status !== 'ASSIGNED' || order.courier !== books.courierId) continue;
      order.status = 'DELIVERED';
      this.at(books, (own, nowMs) => concludeDelivery(own, id, nowMs));
    }
  }

  /** What could be delivered next: the head of every lane. */
  mail(): Mail[] {
    const mail: Mail[] = [];
    for (const { memory, from } of this.#memories()) {
      for (const lane of memory.outbox.openLanes()) {
        const row = memory.outbox.batch(lane)[0];
        if (row === undefined || !lane.startsWith('object ')) continue;
        mail.push({
          from,
          lane,
          call: readOwnJson<DurableCall>(row.body),
          done: () => memory.outbox.markSent(lane, row.seq, this.nowMs),
        });
      }
    }
    for (const [lane, calls] of this.#orderMail) {
      const [call] = calls;
      if (call !== undefined) mail.push({ from: 'order', lane, call, done: () => void calls.shift() });
    }
    return mail;
  }

  /** Delivers one message; `ack` false when the answer is lost, so that it comes again. */
  deliver(mail: Mail, ack = true): void {
    this.#receive(mail.call);
    if (ack) mail.done();
  }

  /** Delivers until nothing is under way. */
  settle(): void {
    for (let turns = 0; turns < 10_000; turns += 1) {
      const [next] = this.mail();
      if (next === undefined) return;
      this.deliver(next);
    }
    throw new Error('the objects never stop writing to each other');
  }

  pass(ms: number): void {
    this.nowMs += ms;
    for (const { memory, ring } of this.#memories()) {
      for (const deadline of memory.deadlines.due(this.nowMs, 100)) {
        memory.sql.transaction(() => ring(deadline.kind, deadline.ref));
        memory.deadlines.served(deadline);
      }
    }
  }

  decisions(): EventOf<typeof DISPATCH_DECISIONS>[] {
    return eventsOf(this.#zoneMemory, DISPATCH_DECISIONS);
  }
  courierEvents(n: number): EventOf<typeof COURIER_EVENTS>[] {
    return eventsOf(this.#courier(courierId(n)).memory, COURIER_EVENTS);
  }
  /** Who has the order in hand now. */
  carriers(order: OrderId): CourierId[] {
    return [...this.#couriers.values()].flatMap(({ books }) =>
      books.rows.liveOrderIds().includes(order) ? [books.courierId] : [],
    );
  }

  #receive(call: DurableCall): Result<unknown, unknown> {
    switch (call.to) {
      case 'zone':
        return this.#zoneMemory.sql.transaction(() => {
          if (call.method === 'updateCandidate') return updateCandidate(this.zone, call.command, this.nowMs);
          return this.#zoneMemory.ops.once(call.method, call.command, this.nowMs, () => {
            if (call.method === 'requestCourier') return requestCourier(this.zone, call.command, this.nowMs);
            if (call.method === 'announceReady') return announceReady(this.zone, call.command, this.nowMs);
            if (call.method === 'withdraw') return withdraw(this.zone, call.command, this.nowMs);
            return answerOffer(this.zone, call.command, this.nowMs);
          });
        });
      case 'courier': {
        const { memory, books } = this.#courier(asCourierId(call.id));
        return memory.sql.transaction(() =>
          memory.ops.once<null, unknown>(call.method, call.command, this.nowMs, () => this.#tellCourier(books, call)),
        );
      }
      case 'order':
        if (call.method === 'reportCourier') this.#accepted(asOrderId(call.id), call.command.courierId);
        return ok(null);
      case 'store':
      case 'customer':
        throw new Error(`no ${call.to} here`);
    }
  }

  #tellCourier(books: CourierBooks, call: DurableCall & { to: 'courier' }): Result<null, unknown> {
    switch (call.method) {
      case 'offer':
        return takeOffer(books, call.command, this.nowMs);
      case 'confirmJob':
        return confirmJob(books, call.command, this.nowMs);
      case 'moveJob': {
        const { actor, orderId: order } = call.command;
        if (actor.kind === 'object' && actor.object === 'zone') withdrawOffers(books, ZONE, order, this.nowMs);
        else withdrawJob(books, order, 'TAKEN', this.nowMs);
        return ok(null);
      }
    }
  }

  /** The order takes the first courier it still needs and sends any other home. */
  #accepted(id: OrderId, courier: CourierId): void {
    const order = this.orders.get(id);
    if (order === undefined) throw new Error(`${id} was never placed`);
    if (order.status === 'REQUESTED') {
      order.status = 'ASSIGNED';
      order.courier = courier;
    } else if (order.courier !== courier) this.#turnAway(id, courier);
  }

  #turnAway(id: OrderId, courier: CourierId): void {
    const opId = asOpId(`${id}:away:${courier}:${this.nowMs}`);
    const command = { v: RPC_VERSION, actor: { kind: 'object', object: 'order', id }, opId } as const;
    this.#post(id, {
      to: 'courier',
      id: courier,
      method: 'moveJob',
      command: { ...command, orderId: id, step: 'withdrawn' },
    });
  }

  #post(from: OrderId, call: DurableCall): void {
    const lane = `${from} ${call.to} ${call.id}`;
    this.#orderMail.set(lane, [...(this.#orderMail.get(lane) ?? []), call]);
  }

  #by(n: number, what: string): Command {
    const id = orderId(n);
    return { v: RPC_VERSION, actor: { kind: 'object', object: 'order', id }, opId: asOpId(`${id}:${what}`) };
  }

  #courier(id: CourierId): { memory: Memory; books: CourierBooks } {
    const courier = this.#couriers.get(id);
    if (courier === undefined) throw new Error(`no courier ${id}`);
    return courier;
  }

  *#memories(): Generator<{ from: string; memory: Memory; ring(kind: string, ref: string): void }> {
    yield {
      from: 'zone',
      memory: this.#zoneMemory,
      ring: (kind, ref) => {
        if (kind === ANSWER_DEADLINE) giveUpOn(this.zone, ref, this.nowMs);
        if (kind === LOOK_DEADLINE) match(this.zone, this.nowMs);
      },
    };
    for (const { memory, books } of this.#couriers.values()) {
      yield {
        from: books.courierId,
        memory,
        ring: (kind, ref) => {
          if (kind === OFFER_DEADLINE) timeOutOffer(books, ref, this.nowMs);
        },
      };
    }
  }
}

function eventsOf<T extends Topic>({ sql }: Memory, topic: T): EventOf<T>[] {
  const rows = sql.all<{ body: string }>('SELECT body FROM outbox WHERE lane = ? ORDER BY seq', `topic ${topic.name}`);
  return rows.map(({ body }) => {
    const event = parseEvent(topic, body);
    if (!event.ok) throw new Error(`${event.error.code}: ${body}`);
    return event.value;
  });
}
