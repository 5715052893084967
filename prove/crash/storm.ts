import { setTimeout as sleep } from 'node:timers/promises';
import { drawSome, drawWhole } from '../../scripts/shared/seeded-random.ts';
import { ask } from './ask.ts';
import type { Cast } from './cast.ts';
import type { ClientLedger } from './client-ledger.ts';
import type { Asker, Line, Operation, OperationOf } from './operation.ts';

/** At the same time. */
const CLIENTS = 10;
/** Between two requests of a client: what is checked in the end, operation by operation, has to stay within a minute. */
const THINK_MAX_MS = 120;
const ORDER_EVERY_MS = 1_500;
/** The shortest that a channel may hold, and the longest. */
export const SHORT_S = 30;
const LONG_S = 900;
/** What was left unknown at the end is asked for again until it is known. */
const SETTLE_MAX_MS = 120_000;
/** With so much unknown, nothing new is begun. */
const UNKNOWN_MAX = 30;
/** Who got no answer waits so long at most before the next try. */
const PAUSE_MAX_MS = 400;

export interface StormOptions {
  readonly cast: Cast;
  readonly ledger: ClientLedger;
  readonly random: () => number;
}

/**
 * Clients that hold and give back, receive goods, send them to the other store, and order. One that is not answered asks again
 * under the same key, at once or later; or gives back what it may have got, before it asks again.
 */
export class Storm {
  readonly #options: StormOptions;
  /** Nobody knows what became of them. */
  readonly #unknown: Operation[] = [];
  readonly #holds: OperationOf<'hold'>[] = [];
  readonly #vans: OperationOf<'send'>[] = [];
  #count = 0;
  #isOver = false;
  #running: Promise<unknown> | undefined;
  /** Whether holds are made that expire within the storm. */
  makesShortHolds = true;

  constructor(options: StormOptions) {
    this.#options = options;
  }

  begin(): void {
    const clients = Array.from({ length: CLIENTS }, () => this.#client());
    this.#running = Promise.all([...clients, this.#customer()]);
    this.#running.catch(() => {});
  }

  /** Ends it and asks again for all that is unknown. Returns what stayed so. */
  async end(): Promise<readonly Operation[]> {
    this.#isOver = true;
    await this.#running;
    const until = performance.now() + SETTLE_MAX_MS;
    while (this.#unknown.length > 0 && performance.now() < until) {
      const again = this.#unknown.splice(0, CLIENTS);
      const decided = await Promise.all(again.map((operation) => this.#isDecided(operation)));
      const left = again.filter((_, index) => decided[index] === false);
      this.#unknown.push(...left);
      if (left.length > 0) await sleep(PAUSE_MAX_MS);
    }
    return this.#unknown;
  }

  async #client(): Promise<void> {
    const { random } = this.#options;
    while (!this.#isOver) {
      const operation = this.#takeUnknown() ?? this.#draw();
      const isDecided = await this.#isDecided(operation);
      if (!isDecided) this.#leave(operation);
      await sleep(random() * (isDecided ? THINK_MAX_MS : PAUSE_MAX_MS));
    }
  }

  async #customer(): Promise<void> {
    const { cast, random } = this.#options;
    while (!this.#isOver) {
      const asker = drawWhole(random, 0, cast.customers - 1);
      const lines = this.#lines(2, 2);
      const order: Operation = { do: 'order', key: this.#key('order'), asker, deliverTo: cast.door, lines };
      if (!(await this.#isDecided(order))) this.#leave(order);
      await sleep(ORDER_EVERY_MS * (0.5 + random()));
    }
  }

  async #isDecided(operation: Operation): Promise<boolean> {
    const { cast, ledger } = this.#options;
    const outcome = await ask(operation, cast, ledger);
    if (outcome === 'done' && operation.do === 'hold') this.#holds.push(operation);
    if (outcome === 'done' && operation.do === 'send') this.#vans.push(operation);
    return outcome !== 'unknown';
  }

  /** For later. Some give back what they may have got: the release may come to the store before the hold does. */
  #leave(operation: Operation): void {
    this.#unknown.push(operation);
    if (operation.do === 'hold' && this.#options.random() < 0.3) this.#unknown.unshift(releaseOf(operation));
  }

  #takeUnknown(): Operation | undefined {
    const isDue = this.#unknown.length >= UNKNOWN_MAX || this.#options.random() < 0.6;
    return isDue ? this.#unknown.shift() : undefined;
  }

  #draw(): Operation {
    const { random } = this.#options;
    const dice = random();
    if (dice < 0.2) return this.#release() ?? this.#hold();
    if (dice < 0.26) return this.#receive();
    if (dice < 0.34) return this.#send();
    if (dice < 0.42) return this.#unload() ?? this.#hold();
    return this.#hold();
  }

  #hold(): Operation {
    const { cast, random } = this.#options;
    const asker: Asker = random() < 0.25 ? drawWhole(random, 0, cast.customers - 1) : 'channel';
    const { id: storeId } = random() < 0.5 ? cast.store : cast.otherStore;
    const key = this.#key('hold');
    const isShort = this.makesShortHolds && random() < 0.4;
    const forS = asker === 'channel' ? (isShort ? SHORT_S : LONG_S) : null;
    return {
      do: 'hold',
      key,
      asker,
      storeId,
      holdId: cast.holdIdOf(asker, storeId, key),
      lines: this.#lines(3, 3),
      forS,
    };
  }

