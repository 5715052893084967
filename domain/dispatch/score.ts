import { distanceM } from '../shared/geo.ts';
import type { LatLng } from '../shared/geo.ts';
import type { CourierId } from '../shared/ids.ts';

/** How far from the store a courier may be to be asked, metres in a straight line. */
export const SEARCH_RADIUS_M = 5000;

/** A courier as the zone knows it. */
export interface Candidate {
  readonly courierId: CourierId;
  readonly onShift: boolean;
  readonly position: LatLng | null;
  /** Orders accepted and not yet delivered. */
  readonly load: number;
  /** Offers of this zone that wait for this courier's answer. */
  readonly offered: number;
  /** The most orders at a time. */
  readonly capacity: number;
}

/** What a strategy may look at. */
export interface Features {
  readonly distanceM: number;
  readonly load: number;
}
/** The lowest score wins. The terms add up to it, so that anyone can see why. */
export interface Rating {
  readonly score: number;
  readonly terms: { readonly [term: string]: number };
}
export interface Strategy {
  readonly name: string;
  rate(features: Features): Rating;
}

/**
 * `distance_m * 0.6 + load * 1000 * 0.4`, evaluated in exactly this order, so that it is equal to the last bit everywhere.
 * An order carried weighs as much as 667 m of way.
 */
export const S2_DISTANCE_LOAD: Strategy = {
  name: 's2-distance-load',
  rate(features) {
    const distance = features.distanceM * 0.6;
    const load = features.load * 1000 * 0.4;
    return { score: distance + load, terms: { distance, load } };
  },
};

export interface Rated extends Features, Rating {
  readonly courierId: CourierId;
}

/** Those who could take one more order from this store now: on shift, within reach, with room. Best first; equals by id. */
export function rank(strategy: Strategy, pickup: LatLng, candidates: readonly Candidate[]): Rated[] {
  return candidates
    .flatMap((candidate): Rated[] => {
      if (!hasRoom(candidate) || candidate.position === null) return [];
      const features = { distanceM: distanceM(candidate.position, pickup), load: candidate.load };
      if (features.distanceM > SEARCH_RADIUS_M) return [];
      return [{ courierId: candidate.courierId, ...features, ...strategy.rate(features) }];
    })
    .toSorted((a, b) => a.score - b.score || (a.courierId < b.courierId ? -1 : 1));
}

/** On shift and able to take one more order, counting the offers that may still be accepted. */
export function hasRoom({ onShift, load, offered, capacity }: Omit<Candidate, 'courierId' | 'position'>): boolean {
  return onShift && load + offered < capacity;
}
