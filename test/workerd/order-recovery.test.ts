import { env } from 'cloudflare:workers';
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { KIT_MIGRATIONS } from '../../durable/kit/kit-migrations.ts';
import { Deadlines } from '../../durable/kit/deadlines.ts';
import { migrate } from '../../durable/kit/migrate.ts';
import { Outbox } from '../../durable/kit/outbox.ts';
import { objectSql } from '../../durable/kit/sql.ts';
import { drawTerms } from '../../durable/order/draw-terms.ts';
import { OrderBook } from '../../durable/order/order-book.ts';
import { ORDER_MIGRATIONS } from '../../durable/order/order-migrations.ts';
import { offeredGateway } from '../../durable/order/order-gateways.ts';
import { makeCall } from '../../durable/order/saga-calls.ts';
import type { SagaParties } from '../../durable/order/saga-calls.ts';
import { customerStub, storeStub } from '../../durable/stubs.ts';
import type { ObjectEnv } from '../../durable/env.ts';
import type { CallStep, OrderEvent, OrderState } from '../../domain/order/order.ts';
import { conclude } from '../../domain/order/outcome.ts';
import { record } from '../../domain/order/record.ts';
import { audit, levelOf, must, openStore } from './support/store.ts';
import {
  eventually,
  logOf,
  newOrder,
  orderEvents,
  paymentEvents,
  placeAt,
  placeCommand,
  providerOf,
  quote,
  reaches,
  report,
  viewOf,
} from './support/order.ts';

const BY = { kind: 'test', id: 'crash' };
const objects = env as unknown as ObjectEnv;
const parties: SagaParties = {
  store: (id) => storeStub(objects, id),
  gateway: (terms) => offeredGateway(objects, terms),
  wallet: (id) => customerStub(objects, id),
};

/** An order as a crash left it: its log up to the start of a call, that call made or not, and nothing in memory. */
class CrashedOrder {
  readonly order = newOrder();
  readonly #facts: (readonly OrderEvent[])[] = [];
  #seq = 0;
  state: OrderState | null = null;

  #append(events: readonly OrderEvent[]): void {
    const recorded = record(this.state, this.#seq, events, { atMs: Date.now(), by: BY });
    if (recorded === null) return;
    this.#facts.push(events);
    this.#seq += recorded.entries.length;
    this.state = recorded.state;
  }

  place(command: ReturnType<typeof placeCommand>): void {
    this.#append([
      { type: 'order.placed', ...drawTerms(command, [command.payment.method === 'cod' ? 'cod' : 'sandbox']) },
    ]);
  }

  tell(event: OrderEvent): void {
    this.#append([event]);
  }

  /** Goes on, really, until this call is on record. */
  async until(step: CallStep): Promise<void> {
    while (this.state?.call?.step !== step) await this.makeCall();
  }

  async makeCall(remember = true): Promise<void> {
    const { state } = this;
    if (state === null || state.call === null) throw new Error('no call is open');
    const outcome = await makeCall(parties, state, state.call, undefined);
    if (remember) this.#append(conclude(state, state.call.opId, outcome, { nowMs: Date.now(), jitter: 0 }));
  }

  /** Writes the image into the order's object and wakes it by its alarm. */
  async wake(): Promise<void> {
    await runInDurableObject(this.order.stub, async (_object, { storage }) => {
      const sql = objectSql(storage);
      migrate(sql, 'kit', KIT_MIGRATIONS);
      migrate(sql, 'order', ORDER_MIGRATIONS);
      const book = new OrderBook({
        sql,
        outbox: new Outbox(sql, 'order/test'),
        deadlines: new Deadlines(sql),
        transaction: (body) => sql.transaction(body),
      });
      for (const facts of this.#facts) {
        book.transaction(() => {
          book.record(facts, BY, Date.now());
        });
      }
      sql.run('UPDATE deadlines SET due_at_ms = ?', Date.now());
      await storage.setAlarm(Date.now() + 60_000);
    });
    await evictDurableObject(this.order.stub);
    await runDurableObjectAlarm(this.order.stub);
  }
}

const STEPS: readonly CallStep[] = ['hold', 'pay', 'commit'];
const POINTS = STEPS.flatMap((step) => [`${step}, not made`, `${step}, made`] as const);