  #release(): Operation | undefined {
    const { random } = this.#options;
    const [hold] = this.#holds.splice(drawWhole(random, 0, Math.max(0, this.#holds.length - 1)), 1);
    return hold === undefined ? undefined : releaseOf(hold);
  }

  #receive(): Operation {
    const { cast, random } = this.#options;
    const { id: storeId } = random() < 0.5 ? cast.store : cast.otherStore;
    return { do: 'receive', key: this.#key('note'), asker: 'operator', storeId, lines: this.#lines(4, 12) };
  }

  #send(): Operation {
    const { cast, random } = this.#options;
    const [from, to] =
      random() < 0.5 ? ([cast.store, cast.otherStore] as const) : ([cast.otherStore, cast.store] as const);
    const key = this.#key('van');
    return { do: 'send', key, asker: 'operator', storeId: from.id, toStoreId: to.id, lines: this.#lines(3, 3) };
  }

  /** Most vans are unloaded, some with a unit missing, some called back, some both at the same time, some stay on the road. */
  #unload(): Operation | undefined {
    const { random } = this.#options;
    const van = this.#vans.shift();
    if (van === undefined) return undefined;
    const dice = random();
    const { key: transferId, storeId, toStoreId, lines } = van;
    if (dice < 0.3) {
      const back: Operation = { do: 'callBack', key: `back-${transferId}`, asker: 'operator', storeId, transferId };
      if (dice < 0.15) return back;
      this.#unknown.push(back);
    }
    const [first, ...rest] = lines;
    const found = dice > 0.9 && first !== undefined ? [...some(first), ...rest] : lines;
    return {
      do: 'unload',
      key: `unload-${transferId}`,
      asker: 'operator',
      storeId: toStoreId,
      fromStoreId: storeId,
      transferId,
      lines: found,
    };
  }

  #lines(linesMax: number, quantityMax: number): readonly Line[] {
    const { cast, random } = this.#options;
    return drawSome(random, cast.skus, drawWhole(random, 1, linesMax)).map((sku) => ({
      sku,
      quantity: drawWhole(random, 1, quantityMax),
    }));
  }

  #key(what: string): string {
    this.#count += 1;
    return `crash-${what}-${this.#count}`;
  }
}

/** All but one unit. */
function some({ sku, quantity }: Line): readonly Line[] {
  return quantity === 1 ? [] : [{ sku, quantity: quantity - 1 }];
}

function releaseOf({ key, asker, storeId, holdId }: OperationOf<'hold'>): Operation {
  return { do: 'release', key: `release-${key}`, asker, storeId, holdId };
}
