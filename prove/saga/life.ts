import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Command } from '../../contracts/actor.ts';
import type { CheckoutView } from '../../contracts/rpc/customer.ts';
import type { CartChange } from '../../domain/cart/change.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import { asOpId, asOrderId, asUserId } from '../../domain/shared/ids.ts';
import type { OrderId, Sku, StoreId } from '../../domain/shared/ids.ts';
import { cartHoldRef } from '../../durable/customer/cart-hold.ts';
import { logRowsIn, orderIn } from '../world/books.ts';
import { insist } from '../world/insist.ts';
import { placeCommand } from '../world/placing.ts';
import type { Wanted } from '../world/placing.ts';
import { body, OPENS_AT_MS, OPERATOR, SKUS, STORES } from '../world/shelves.ts';
import type { BasketLine, Opening } from '../world/shelves.ts';
import { inWorld, noticeOf, World } from '../world/world.ts';
import type { Address, Fate, Passage } from '../world/world.ts';
import { Courier } from './courier.ts';
import { fateOf, guessed, OUTAGE_MS } from './deeds.ts';
import type { Deed, Moment } from './deeds.ts';
import { Floor } from './floor.ts';
import { endOf } from './legal-end.ts';
import type { End } from './legal-end.ts';

/** A life as it is meant: what is ordered, and who does what about it. */
export interface Story {
  readonly name: string;
  readonly token: string;
  /** Made of a cart that its store keeps a hold for. */
  readonly fromCart?: true;
  /** The first store sends it back. */
  readonly rejected?: true;
  /** One unit is not there when it is picked. */
  readonly short?: true;
  /** Somebody cancels when it gets there. */
  readonly cancelled?: { readonly at: OrderStatus; readonly by: 'customer' | 'operator' };
}

export const STORIES: readonly Story[] = [
  { name: 'delivered, one unit short', token: 'tok_approve', short: true },
  { name: 'from a cart, approved late by a webhook', token: 'tok_approve_late', fromCart: true },
  { name: 'sent back by its store', token: 'tok_approve', rejected: true },
  { name: 'charged, and no answer', token: 'tok_timeout_after_charge' },
  { name: 'declined', token: 'tok_decline', fromCart: true },
  { name: 'the provider is away', token: 'tok_unavailable' },
  { name: 'cancelled by its customer', token: 'tok_approve', cancelled: { at: 'ASSIGNED_TO_STORE', by: 'customer' } },
  { name: 'cancelled when paid for', token: 'tok_approve', cancelled: { at: 'ASSIGNED_TO_PARTNER', by: 'operator' } },
];

/** What is done when, by the number of the moment. */
export type Plan = ReadonlyMap<number, Deed>;

export interface Lived {
  readonly moments: readonly Moment[];
  readonly end: End;
}

const CUSTOMER = asUserId(`usr_${body(5)}`);
const ORDER: OrderId = asOrderId(`ord_${body(1)}`);
const SELF: Address = { kind: 'order', id: ORDER };
const BASKET: readonly BasketLine[] = SKUS.slice(0, 2).map((sku, i) => ({ sku, quantity: i + 1 }));
const SHORT_SKU: Sku | undefined = SKUS[1];
const LOOKS_EVERY_MS = 20_000;

/** Lives a story with what is planned to go wrong. `guesses`: the saga is told that what it got no answer to was not done. */
export function live(opening: Opening, story: Story, plan: Plan, guesses = false): Promise<Lived> {
  const life = new LifeOfAnOrder(opening, story, plan, guesses);
  return inWorld(life.world, () => life.live());
}

class LifeOfAnOrder {
  readonly world: World;
  readonly #story: Story;
  readonly #plan: Plan;
  readonly #guesses: boolean;
  readonly #opening: Opening;
  readonly #moments: Moment[] = [];
  readonly #courier: Courier;
  #floors: readonly Floor[] = [];
  #isAnswered = false;
  #logRows = 0;
  #visits = 0;
  #lastDeedAtMs = OPENS_AT_MS;

  constructor(opening: Opening, story: Story, plan: Plan, guesses: boolean) {
    this.#opening = opening;
    this.#story = story;
    this.#plan = plan;
    this.#guesses = guesses;
    this.#courier = new Courier(ORDER, (code) => {
      for (const floor of this.#floors) floor.code = code;
    });
    this.world = new World(opening.classes, this.#courier, OPENS_AT_MS, opening.storage);
  }

