import type { StoreId } from '../shared/ids.ts';

/** A store that could serve a basket. */
export interface StoreOption {
  readonly storeId: StoreId;
  /** To the door, as the crow flies. */
  readonly distanceM: number;
  /** Whether it had the whole basket a moment ago. The store itself decides in the end. */
  readonly hasAll: boolean;
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

/** Best first: those that have the whole basket, then by the strategy's score; equal scores go by id. */
export function rankStores<O extends StoreOption>(options: readonly O[], strategy: StoreStrategy): readonly O[] {
  return options
    .map((option) => ({ option, score: strategy.score(option).score }))
    .toSorted(
      (a, b) =>
        Number(b.option.hasAll) - Number(a.option.hasAll) ||
        a.score - b.score ||
        (a.option.storeId < b.option.storeId ? -1 : 1),
    )
    .map(({ option }) => option);
}
