import { DEMO_STORES, type DemoStore } from '../../db/seed/network.ts';
import { Session } from '../client/session.ts';
import { Courier } from './courier.ts';
import type { MeetingPoints } from './meeting-points.ts';
import { couriersAt, pickersAt } from './people.ts';
import { Tablet } from './tablet.ts';
import type { Timeline } from './timeline.ts';

export interface FloorOptions {
  readonly url: string;
  readonly tabletsAStore: number;
  readonly meetings: MeetingPoints;
  readonly timeline: Timeline;
  /** Somebody stopped working. */
  readonly onFailure: (what: string) => void;
}

/** Everyone who works: the tablets of the stores that have orders, and the couriers of their zones. */
export class Floor {
  readonly #options: FloorOptions;
  readonly #staffed = new Map<string, Promise<void>>();
  readonly #tablets: Tablet[] = [];
  readonly #couriers: Courier[] = [];
  readonly #shifts: Promise<void>[] = [];

  constructor(options: FloorOptions) {
    this.#options = options;
  }

  /** Opens the store's tablets and calls its couriers, once. Throws when that fails. */
  staff(storeId: string): Promise<void> {
    const store = DEMO_STORES.find(({ id }) => id === storeId);
    if (store === undefined) return Promise.reject(new Error(`${storeId} is no store of the demo: nobody works there`));
    const staffed = this.#staffed.get(storeId) ?? this.#begin(store);
    this.#staffed.set(storeId, staffed);
    return staffed;
  }

  /** Times that a socket of theirs had to be opened again. */
  get reconnects(): number {
    return [...this.#tablets, ...this.#couriers].reduce((sum, { reconnects }) => sum + reconnects, 0);
  }

  /** Everyone goes home when they are done. */
  async close(): Promise<void> {
    for (const worker of [...this.#tablets, ...this.#couriers]) worker.goHome();
    await Promise.all(this.#shifts);
  }

  async #begin(store: DemoStore): Promise<void> {
    const { timeline } = this.#options;
    const [tablets, couriers] = await Promise.all([this.#openTablets(store), this.#callCouriers(store)]);
    this.#tablets.push(...tablets);
    this.#couriers.push(...couriers);
    for (const worker of [...tablets, ...couriers]) this.#shifts.push(this.#keepWorking(worker));
    timeline.say(
      `store ${store.name}`,
      `${tablets.length} tablets at the shelves, ${couriers.length} couriers on shift`,
    );
  }

  async #openTablets(store: DemoStore): Promise<Tablet[]> {
    const { url, meetings, timeline, tabletsAStore } = this.#options;
    const people = pickersAt(store).map(({ name, credentials }) => ({ name, session: new Session(url, credentials) }));
    const busy = new Set<string>();
    const tablets = Array.from({ length: people.length === 0 ? 0 : tabletsAStore }, (_, index) => {
      const { name, session } = people[index % people.length] ?? {
        name: '',
        session: new Session(url, { phone: '', password: '' }),
      };
      return new Tablet({
        name: `${name} (tablet ${index + 1})`,
        storeId: store.id,
        session,
        meetings,
        busy,
        timeline,
      });
    });
    await Promise.all(tablets.map((tablet) => tablet.open()));
    return tablets;
  }

  async #callCouriers(store: DemoStore): Promise<Courier[]> {
    const { url, meetings, timeline } = this.#options;
    const couriers = couriersAt(store).map(
      ({ name, credentials }) =>
        new Courier({ name, session: new Session(url, credentials), startsAt: store.location, meetings, timeline }),
    );
    await Promise.all(couriers.map((courier) => courier.startShift()));
    return couriers;
  }

  async #keepWorking(worker: { work(): Promise<void> }): Promise<void> {
    try {
      await worker.work();
    } catch (cause) {
      this.#options.onFailure(cause instanceof Error ? cause.message : String(cause));
    }
  }
}