  async live(): Promise<Lived> {
    const { world } = this;
    this.#courier.work(world);
    const { rejected, short, cancelled } = this.#story;
    this.#floors = STORES.map((storeId, i) => {
      const habits = { rejects: rejected === true && i === 0, lacks: short === true ? (SHORT_SKU ?? null) : null };
      return new Floor(world, storeId, ORDER, habits);
    });
    const checkout = await this.#openCart();
    world.opened = ({ id }, host) => {
      if (id === ORDER) host.committed = () => this.#atWrite();
    };
    world.wire = (passage) => this.#fateOf(passage);
    for (const floor of this.#floors) floor.open();
    const placing = placeCommand(this.#wanted(checkout), checkout);
    void insist(world, () => world.order(ORDER).place(placing)).then((answer) => {
      this.#isAnswered = true;
      return answer;
    });
    if (cancelled !== undefined) this.#cancelAt(cancelled.at, cancelled.by);
    return { end: await this.#rest(), moments: this.#moments };
  }

  #wanted(checkout: CheckoutView | null): Wanted {
    const { token } = this.#story;
    const wanted = { customerId: CUSTOMER, orderId: ORDER, stores: STORES, basket: BASKET, token };
    return checkout === null ? wanted : { ...wanted, cartVersion: checkout.cartVersion };
  }

  /** A cart with a hold, and its checkout. */
  async #openCart(): Promise<CheckoutView | null> {
    const [storeId] = STORES;
    if (this.#story.fromCart === undefined || storeId === undefined) return null;
    let checkout: CheckoutView | null = null;
    void this.#openCheckout(storeId).then((opened) => {
      checkout = opened;
      return opened;
    });
    await this.world.run(OPENS_AT_MS + 1000, () => checkout !== null);
    return checkout;
  }

  async #openCheckout(storeId: StoreId): Promise<CheckoutView> {
    const { world } = this;
    const customer = world.customer(CUSTOMER);
    const serving = { storeId, deliverTo: { lat: 12.98, lng: 77.6 } };
    const changes: readonly CartChange[] = [
      { do: 'SetTerms', serving },
      ...BASKET.map((line) => ({ do: 'SetLine', ...line, note: '', preference: null }) as const),
    ];
    for (const [i, change] of changes.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      await customer.changeCart({ ...byCustomer(`cart:change:${i}`), change });
    }
    const { holdId } = cartHoldRef(CUSTOMER, { storeId, holdNo: changes.length });
    await world.store(storeId).hold({ ...byCustomer('cart:hold:1'), holdId, kind: 'cart', lines: BASKET });
    const claim = { orderId: ORDER, bodyDigest: 'a'.repeat(64), cartVersion: changes.length };
    const opened = await customer.beginCheckout({ ...byCustomer(`checkout:${ORDER}`), ...claim });
    if (!opened.ok) throw new Error(`the checkout did not open: ${opened.error.code}`);
    return opened.value;
  }

  #fateOf(passage: Passage): Fate {
    if (passage.to.id === ORDER) {
      const deed = this.#reach({ at: 'told', what: passage.method });
      if (deed === 'outage') this.#strike(OUTAGE_MS);
      return deed === 'crash' ? { kills: 'before' } : {};
    }
    if (passage.from?.id !== ORDER) return {};
    const what = `${passage.to.kind}.${passage.method}`;
    const fault = this.#reach({ at: 'call', what });
    const cut = this.#reach({ at: 'answer', what });
    const fate = fault === undefined ? {} : fateOf(fault, passage);
    if (cut === undefined) return fault !== undefined && this.#guesses ? { ...fate, instead: guessed(passage) } : fate;
    return { ...fate, whenDone: () => this.#strike(cut === 'outage' ? OUTAGE_MS : 0) };
  }

  /**
   * The instance dies at the end of its turn: what it wrote stays, what it began to send does not leave. What was written is of the order
   * when its log is longer for it; marks of what was sent are no moment of its life.
   */
  #atWrite(): void {
    const rows = logRowsIn(this.world, ORDER);
    if (rows === this.#logRows) return;
    this.#logRows = rows;
    const deed = this.#reach({ at: 'write', what: '' });
    if (deed === 'crash' || deed === 'outage') {
      queueMicrotask(() => {
        this.#strike(deed === 'outage' ? OUTAGE_MS : 0);
      });
    }
    if (deed === 'webhook') this.#sendNotice();
    if (deed === 'cancel') this.#cancel('customer');
  }

  #strike(downMs: number): void {
    this.#lastDeedAtMs = this.world.nowMs + downMs;
    this.world.strike(this.world.host(SELF), downMs);
  }

  #reach(moment: Moment): Deed | undefined {
    const deed = this.#plan.get(this.#moments.push(moment) - 1);
    if (deed !== undefined) this.#lastDeedAtMs = Math.max(this.#lastDeedAtMs, this.world.nowMs);
    return deed;
  }

  /** The provider sends word, twice, whether it has any or not. */
  #sendNotice(): void {
    this.#visits += 1;
    const command = noticeOf(ORDER, `evt_${this.#visits}`);
    for (let times = 0; times < 2; times += 1)
      void insist(this.world, () => this.world.order(ORDER).notePayment(command));
  }

  #cancel(by: 'customer' | 'operator'): void {
    this.#visits += 1;
    const own = byCustomer(`cancel:${ORDER}:${this.#visits}`);
    const command = { ...own, ...(by === 'operator' && { actor: OPERATOR }), reason: 'changed my mind' };
    void insist(this.world, () => this.world.order(ORDER).cancel(command));
  }

  #cancelAt(status: OrderStatus, by: 'customer' | 'operator'): void {
    this.world.clock.at(this.world.nowMs + 500, () => {
      if (orderIn(this.world, ORDER)?.status === status) this.#cancel(by);
      else if (this.world.nowMs < OPENS_AT_MS + 3_600_000) this.#cancelAt(status, by);
    });
  }

  /** Runs until the order has come to its end and stays there. */
  async #rest(): Promise<End> {
    const { world } = this;
    let restedAtMs: number | null = null;
    for (;;) {
      const end = endOf(world, ORDER, this.#opening, this.#isAnswered);
      if (end.wrong.length > 0) restedAtMs = null;
      else restedAtMs ??= world.nowMs;
      const tookMs = (restedAtMs ?? world.nowMs) - this.#lastDeedAtMs;
      if (restedAtMs !== null && world.nowMs >= restedAtMs + AFTERMATH_MS) return { ...end, tookMs };
      if (tookMs > BOUND_MS) return { ...end, tookMs };
      // oxlint-disable-next-line no-await-in-loop -- look after look
      await world.run(world.nowMs + LOOKS_EVERY_MS);
    }
  }
}

/** Within this after the last thing that went wrong an order has come to its end. */
const BOUND_MS = 45 * 60_000;
/** What is late comes within it. */
const AFTERMATH_MS = 60_000;

function byCustomer(opId: string): Command {
  return { v: RPC_VERSION, actor: { kind: 'customer', userId: CUSTOMER }, opId: asOpId(opId) };
}