function read(point: string): { step: CallStep; made: boolean } {
  const [step = 'hold', rest = ''] = point.split(', ');
  return { step: step as CallStep, made: rest === 'made' };
}

describe('a saga that a crash has cut', () => {
  it.each(POINTS)(
    'at %s, is carried on by the alarm to one order, one hold and one charge [O10] [X3]',
    async (point) => {
      const { step, made } = read(point);
      const store = await openStore({ TEA: 5 });
      const crashed = new CrashedOrder();
      crashed.place(placeCommand(crashed.order, [quote(store, { TEA: 2 })]));
      await crashed.until(step);
      if (made) await crashed.makeCall(false);
      await crashed.wake();
      await reaches(crashed.order, 'ASSIGNED_TO_STORE');
      expect(await levelOf(store, 'TEA')).toMatchObject({ available: 3, held: 0, allocated: 2 });
      expect(await providerOf(crashed.order).find(crashed.order.orderId)).toMatchObject({
        status: 'AUTHORIZED',
        authorizedMinor: 2500,
      });
      expect((await audit(store)).discrepancies).toEqual([]);
      const types = await logOf(crashed.order);
      expect(types.filter((type) => type === 'stock.held' || type === 'payment.authorized')).toHaveLength(2);
    },
  );

  it.each(POINTS)(
    'at %s, and cancelled meanwhile, ends with nothing held and nothing charged [O9] [O10]',
    async (point) => {
      const { step, made } = read(point);
      const store = await openStore({ TEA: 5 });
      const crashed = new CrashedOrder();
      crashed.place(placeCommand(crashed.order, [quote(store, { TEA: 2 })]));
      await crashed.until(step);
      if (made) await crashed.makeCall(false);
      crashed.tell({ type: 'order.cancelled', code: 'BY_CUSTOMER', reason: 'changed my mind' });
      await crashed.wake();
      const { order } = crashed;
      await eventually(async () => (await levelOf(store, 'TEA')).available === 5);
      await eventually(async () => {
        const payment = await providerOf(order).find(order.orderId);
        return payment === null || payment.status === 'VOIDED';
      });
      expect((await viewOf(order)).status).toBe('CANCELLED');
      expect(await levelOf(store, 'TEA')).toMatchObject({ available: 5, held: 0, allocated: 0 });
    },
  );

  it('at the capture, takes the money once [Y4]', async () => {
    const store = await openStore({ TEA: 5 });
    const crashed = new CrashedOrder();
    crashed.place(placeCommand(crashed.order, [quote(store, { TEA: 2 })]));
    await crashed.until('commit');
    await crashed.makeCall();
    crashed.tell({ type: 'order.picking_started' });
    crashed.tell({ type: 'order.ready', picked: [{ sku: 'TEA' as never, quantity: 1 }], finalMinor: 1500 });
    await crashed.makeCall(false);
    await crashed.wake();
    await eventually(async () => (await viewOf(crashed.order)).payment.status === 'CAPTURED');
    expect(await providerOf(crashed.order).find(crashed.order.orderId)).toMatchObject({ capturedMinor: 1500 });
  });

  it('tells the retry what the order has become, and every later one the same [X3]', async () => {
    const store = await openStore({ TEA: 5 });
    const crashed = new CrashedOrder();
    const command = placeCommand(crashed.order, [quote(store, { TEA: 2 })]);
    crashed.place(command);
    await crashed.until('pay');
    await crashed.wake();
    const first = must(await crashed.order.rpc.place(command));
    expect(first.order.status).toBe('ASSIGNED_TO_STORE');
    expect(must(await crashed.order.rpc.place(command))).toEqual({ ...first, replayed: true });
  });

  it('comes to the same state after any eviction, and sends no event twice [O12]', async () => {
    const store = await openStore({ TEA: 5 });
    const { order } = await placeAt(store);
    const before = await viewOf(order);
    const events = await orderEvents(order);
    await evictDurableObject(order.stub);
    await runDurableObjectAlarm(order.stub);
    expect(await viewOf(order)).toEqual(before);
    must(await report(store, order, 'claimed'));
    await evictDurableObject(order.stub);
    must(await report(store, order, 'packed'));
    await eventually(async () => (await viewOf(order)).payment.status === 'CAPTURED');
    expect((await orderEvents(order)).slice(0, events.length)).toEqual(events);
    expect((await paymentEvents(order)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });
});
