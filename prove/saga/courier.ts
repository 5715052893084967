import { RPC_VERSION } from '../../contracts/actor.ts';
import type { CourierId, OrderId } from '../../domain/shared/ids.ts';
import { asCourierId, asOpId } from '../../domain/shared/ids.ts';
import { orderIn } from '../world/books.ts';
import { insist } from '../world/insist.ts';
import type { People } from '../world/people.ts';
import { body } from '../world/shelves.ts';
import type { World } from '../world/world.ts';

const COURIER: CourierId = asCourierId(`cou_${body(1)}`);
const ACCEPTS_AFTER_MS = 5000;
const DEPARTS_AFTER_MS = 3000;
const RIDE_MS = 60_000;

/** A zone with one courier, who takes the job, fetches the bags, rides and tells the code. */
export class Courier implements People {
  #world: World | null = null;
  readonly #orderId: OrderId;
  readonly #counter: (code: string) => void;
  readonly #done = new Set<string>();

  /** `counter` hears the code that the courier shows at the store. */
  constructor(orderId: OrderId, counter: (code: string) => void) {
    this.#orderId = orderId;
    this.#counter = counter;
  }

  work(world: World): void {
    this.#world = world;
  }

  hear(_kind: 'zone' | 'courier', _id: string, method: string, command: object): unknown {
    const { handoverCode, step } = { handoverCode: null, step: null, ...command };
    if (method === 'requestCourier') this.#once('accepted', () => this.#report('accepted', ACCEPTS_AFTER_MS));
    if (method === 'confirmJob' && handoverCode !== null) this.#counter(handoverCode);
    if (method === 'moveJob' && step === 'picked_up') this.#once('rides', () => this.#ride());
    return { ok: true, value: null };
  }

  #once(what: string, act: () => Promise<void>): void {
    if (this.#done.has(what)) return;
    this.#done.add(what);
    void act().catch(() => undefined);
  }

  async #ride(): Promise<void> {
    await this.#report('departed', DEPARTS_AFTER_MS);
    const world = this.#at();
    await world.clock.wait(RIDE_MS);
    const code = orderIn(world, this.#orderId)?.terms.deliveryCode ?? '';
    const proof = { ...this.#command('proof'), courierId: COURIER, shown: { code } };
    await insist(world, () => world.order(this.#orderId).proveDelivery(proof));
  }

  async #report(step: 'accepted' | 'departed', afterMs: number): Promise<void> {
    const world = this.#at();
    await world.clock.wait(afterMs);
    const report = { ...this.#command(step), courierId: COURIER, step, atMs: world.nowMs };
    await insist(world, () => world.order(this.#orderId).reportCourier(report));
  }

  #command(what: string) {
    const opId = asOpId(`courier:${this.#orderId}:${what}`);
    return { v: RPC_VERSION, actor: { kind: 'object', object: 'courier', id: COURIER }, opId } as const;
  }

  #at(): World {
    if (this.#world === null) throw new Error('the courier is not at work');
    return this.#world;
  }
}
