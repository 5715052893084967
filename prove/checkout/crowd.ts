import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Command } from '../../contracts/actor.ts';
import type { CheckoutView } from '../../contracts/rpc/customer.ts';
import type { PlacedOrder, PlaceRefusal } from '../../contracts/rpc/order.ts';
import type { CartChange } from '../../domain/cart/change.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { OrderId, UserId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import { cartHoldRef } from '../../durable/customer/cart-hold.ts';
import { orderIdOf } from '../../edge/order-id.ts';
import { drawWhole, seededRandom } from '../../scripts/shared/seeded-random.ts';
import { insist, withPatience } from '../world/insist.ts';
import { NOBODY } from '../world/people.ts';
import { digestOf, placeCommand } from '../world/placing.ts';
import type { Wanted } from '../world/placing.ts';
import { OPENS_AT_MS, SKUS, STORES } from '../world/shelves.ts';
import type { Opening } from '../world/shelves.ts';
import { inWorld, World } from '../world/world.ts';
import type { Fate, Passage } from '../world/world.ts';
import { Floor } from '../saga/floor.ts';
import { drawIntentions } from './intentions.ts';
import type { Intention } from './intentions.ts';
import { judge } from './judge.ts';

/** What somebody was told of one request that reached the order. */
export interface Told {
  readonly intention: Intention;
  readonly orderId: OrderId;
  readonly digest: string;
  readonly answer: Result<PlacedOrder, PlaceRefusal>;
}

export interface CrowdFound {
  readonly requests: number;
  readonly customers: number;
  /** Orders that were placed, and those that were confirmed. */
  readonly orders: number;
  readonly confirmed: number;
  /** Answers that were heard, by what they said. */
  readonly answers: ReadonlyMap<string, number>;
  readonly broken: readonly string[];
}

interface CrowdTerms {
  readonly seed: number;
  readonly customers: number;
  /** The control: every request makes its key anew. */
  readonly freshKeys: boolean;
}

/** One crowd at two stores that have too little, and what is wrong when all has come to rest. */
export function crowdTheCheckout(opening: Opening, terms: CrowdTerms): Promise<CrowdFound> {
  const crowd = new Crowd(opening, terms);
  return inWorld(crowd.world, () => crowd.play());
}

class Crowd {
  readonly world: World;
  readonly #opening: Opening;
  readonly #terms: CrowdTerms;
  readonly #random: () => number;
  readonly #told: Told[] = [];
  readonly #answers = new Map<string, number>();
  #requests = 0;
  #open = 0;

  constructor(opening: Opening, terms: CrowdTerms) {
    this.#opening = opening;
    this.#terms = terms;
    this.#random = seededRandom(terms.seed);
    this.world = new World(opening.classes, NOBODY, OPENS_AT_MS, opening.storage);
  }

