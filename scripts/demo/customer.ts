import type { DemoStore } from '../../db/seed/network.ts';
import type { LatLng } from '../../domain/shared/geo.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import { ResolveView } from '../../contracts/http/locations.ts';
import { OrderView } from '../../contracts/http/orders.ts';
import { ApiProblem } from '../client/api-problem.ts';
import type { Session } from '../client/session.ts';
import { seededRandom } from '../shared/seeded-random.ts';
import { drawDoorstep } from './doorstep.ts';
import type { MeetingPoints } from './meeting-points.ts';
import type { Person } from './people.ts';
import { placeOrder } from './placing.ts';
import type { Timeline } from './timeline.ts';
import { watchOrder, type Watched } from './tracking.ts';

/** How one order of the demo went. */
export interface OrderOutcome {
  /** From 1. */
  readonly number: number;
  readonly customer: Customer;
  /** As its customer saw it last; null when it was never placed. */
  readonly order: OrderView | null;
  readonly answerMs: number | null;
  readonly live: readonly OrderStatus[];
  readonly positions: number;
  /** Times that the live socket had to be opened again. */
  readonly reconnects: number;
  /** From POST orders to the end. */
  readonly tookMs: number;
  /** One sentence when something went wrong. */
  readonly trouble: string | null;
}

export interface CustomerOptions {
  readonly person: Person;
  readonly session: Session;
  readonly store: DemoStore;
  readonly meetings: MeetingPoints;
  readonly timeline: Timeline;
  /** SKUs that the demo is not about. */
  readonly unwanted: ReadonlySet<string>;
  /** Called with the store that got an order, which may be another one than the nearest. */
  readonly onPlaced: (storeId: string) => void;
}

/** A customer with a phone: orders to their door, watches, and opens when the courier rings. */
export class Customer {
  readonly #options: CustomerOptions;

  constructor(options: CustomerOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.person.name;
  }

  get session(): Session {
    return this.#options.session;
  }

  async signIn(): Promise<void> {
    const { person, session, timeline } = this.#options;
    if (person.isNew) await registerOnce(session, person.name);
    await session.user();
    timeline.detail(person.name, person.isNew ? 'registered and signed in' : 'signed in');
  }

  /** One order from looking to the door. Whatever goes wrong is in the outcome. */
  async order(number: number, seed: number): Promise<OrderOutcome> {
    const random = seededRandom(seed);
    const startedAtMs = performance.now();
    let order: OrderView | null = null;
    let answerMs: number | null = null;
    try {
      const door = await this.#atHome(random);
      const placed = await placeOrder({
        session: this.session,
        at: door,
        random,
        not: this.#options.unwanted,
        note: (what) => this.#detail(what),
      });
      ({ order, answerMs } = placed);
      this.#open(order.id);
      if (order.storeId !== null) this.#options.onPlaced(order.storeId);
      this.#tell(order, `placed: ${describe(order)} (POST orders ${Math.round(answerMs)} ms)`);
      const { id } = order;
      const watched = await watchOrder(this.session, id, (what) => this.#detail(`${placed.order.number}: ${what}`));
      order = await this.#read(id);
      const trouble = troubleWith(order, watched);
      this.#tell(
        order,
        trouble ?? `${order.status} after ${secondsSince(startedAtMs)} s, seen on the way ${watched.positions} times`,
      );
      return {
        number,
        customer: this,
        order,
        answerMs,
        live: watched.statuses,
        positions: watched.positions,
        reconnects: watched.reconnects,
        tookMs: performance.now() - startedAtMs,
        trouble,
      };
    } catch (cause) {
      const trouble = cause instanceof Error ? cause.message : String(cause);
      this.#options.timeline.say(this.name, `order ${number} failed: ${trouble}`);
      return {
        number,
        customer: this,
        order,
        answerMs,
        live: [],
        positions: 0,
        reconnects: 0,
        tookMs: performance.now() - startedAtMs,
        trouble,
      };
    }
  }

  /** A door that the chosen store is nearest to. */
  async #atHome(random: () => number): Promise<LatLng> {
    const { store } = this.#options;
    const door = drawDoorstep(store.location, random);
    const query = new URLSearchParams({ lat: door.lat.toFixed(6), lng: door.lng.toFixed(6) });
    const view = await this.session.call(
      { method: 'GET', path: `/api/v1/locations/resolve?${query.toString()}` },
      ResolveView,
    );
    const [nearest] = view.stores;
    if (nearest === undefined) throw new Error(`nobody delivers to ${door.lat}, ${door.lng}: ${view.reason}`);
    const promise = nearest.promise === null ? 'no promise just now' : `in ${nearest.promise.minutes} min`;
    this.#detail(`${view.city?.name}: ${nearest.name} is ${nearest.distanceM} m away, ${promise}`);
    return door;
  }

  /** Reads the delivery code out to whoever rings. */
  #open(orderId: string): void {
    this.#options.meetings.waitAtDoor(orderId, async () => {
      const code = await this.codeOf(orderId);
      if (code === undefined) throw new Error(`order ${orderId} shows its customer no delivery code`);
      return code;
    });
  }

  /** The delivery code of an order of this customer, from whenever; undefined for somebody else's. */
  async codeOf(orderId: string): Promise<string | undefined> {
    try {
      return (await this.#read(orderId)).deliveryCode;
    } catch (cause) {
      if (cause instanceof ApiProblem && cause.code === 'NOT_FOUND') return undefined;
      throw cause;
    }
  }

  #read(orderId: string): Promise<OrderView> {
    return this.session.call({ method: 'GET', path: `/api/v1/orders/${orderId}` }, OrderView);
  }

  #tell({ number }: OrderView, what: string): void {
    this.#options.timeline.say(this.name, `${number}: ${what}`);
  }

  #detail(what: string): void {
    this.#options.timeline.detail(this.name, what);
  }
}

function secondsSince(atMs: number): string {
  return ((performance.now() - atMs) / 1_000).toFixed(1);
}

/** The account of an earlier run is as good. */
async function registerOnce(session: Session, name: string): Promise<void> {
  try {
    await session.register(name);
  } catch (cause) {
    if (!(cause instanceof ApiProblem) || cause.code !== 'ALREADY_EXISTS') throw cause;
  }
}

function describe({ lines, totals, payment, promisedAt }: OrderView): string {
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const { amount, currency } = totals.total;
  const due = payment.method === 'cod' ? 'in cash' : payment.status.toLowerCase();
  const promised = promisedAt === null ? '' : `, promised by ${promisedAt.slice(11, 19)} UTC`;
  return `${units} units of ${lines.length} SKUs, ${currency} ${(amount / 100).toFixed(2)} ${due}${promised}`;
}

/** What is not as it should be at the end; null when all is. */
function troubleWith({ status, lines, payment, cancelReason }: OrderView, { stuck }: Watched): string | null {
  if (stuck) return `stands still at ${status}`;
  if (status !== 'CLOSED') return `ended as ${status}${cancelReason === undefined ? '' : `: ${cancelReason}`}`;
  const short = lines.filter(({ quantity, pickedQuantity }) => pickedQuantity !== quantity);
  if (short.length > 0) return `delivered without all of ${short.map(({ sku }) => sku).join(', ')}`;
  return payment.status === 'CAPTURED' ? null : `delivered, but its payment is ${payment.status}`;
}
