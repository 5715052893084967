import type { Actor } from '../../contracts/actor.ts';
import type { CourierPosition } from '../../contracts/rpc/order.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import type { ServerFrame } from '../../contracts/ws/frames.ts';
import type { Fix } from '../../domain/dispatch/position.ts';
import type { OrderState } from '../../domain/order/order.ts';
import { isOver, sightOf } from '../../domain/order/stage.ts';
import { Followers } from '../kit/followers.ts';
import { reconnectAfterMs } from '../kit/reconnect.ts';
import { Sockets } from '../kit/sockets.ts';
import type { SqlPort } from '../kit/sql.ts';
import { CourierSighting } from './courier-sighting.ts';
import { maySee } from './order-access.ts';
import { etaView, newsFeed, toTrackingView } from './tracking-view.ts';

/** Everybody who watches an order: on sockets, which sleep with the object, and on streams and polls, which keep it awake. */
export class Watchers {
  readonly sockets: Sockets;
  readonly followers: Followers;
  readonly #read: () => OrderState | null;
  readonly #sighting: CourierSighting;

  constructor(ctx: DurableObjectState, sql: SqlPort, read: () => OrderState | null) {
    this.#read = read;
    this.#sighting = new CourierSighting(sql);
    const watched = {
      feed: newsFeed(read),
      snapshot: (actor: Actor) => this.tracking(actor),
      admits: (actor: Actor) => {
        const state = read();
        return state !== null && maySee(state, actor);
      },
    };
    this.followers = new Followers({ ...watched, pulse: (actor) => this.#pulse(actor) });
    this.sockets = new Sockets({
      ...watched,
      ctx,
      sql,
      reconnectAfterMs: (sockets) => reconnectAfterMs(sockets + this.followers.count, Math.random()),
    });
  }

  tracking(actor: Actor): ReturnType<typeof toTrackingView> {
    const state = this.#placed();
    return toTrackingView(state, this.#last(state), actor, Date.now());
  }

  /** Sends everybody what they have not seen, and lets those go who may no longer look on. Call after a commit. */
  showNews(): void {
    this.sockets.fanOut();
    this.followers.fanOut();
    const state = this.#read();
    if (state === null) return;
    this.sockets.closeWhere((actor) => !maySee(state, actor));
    this.followers.closeWhere((actor) => !maySee(state, actor));
    if (isOver(state.status)) this.#sighting.forget();
  }

  /** A ping of the order's courier. False for one that is of no use: overtaken, or nobody's business any more. */
  showCourier({ courierId, lat, lng, atMs }: CourierPosition): boolean {
    const state = this.#placed();
    if (isOver(state.status) || !this.#sighting.see(courierId, { lat, lng, atMs })) return false;
    for (const isOperator of [true, false]) {
      const frame = this.#positionFrame(state, isOperator);
      if (frame === null) continue;
      function isFor(actor: Actor): boolean {
        return (actor.kind === 'operator') === isOperator;
      }
      this.sockets.broadcast(frame, isFor);
      this.followers.broadcast(frame, isFor);
    }
    return true;
  }

  #pulse(actor: Actor): readonly ServerFrame<never, never>[] {
    const state = this.#placed();
    const position = this.#positionFrame(state, actor.kind === 'operator');
    return [position ?? { t: 'eta', eta: etaView(state, state.status, this.#last(state), Date.now()) }];
  }

  #positionFrame(state: OrderState, isOperator: boolean): ServerFrame<never, never> | null {
    const last = this.#last(state);
    const nowMs = Date.now();
    const seen = sightOf(state.status, last, isOperator, nowMs);
    if (seen === null) return null;
    const { lat, lng, atMs } = seen;
    return { t: 'position', lat, lng, at: toTimestamp(atMs), eta: etaView(state, state.status, last, nowMs) };
  }

  #last({ courier }: OrderState): Fix | null {
    return courier.at === 'ACCEPTED' ? this.#sighting.of(courier.courierId) : null;
  }

  #placed(): OrderState {
    const state = this.#read();
    if (state === null) throw new Error('nobody watches an order that was never placed');
    return state;
  }
}