  async play(): Promise<CrowdFound> {
    const { world } = this;
    const intentions = drawIntentions(this.#random, this.#terms.customers, this.#terms.seed % 1_000_000);
    const customers = [...new Set(intentions.map(({ customerId }) => customerId))];
    await this.#fillCarts(customers);
    world.wire = (passage) => this.#fateOf(passage);
    for (const intention of intentions) this.#setOut(intention);
    await world.run(world.nowMs + REST_MS);
    if (this.#open > 0) throw new Error('somebody still waits for an answer');
    const orders = [...new Set(this.#told.map(({ orderId }) => orderId))];
    const judged = judge(world, this.#opening, this.#told);
    return {
      requests: this.#requests,
      customers: customers.length,
      orders: orders.length,
      confirmed: judged.confirmed,
      answers: this.#answers,
      broken: judged.broken,
    };
  }

  /** Each customer has a cart of two articles, and half of them a hold for it. */
  async #fillCarts(customers: readonly UserId[]): Promise<void> {
    let filled = 0;
    for (const [i, customerId] of customers.entries()) {
      void this.#fillCart(customerId, i % 2 === 0).finally(() => {
        filled += 1;
      });
    }
    await this.world.run(OPENS_AT_MS + 5000, () => filled === customers.length);
  }

  async #fillCart(customerId: UserId, isHeld: boolean): Promise<void> {
    const [storeId] = STORES;
    if (storeId === undefined) return;
    const own = { v: RPC_VERSION, actor: { kind: 'customer', userId: customerId } } as const;
    const lines = SKUS.slice(0, 1).map((sku) => ({ sku, quantity: 1 }));
    const serving = { storeId, deliverTo: { lat: 12.98, lng: 77.6 } };
    const changes: readonly CartChange[] = [
      { do: 'SetTerms', serving },
      ...lines.map((line) => ({ do: 'SetLine', ...line, note: '', preference: null }) as const),
    ];
    for (const [i, change] of changes.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      await this.world.customer(customerId).changeCart({ ...own, opId: asOpId(`cart:change:${i}`), change });
    }
    if (!isHeld) return;
    const { holdId } = cartHoldRef(customerId, { storeId, holdNo: changes.length });
    const opId = asOpId(`cart:${holdId}`);
    await this.world.store(storeId).hold({ ...own, opId, holdId, kind: 'cart', lines });
  }

  #setOut(intention: Intention): void {
    const { clock } = this.world;
    for (const [n, { afterMs, isOther }] of intention.requests.entries()) {
      this.#open += 1;
      clock.at(this.world.nowMs + afterMs, () => {
        void this.#request(intention, isOther, n).finally(() => {
          this.#open -= 1;
        });
      });
    }
    const orderId = orderIdOf(intention.customerId, intention.key);
    const { cancelAfterMs, isPicked } = intention;
    if (cancelAfterMs !== null) clock.at(this.world.nowMs + cancelAfterMs, () => void this.#cancel(intention, orderId));
    if (!isPicked) return;
    for (const storeId of STORES) new Floor(this.world, storeId, orderId, { rejects: false, lacks: null }).open();
  }

  /** One request and its retries: the same key and body until there is an answer, or nobody cares any more. */
  async #request(intention: Intention, isOther: boolean, n: number): Promise<void> {
    const { clock } = this.world;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const key = this.#terms.freshKeys ? `${intention.key}-${n}-${tries}` : intention.key;
      this.#requests += 1;
      try {
        // oxlint-disable-next-line no-await-in-loop -- one try after the other
        await this.#placeOnce(intention, key, isOther);
        return;
      } catch {
        this.#count('no answer');
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      await clock.wait(drawWhole(this.#random, 50, 4000));
    }
  }

  /** What the edge does for `POST orders`, a call after the other. */
  async #placeOnce(intention: Intention, key: string, isOther: boolean): Promise<void> {
    const { customerId, basket, token, quote, isCart } = intention;
    const orderId = orderIdOf(customerId, key);
    const also = `${quote ?? ''}${isOther ? ', otherwise' : ''}`;
    const cart = isCart ? { cartVersion: CART_VERSION } : {};
    const wanted: Wanted = { customerId, orderId, stores: STORES, basket, token, also, ...cart };
    const checkout = isCart ? await this.#openCheckout(wanted) : null;
    if (isCart && checkout === null) return;
    const command = placeCommand(wanted, checkout);
    const answer = await withPatience(this.world, PATIENCE_MS, this.world.order(orderId).place(command));
    this.#count(answer.ok ? 'placed' : answer.error.code);
    this.#told.push({ intention, orderId, digest: digestOf(wanted), answer });
  }

  async #openCheckout(wanted: Wanted): Promise<CheckoutView | null> {
    const { customerId, orderId } = wanted;
    const own = byCustomer(customerId, `checkout:${orderId}`);
    const claim = { ...own, orderId, bodyDigest: digestOf(wanted), cartVersion: CART_VERSION };
    const opening = this.world.customer(customerId).beginCheckout(claim);
    const opened = await withPatience(this.world, PATIENCE_MS, opening);
    if (opened.ok) return opened.value;
    this.#count(opened.error.code);
    return null;
  }

  async #cancel({ customerId }: Intention, orderId: OrderId): Promise<void> {
    const command = { ...byCustomer(customerId, `cancel:${orderId}`), reason: 'changed my mind' };
    await insist(this.world, () => this.world.order(orderId).cancel(command));
  }

  #count(what: string): void {
    this.#answers.set(what, (this.#answers.get(what) ?? 0) + 1);
  }

  /** Wires are slow, overtake each other and break; objects die. */
  #fateOf({ from }: Passage): Fate {
    const drawn = this.#random();
    const delayMs = drawWhole(this.#random, 1, from === null ? 400 : 30);
    const cuts = from === null ? CUT_OF_CLIENTS : CUT_OF_OBJECTS;
    if (drawn < cuts) return { delayMs, lost: 'there' };
    if (drawn < 2 * cuts) return { delayMs, lost: 'back' };
    if (drawn < 2 * cuts + SILENT) return { delayMs, lost: 'back, silent' };
    if (drawn < 2 * cuts + 2 * SILENT) return { delayMs, kills: 'before' };
    if (drawn < 2 * cuts + 3 * SILENT) return { delayMs, kills: 'after' };
    return { delayMs };
  }
}

const TRIES = 4;
const PATIENCE_MS = 8000;
/** After the two changes that fill a cart. */
const CART_VERSION = 2;
const CUT_OF_CLIENTS = 0.08;
const CUT_OF_OBJECTS = 0.02;
const SILENT = 0.008;
/** All holds have expired, and all that was asked for is done. */
const REST_MS = 40 * 60_000;

function byCustomer(customerId: UserId, opId: string): Command {
  return { v: RPC_VERSION, actor: { kind: 'customer', userId: customerId }, opId: asOpId(opId) };
}
