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
  /** How much the basket takes of what is there, parts per million, of the SKU of which it takes most; above a million it is short. */
  readonly drainPpm: number;
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

/** The floor that is ready soonest: orders spread over stores by what they have to do. */
const CAPACITY: StoreStrategy = {
  name: 'capacity',
  score: ({ readyP90Ms }) => ({ score: readyP90Ms, terms: { readyP90Ms } }),
};

/** The shelves that are left fullest: stores run out later, and all of them at once. */
const INVENTORY: StoreStrategy = {
  name: 'inventory',
  score: ({ drainPpm }) => ({ score: drainPpm, terms: { drainPpm } }),
};

/** Nearness and capacity in one measure, the customer's: how long it takes to the door. At a peak orders spread by themselves. */
export const SOONEST: StoreStrategy = {
  name: 'soonest',
  score({ readyP90Ms, distanceM }) {
    const rideMs = storeToDoorMs(distanceM);
    return { score: readyP90Ms + rideMs, terms: { readyP90Ms, rideMs } };
  },
};

export interface HybridWeights {
  readonly proximity: number;
  readonly capacity: number;
  readonly inventory: number;
}
/** What counts as one in a hybrid score: this far, this long, all that is there. */
const ONE = { distanceM: 2_000, readyP90Ms: 600_000, drainPpm: 1_000_000 };

/** All three, each as a share of what counts as one, times its weight; the terms add up to the score. */
function hybrid(weights: HybridWeights): StoreStrategy {
  return {
    name: 'hybrid',
    score({ distanceM, readyP90Ms, drainPpm }) {
      const proximity = Math.round((weights.proximity * distanceM) / ONE.distanceM);
      const capacity = Math.round((weights.capacity * readyP90Ms) / ONE.readyP90Ms);
      const inventory = Math.round((weights.inventory * drainPpm) / ONE.drainPpm);
      return { score: proximity + capacity + inventory, terms: { proximity, capacity, inventory } };
    },
  };
}

/** How a city prefers stores: data, published with the network. Weights are integers, not negative; 1,000 is a usual one. */
export type AssignmentRules =
  | { readonly strategy: 'soonest' | 'proximity' | 'capacity' | 'inventory' }
  | { readonly strategy: 'hybrid'; readonly weights: HybridWeights };
export const DEFAULT_ASSIGNMENT_RULES: AssignmentRules = { strategy: 'soonest' };

export function strategyOf(rules: AssignmentRules): StoreStrategy {
  switch (rules.strategy) {
    case 'soonest':
      return SOONEST;
    case 'proximity':
      return PROXIMITY;
    case 'capacity':
      return CAPACITY;
    case 'inventory':
      return INVENTORY;
    case 'hybrid':
      return hybrid(rules.weights);
  }
}

/** A store in its place, and why it is there. */
export interface Ranked<O extends StoreOption> {
  readonly option: O;
  readonly score: number;
  readonly terms: { readonly [term: string]: number };
}

/** Best first: those that have the whole basket, throttled ones last, then by the strategy's score; equal scores go by id. */
export function rankStores<O extends StoreOption>(
  options: readonly O[],
  strategy: StoreStrategy,
): readonly Ranked<O>[] {
  return options
    .map((option) => ({ option, ...strategy.score(option) }))
    .toSorted(
      (a, b) =>
        Number(b.option.hasAll) - Number(a.option.hasAll) ||
        Number(a.option.throttled) - Number(b.option.throttled) ||
        a.score - b.score ||
        (a.option.storeId < b.option.storeId ? -1 : 1),
    );
}

/** Which stores were considered for an order, best first, and why in this order: kept with the order. */
export interface Ranking {
  readonly strategy: string;
  readonly stores: readonly {
    readonly storeId: StoreId;
    readonly hasAll: boolean;
    readonly throttled: boolean;
    readonly score: number;
    readonly terms: { readonly [term: string]: number };
  }[];
}

export function explainRanking(strategy: StoreStrategy, ranked: readonly Ranked<StoreOption>[]): Ranking {
  return {
    strategy: strategy.name,
    stores: ranked.map(({ option: { storeId, hasAll, throttled }, score, terms }) => ({
      storeId,
      hasAll,
      throttled,
      score,
      terms,
    })),
  };
}
