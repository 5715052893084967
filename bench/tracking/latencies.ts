import type { TrackingFrame } from '../../contracts/ws/tracking.ts';
import type { HiredCourier } from './hired-couriers.ts';

/** From the ping that left the courier's app to each frame that shows it. */
export class Latencies {
  readonly #byOrder: ReadonlyMap<string, HiredCourier>;
  readonly tookMs: number[] = [];
  /** Sockets on orders that move. */
  watchers = 0;
  isMeasuring = false;

  constructor(couriers: readonly HiredCourier[]) {
    this.#byOrder = new Map(couriers.flatMap((courier) => (courier.orderId ? [[courier.orderId, courier]] : [])));
  }

  watch(orderId: string): void {
    if (this.#byOrder.has(orderId)) this.watchers += 1;
  }

  take(orderId: string, frame: TrackingFrame): void {
    if (!this.isMeasuring || frame.t !== 'position') return;
    const sentAtMs = this.#byOrder.get(orderId)?.ride.sentAtMs(frame);
    if (sentAtMs !== undefined) this.tookMs.push(performance.now() - sentAtMs);
  }
}
