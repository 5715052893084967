import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { couriers } from '../../db/schema/couriers.ts';
import { users } from '../../db/schema/users.ts';
import { createNodeDb } from '../../db/node-client.ts';
import type { DemoStore } from '../../db/seed/network.ts';
import { DEMO_PASSWORD_HASHES, DEMO_PASSWORDS } from '../../db/seed/people.ts';
import { timeOrderedId } from '../../domain/shared/ids.ts';
import type { CourierDelta, CourierState } from '../../contracts/ws/courier.ts';
import { LiveSocket } from '../../scripts/client/live-socket.ts';
import { Session } from '../../scripts/client/session.ts';
import { SquareRide } from './positions.ts';

/** At the same time: each costs a tenth of a second of processor. */
const SIGN_IN_TOGETHER = 4;
const ACCEPT_MAX_MS = 60_000;
const LOOK_EVERY_MS = 50;

/** A courier at work with its app open, who takes the first order that is offered. */
export class HiredCourier {
  readonly ride: SquareRide;
  readonly #socket: LiveSocket<CourierState, CourierDelta>;
  #state: CourierState | undefined;
  readonly #answered = new Set<string>();

  constructor(session: Session, store: DemoStore) {
    this.ride = new SquareRide(store.location);
    this.#socket = new LiveSocket<CourierState, CourierDelta>({
      session,
      ticketPath: '/api/v1/couriers/me/ticket',
      onSnapshot: (state) => this.#see(state),
      onDelta: ({ state }) => this.#see(state),
      onFailed: () => {},
    });
  }

  /** The order that it has; undefined while it has none. */
  get orderId(): string | undefined {
    return this.#state?.jobs.find(({ details }) => details !== null)?.orderId;
  }

  async startShift(): Promise<void> {
    await this.#socket.open();
    const started = await this.#socket.command({ do: 'startShift', at: this.ride.next(performance.now()) });
    if (!started.ok) throw new Error(`a courier cannot start: ${started.error.code}`);
  }

  /** Tells the next position, as the app does it. */
  ping(): void {
    this.#socket.tell({ t: 'at', ...this.ride.next(performance.now()) });
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  #see(state: CourierState): void {
    this.#state = state;
    if (state.jobs.length > 0) return;
    for (const { offerId } of state.offers) {
      if (this.#answered.has(offerId)) continue;
      this.#answered.add(offerId);
      // Refused when somebody else was faster.
      void this.#socket.command({ do: 'acceptOffer', offerId }).catch(() => undefined);
    }
  }
}

/** Hires so many couriers for the zone of a store, who sign in and start their shifts. */
export async function hireCouriers(
  { url, databaseUrl, store }: { readonly url: string; readonly databaseUrl: string; readonly store: DemoStore },
  count: number,
): Promise<readonly HiredCourier[]> {
  const phones = Array.from({ length: count }, (_, index) => `+91555300${String(index).padStart(4, '0')}`);
  const database = createNodeDb({ connectionString: databaseUrl, max: 1 });
  try {
    const hired = phones.map((phone) => ({
      id: newId('CourierId'),
      zoneId: store.zoneId,
      name: 'Bench courier',
      phone,
    }));
    await database.db.insert(couriers).values(hired.map((one) => ({ ...one, vehicleType: 'BICYCLE' as const })));
    await database.db.insert(users).values(
      hired.map(({ id: courierId, name, phone }) => ({
        id: newId('UserId'),
        courierId,
        name,
        phone,
        role: 'COURIER' as const,
        passwordHash: DEMO_PASSWORD_HASHES.COURIER,
      })),
    );
  } finally {
    await database.close();
  }
  const atWork: HiredCourier[] = [];
  for (let from = 0; from < count; from += SIGN_IN_TOGETHER) {
    const together = phones.slice(from, from + SIGN_IN_TOGETHER).map((phone) => {
      return new HiredCourier(new Session(url, { phone, password: DEMO_PASSWORDS.COURIER }), store);
    });
    // oxlint-disable-next-line no-await-in-loop -- a few at a time
    await Promise.all(together.map((courier) => courier.startShift()));
    atWork.push(...together);
  }
  return atWork;
}

/** Those who have an order, once everybody has one or nobody gets any more. */
export async function withOrders(hired: readonly HiredCourier[]): Promise<readonly HiredCourier[]> {
  const untilMs = performance.now() + ACCEPT_MAX_MS;
  while (hired.some(({ orderId }) => orderId === undefined) && performance.now() < untilMs) await sleep(LOOK_EVERY_MS);
  return hired.filter(({ orderId }) => orderId !== undefined);
}

function newId(name: 'CourierId' | 'UserId'): string {
  return timeOrderedId(name, Date.now(), randomBytes(10));
}
