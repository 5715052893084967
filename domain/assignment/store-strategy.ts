import { storeToDoorMs } from '../promise/ride.ts';
import type { StoreId } from '../shared/ids.ts';

/** A store that could serve a basket. */
export interface StoreOption {
  readonly storeId: StoreId;
  /** To the door, as the crow flies. */
  readonly distanceM: number;
  /** Whether it had the whole basket a moment ago. The store itself decides in the end. */
  readonly hasAll: boolean;
  /** When nine of ten times its floor would have the next order packed. */
  readonly readyP90Ms: number;
  /** It asks for fewer orders: the last choice among those that have the basket. */
  readonly throttled: boolean;
}

/** One way to prefer stores: the lower score wins, and its terms say why. Strategies are swapped without touching a caller. */
export interface StoreStrategy {
  readonly name: string;
  score(option: StoreOption): { readonly score: number; readonly terms: { readonly [term: string]: number } };
}

export const PROXIMITY: StoreStrategy = {
  name: 'proximity',
  score: ({ distanceM }) => ({ score: distanceM, terms: { distanceM } }),
};

/** Nearness and capacity in one measure, the customer's: how long it takes to the door. At a peak orders spread by themselves. */
export const SOONEST: StoreStrategy = {
  name: 'soonest',
  score({ readyP90Ms, distanceM }) {
    const rideMs = storeToDoorMs(distanceM);
    return { score: readyP90Ms + rideMs, terms: { readyP90Ms, rideMs } };
  },
};

/** Best first: those that have the whole basket, throttled ones last, then by the strategy's score; equal scores go by id. */
export function rankStores<O extends StoreOption>(options: readonly O[], strategy: StoreStrategy): readonly O[] {
  return options
    .map((option) => ({ option, score: strategy.score(option).score }))
    .toSorted(
      (a, b) =>
        Number(b.option.hasAll) - Number(a.option.hasAll) ||
        Number(a.option.throttled) - Number(b.option.throttled) ||
        a.score - b.score ||
        (a.option.storeId < b.option.storeId ? -1 : 1),
    )
    .map(({ option }) => option);
}
