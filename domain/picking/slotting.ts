import type { TemperatureZone } from '../catalog/storage.ts';
import { packingPlace, placeOfBin, walkM } from './layout.ts';
import type { StoreLayout } from './layout.ts';

/** A SKU at its bin, and how often it was picked over the period. */
export interface Slot {
  readonly sku: string;
  readonly bin: string;
  readonly temperatureZone: TemperatureZone;
  /** Lines, not units: one line is one visit. */
  readonly picks: number;
}

export interface SlotMove {
  readonly sku: string;
  readonly fromBin: string;
  readonly toBin: string;
  /** From the packing station and back. */
  readonly fromM: number;
  readonly toM: number;
  readonly picksPerDay: number;
}

/** Two SKUs that should change places. */
export interface SlotSwap {
  /** Comes nearer to packing. */
  readonly fast: SlotMove;
  readonly slow: SlotMove;
  /** See `slottingReport`. */
  readonly savedMPerDay: number;
}

export interface SlottingReport {
  /** The most worthwhile first; no SKU is in two of them, so they may be done in any order. */
  readonly swaps: readonly SlotSwap[];
  readonly savedMPerDay: number;
}

export interface SlottingScope {
  readonly layout: StoreLayout;
  /** Days over which the picks were counted, more than 0. */
  readonly days: number;
  readonly swapsMax?: number;
}

/** As many as one person moves before opening. */
const SWAPS_MAX = 20;
/** Only the most picked are brought nearer: what is picked rarely saves little wherever it is. */
const FAST_MOVERS_MAX = 200;

interface Spot extends Slot {
  /** From the packing station and back. */
  readonly tripM: number;
}

/**
 * Which fast movers should change places with slow ones nearer to packing, within one temperature zone. Saved metres are
 * those of walks to one line each: (picks of the fast - picks of the slow) * (its trip - the slow one's trip). Several lines
 * share a walk, so the real saving is less; the ranking holds. SKUs whose bin the layout does not know are left out. Whether
 * the goods fit the other bin is for the person who moves them to see.
 */
export function slottingReport(
  slots: readonly Slot[],
  { layout, days, swapsMax = SWAPS_MAX }: SlottingScope,
): SlottingReport {
  const packing = packingPlace(layout);
  let spots: Spot[] = slots
    .flatMap((slot) => {
      const place = placeOfBin(layout, slot.bin);
      return place === undefined ? [] : [{ ...slot, tripM: 2 * walkM(layout, packing, place) }];
    })
    .toSorted((a, b) => b.picks - a.picks || (a.sku < b.sku ? -1 : 1));
  const swaps: SlotSwap[] = [];
  while (swaps.length < swapsMax) {
    const best = bestPair(spots);
    if (best === undefined) break;
    swaps.push(swapOf(best, days));
    spots = spots.filter((spot) => spot !== best.fast && spot !== best.slow);
  }
  return { swaps, savedMPerDay: swaps.reduce((sum, swap) => sum + swap.savedMPerDay, 0) };
}

interface Pair {
  readonly fast: Spot;
  readonly slow: Spot;
}

/** `spots` by picks, most first; of equal pairs the first. */
function bestPair(spots: readonly Spot[]): Pair | undefined {
  let best: Pair | undefined;
  let mostM = 0;
  for (const [rank, fast] of spots.slice(0, FAST_MOVERS_MAX).entries()) {
    for (const slow of spots.slice(rank + 1)) {
      if (slow.temperatureZone !== fast.temperatureZone) continue;
      const saved = savedM({ fast, slow });
      if (saved <= mostM) continue;
      mostM = saved;
      best = { fast, slow };
    }
  }
  return best;
}

function savedM({ fast, slow }: Pair): number {
  return (fast.picks - slow.picks) * (fast.tripM - slow.tripM);
}

function swapOf({ fast, slow }: Pair, days: number): SlotSwap {
  return {
    fast: moveOf(fast, slow, days),
    slow: moveOf(slow, fast, days),
    savedMPerDay: savedM({ fast, slow }) / days,
  };
}

function moveOf(from: Spot, to: Spot, days: number): SlotMove {
  return {
    sku: from.sku,
    fromBin: from.bin,
    toBin: to.bin,
    fromM: from.tripM,
    toM: to.tripM,
    picksPerDay: from.picks / days,
  };
}
