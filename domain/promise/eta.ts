import { distanceM } from '../shared/geo.ts';
import type { LatLng } from '../shared/geo.ts';
import { rideMs } from './ride.ts';

/** Bags to bike to street, and from the kerb to the door. */
const HANDOVER_MS = 2 * 60_000;
const AT_THE_DOOR_MS = 60_000;

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
      return Math.max(stage.promisedAtMs, nowMs + HANDOVER_MS + AT_THE_DOOR_MS);
    case 'ready':
      return nowMs + HANDOVER_MS + toTheDoorMs(stage.store, stage.drop);
    case 'riding':
      return nowMs + toTheDoorMs(stage.from, stage.drop);
    case 'over':
      return null;
  }
}

function toTheDoorMs(from: LatLng, door: LatLng): number {
  return rideMs(distanceM(from, door)) + AT_THE_DOOR_MS;
}
