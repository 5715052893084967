import type { LatLng } from '../shared/geo.ts';
import type { CourierId } from '../shared/ids.ts';
import { rank } from './score.ts';
import type { Candidate, Rated, Strategy } from './score.ts';

/** The wait after everyone in reach has declined, before they are asked once more. A newcomer is asked at once. */
export const REST_MS = 5000;

/** The search for one order's courier, while no offer of it is open. */
export interface Search {
  readonly pickup: LatLng;
  /** Counted from 1. In one round everybody is asked at most once. */
  readonly round: number;
  /** Who was asked in this round. */
  readonly asked: ReadonlySet<CourierId>;
  /** Set while it rests because nobody is left to ask. */
  readonly restUntilMs: number | null;
}

export type SearchStep =
  /** Ask `ranked[0]`, in this round. */
  | { readonly do: 'propose'; readonly round: number; readonly ranked: readonly [Rated, ...Rated[]] }
  /** Nobody is left to ask in this round. */
  | { readonly do: 'rest'; readonly untilMs: number }
  | { readonly do: 'wait' };

/** What the search does next, given who is there now. The same input gives the same step. */
export function nextStep(
  search: Search,
  candidates: readonly Candidate[],
  strategy: Strategy,
  nowMs: number,
): SearchStep {
  const inReach = rank(strategy, search.pickup, candidates);
  const fresh = inReach.filter(({ courierId }) => !search.asked.has(courierId));
  if (isSome(fresh)) return { do: 'propose', round: search.round, ranked: fresh };
  if (search.restUntilMs === null) return { do: 'rest', untilMs: nowMs + REST_MS };
  if (nowMs >= search.restUntilMs && isSome(inReach))
    return { do: 'propose', round: search.round + 1, ranked: inReach };
  return { do: 'wait' };
}

function isSome<T>(list: readonly T[]): list is readonly [T, ...T[]] {
  return list.length > 0;
}
