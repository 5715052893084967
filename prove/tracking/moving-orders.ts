import { setTimeout as sleep } from 'node:timers/promises';
import { OrderLogView } from '../../contracts/http/order-saga.ts';
import { OrderView } from '../../contracts/http/orders.ts';
import type { TrackingDelta } from '../../contracts/ws/tracking.ts';
import { DEMO_STORES, type DemoStore } from '../../db/seed/network.ts';
import { replay } from '../../domain/order/evolve.ts';
import type { LogEntry } from '../../domain/order/order.ts';
import { newsFeed } from '../../durable/order/tracking-view.ts';
import { ApiProblem } from '../../scripts/client/api-problem.ts';
import type { Operator } from '../../scripts/client/operator.ts';
import { Session } from '../../scripts/client/session.ts';
import { drawDoorstep } from '../../scripts/demo/doorstep.ts';
import { Floor } from '../../scripts/demo/floor.ts';
import { MeetingPoints } from '../../scripts/demo/meeting-points.ts';
import { customersAt } from '../../scripts/demo/people.ts';
import { placeOrder } from '../../scripts/demo/placing.ts';
import { Timeline } from '../../scripts/demo/timeline.ts';
import { seededRandom } from '../../scripts/shared/seeded-random.ts';
import type { OrderNews } from './judge-watcher.ts';

const TABLETS_A_STORE = 3;
/** Some are cancelled on their way, wherever they are. */
const CANCELLED_SHARE = 0.2;
const OVER: readonly OrderView['status'][] = ['CLOSED', 'CANCELLED', 'REFUNDED'];
const LOOK_EVERY_MS = 500;

export interface MovingOptions {
  readonly operator: Operator;
  readonly orders: number;
  readonly seed: number;
}

/** Orders at all stores of the demo, picked by its tablets and carried by its couriers. */
export class MovingOrders {
  readonly ids: readonly string[];
  readonly #operator: Operator;
  readonly #floor: Floor;
  readonly #random: () => number;
  readonly #stores: readonly string[];
  #cancelling: Promise<unknown> = Promise.resolve();
  /** Whoever stopped working, in a sentence. */
  readonly troubles: string[] = [];

  private constructor({ operator, seed }: MovingOptions, placed: readonly OrderView[], meetings: MeetingPoints) {
    this.#operator = operator;
    this.#random = seededRandom(seed);
    this.ids = placed.map(({ id }) => id);
    this.#stores = [...new Set(placed.flatMap(({ storeId }) => storeId ?? []))];
    this.#floor = new Floor({
      url: operator.origin,
      tabletsAStore: TABLETS_A_STORE,
      meetings,
      timeline: new Timeline(() => {}, false),
      onFailure: (what) => this.troubles.push(what),
    });
  }

  /** Places them; nobody works yet. */
  static async place(options: MovingOptions): Promise<MovingOrders> {
    const meetings = new MeetingPoints();
    const perStore = Math.ceil(options.orders / DEMO_STORES.length);
    const stores = DEMO_STORES.slice(0, Math.ceil(options.orders / perStore));
    const placed = await Promise.all(stores.map((store, index) => placeAt(store, index, perStore, options, meetings)));
    return new MovingOrders(options, placed.flat().slice(0, options.orders), meetings);
  }

  /** Everybody begins to work; some orders are cancelled within so many milliseconds. */
  async begin(withinMs: number): Promise<void> {
    await Promise.all(this.#stores.map((storeId) => this.#floor.staff(storeId)));
    const cancelled = this.ids.filter(() => this.#random() < CANCELLED_SHARE);
    this.#cancelling = Promise.all(cancelled.map((id) => this.#cancel(id, this.#random() * withinMs)));
    this.#cancelling.catch((cause: unknown) => this.troubles.push(String(cause)));
  }

  /** Waits until all of them are over, or so long; returns those that are not. */
  async settle(waitMs: number): Promise<readonly string[]> {
    await this.#cancelling;
    const untilMs = performance.now() + waitMs;
    for (let open = this.ids; ;) {
      const looked = await Promise.all(open.map((id) => readOrder(this.#operator, id)));
      open = looked.filter(({ status }) => !OVER.includes(status)).map(({ id }) => id);
      if (open.length === 0 || performance.now() > untilMs) return open;
      await sleep(LOOK_EVERY_MS);
    }
  }

  async goHome(): Promise<void> {
    await this.#floor.close();
  }

  /** What the order has to tell, from its log and not from what it told. */
  async newsOf(orderId: string): Promise<OrderNews> {
    const { log } = await this.#operator.call({ method: 'GET', path: `/api/v1/orders/${orderId}/log` }, OrderLogView);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the object's own facts, with the types of the rules
    const state = replay(log as unknown as readonly LogEntry[]);
    const told = newsFeed(() => state).since(0) ?? [];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by the line above
    return told.map(({ seq, delta }) => ({ seq, delta: JSON.parse(delta) as TrackingDelta }));
  }

  async #cancel(orderId: string, afterMs: number): Promise<void> {
    await sleep(afterMs);
    const headers = { 'idempotency-key': `prove-tracking-${orderId}` };
    const path = `/api/v1/orders/${orderId}/cancel`;
    try {
      await this.#operator.call({ method: 'PUT', path, headers, body: { reason: 'Changed my mind.' } }, OrderView);
    } catch (cause) {
      // Too far on its way by now.
      if (!(cause instanceof ApiProblem && cause.code === 'ORDER_NOT_CANCELLABLE')) throw cause;
    }
  }
}

/** One customer a store, who orders so often and opens each time. */
async function placeAt(
  store: DemoStore,
  index: number,
  count: number,
  { operator, seed }: MovingOptions,
  meetings: MeetingPoints,
): Promise<readonly OrderView[]> {
  const random = seededRandom(seed * 1_000_003 + index);
  const [person] = customersAt(store, 1);
  if (person === undefined) throw new Error(`nobody lives near ${store.name}`);
  const session = new Session(operator.origin, person.credentials);
  if (person.isNew) await session.register(person.name);
  const placed: OrderView[] = [];
  for (let number = 0; number < count; number += 1) {
    const at = drawDoorstep(store.location, random);
    const { order } = await placeOrder({ session, at, random, not: new Set(), note: () => {} });
    // None any more when the order was cancelled under way.
    meetings.waitAtDoor(order.id, async () => (await readOrder(session, order.id)).deliveryCode);
    placed.push(order);
  }
  return placed;
}

function readOrder(reader: Pick<Session, 'call'>, orderId: string): Promise<OrderView> {
  return reader.call({ method: 'GET', path: `/api/v1/orders/${orderId}` }, OrderView);
}
