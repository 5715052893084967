import { distanceM } from '../shared/geo.ts';
import type { LatLng } from '../shared/geo.ts';
import { storeToDoorMs, toTheDoorMs } from './ride.ts';

/** Where an order is on its way to the door. */
export type EtaStage =
  | { readonly at: 'in_store'; readonly promisedAtMs: number }
  | { readonly at: 'ready'; readonly store: LatLng; readonly drop: LatLng }
  /** `from`: the courier's last position, or the store before there is one. */
  | { readonly at: 'riding'; readonly from: LatLng; readonly drop: LatLng }
  | { readonly at: 'over' };

/**
 * When the order will be at the door, ms since the epoch, as far as `nowMs` can tell; `null` once that is over. Before it is
 * packed the promise stands, unless even the ride alone cannot keep it.
 */
export function etaMs(stage: EtaStage, nowMs: number): number | null {
  switch (stage.at) {
    case 'in_store':
      return Math.max(stage.promisedAtMs, nowMs + storeToDoorMs(0));
    case 'ready':
      return nowMs + storeToDoorMs(distanceM(stage.store, stage.drop));
    case 'riding':
      return nowMs + toTheDoorMs(distanceM(stage.from, stage.drop));
    case 'over':
      return null;
  }
}
