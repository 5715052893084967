import { doubtedUnits, expectedUnits, isBelieved, judgeCount } from '../domain/inventory/cycle-count.ts';
import type { CountMade } from '../domain/inventory/cycle-count.ts';
import { afterCount, afterNotFound, riskOf } from '../domain/inventory/count-risk.ts';
import type { ShelfHistory } from '../domain/inventory/count-risk.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const SKUS = 400;
const LINES_A_DAY = 600;
/** So many days pass before anything is measured: a store that opened yesterday has lost nothing yet. */
const WARM_UP_DAYS = 30;
const DAYS = 120;
/** One shelf in eight loses units often: it is at the door, small or dear. */
const LOSING_SHARE = 1 / 8;
const [LOSES_OFTEN_EVERY_DAYS, LOSES_ELSE_EVERY_DAYS] = [4, 80];
/** One count in fifty is a unit off. */
const MISCOUNT_SHARE = 1 / 50;
/** To walk there, to count one unit, seconds. */
const [WALK_S, UNIT_S] = [45, 1.5];

/** How a store decides what to count. `none`: nothing is counted and a scan that found nothing changes nothing. */
export type CountPolicy = 'risk' | 'uniform' | 'none';

interface Shelf {
  readonly popularity: number;
  readonly priceMinor: number;
  readonly lossPerDay: number;
  /** Filled up to this when the ledger has half of it or less. */
  readonly fullUnits: number;
  /** What is there, which nobody knows. */
  actual: number;
  available: number;
  inDoubt: number;
  history: ShelfHistory;
}

export interface CountRun {
  /** Of lines that were sold and went to be picked, the share that was there. */
  readonly foundRate: number;
  /** Of lines that customers wanted, the share that they got. */
  readonly servedRate: number;
  /** At the end, over every shelf: 1 - sum of differences / sum of units in the ledger. */
  readonly unitAccuracy: number;
  readonly countsPerDay: number;
  readonly countHoursPerDay: number;
}

/** A store that loses units and counts `countsPerDay` shelves a day. The same random numbers give the same store. */
export function runStore(policy: CountPolicy, countsPerDay: number, random: () => number): CountRun {
  const shelves = Array.from({ length: SKUS }, (_, n) => newShelf(n, random));
  const tally = { wanted: 0, sold: 0, found: 0, counts: 0, countS: 0 };
  const popularity = cumulative(shelves.map((shelf) => shelf.popularity));
  for (let day = 0; day < DAYS; day += 1) {
    const measured = day >= WARM_UP_DAYS;
    const nowMs = day * DAY_MS;
    for (const shelf of shelves) {
      refill(shelf);
      if (random() < shelf.lossPerDay && shelf.actual > 0) shelf.actual -= 1;
    }
    for (let line = 0; line < LINES_A_DAY; line += 1) {
      const shelf = shelves[drawn(popularity, random())];
      if (shelf === undefined) continue;
      const fate = serve(shelf, policy, nowMs);
      if (!measured) continue;
      tally.wanted += 1;
      tally.sold += fate === 'out' ? 0 : 1;
      tally.found += fate === 'found' ? 1 : 0;
    }
    const chosen = policy === 'none' ? [] : choose(shelves, policy, countsPerDay, day);
    for (const shelf of chosen) {
      const workS = count(shelf, nowMs, random);
      tally.counts += measured ? 1 : 0;
      tally.countS += measured ? workS : 0;
    }
  }
  const books = shelves.map((shelf) => shelf.available + shelf.inDoubt);
  const off = shelves.reduce((sum, { actual }, n) => sum + Math.abs((books[n] ?? 0) - actual), 0);
  return {
    foundRate: tally.found / tally.sold,
    servedRate: tally.found / tally.wanted,
    unitAccuracy: 1 - off / books.reduce((sum, units) => sum + units, 0),
    countsPerDay: tally.counts / (DAYS - WARM_UP_DAYS),
    countHoursPerDay: tally.countS / 3600 / (DAYS - WARM_UP_DAYS),
  };
}

function newShelf(n: number, random: () => number): Shelf {
  const popularity = 1 / (n + 1) ** 0.8;
  const losing = random() < LOSING_SHARE;
  const fullUnits = Math.max(6, Math.round(150 * popularity));
  return {
    popularity,
    priceMinor: Math.round(1_000 * Math.exp(1.5 * (random() - 0.5))) * (losing ? 2 : 1),
    lossPerDay: 1 / (losing ? LOSES_OFTEN_EVERY_DAYS : LOSES_ELSE_EVERY_DAYS),
    fullUnits,
    actual: fullUnits,
    available: fullUnits,
    inDoubt: 0,
    history: { notFound: 0, shrinkUnits: 0, atMs: 0, countedAtMs: 0 },
  };
}

/** The van brings what the ledger misses. A shelf that is empty and does not know it gets nothing: that is what phantoms cost. */
function refill(shelf: Shelf): void {
  const book = shelf.available + shelf.inDoubt;
  if (book > shelf.fullUnits / 2) return;
  const units = shelf.fullUnits - book;
  shelf.available += units;
  shelf.actual += units;
}

/** One line of an order: sold if the ledger has it, found if the shelf has. */
function serve(shelf: Shelf, policy: CountPolicy, nowMs: number): 'out' | 'found' | 'missing' {
  if (shelf.available === 0) return 'out';
  if (shelf.actual > 0) {
    shelf.available -= 1;
    shelf.actual -= 1;
    return 'found';
  }
  if (policy === 'none') return 'missing';
  const blocked = doubtedUnits(shelf.available);
  shelf.available -= blocked;
  shelf.inDoubt += blocked;
  shelf.history = afterNotFound(shelf.history, nowMs);
  return 'missing';
}

/** The shelves of the day: the riskiest, or the next ones in turn. */
function choose(shelves: readonly Shelf[], policy: CountPolicy, counts: number, day: number): Shelf[] {
  if (policy === 'uniform') {
    return Array.from({ length: counts }, (_, i) => shelves[(day * counts + i) % shelves.length]).filter(
      (shelf) => shelf !== undefined,
    );
  }
  const nowMs = day * DAY_MS;
  const values = new Map(shelves.map((shelf) => [shelf, (shelf.available + shelf.inDoubt) * shelf.priceMinor]));
  const usualValueMinor = [...values.values()].reduce((sum, value) => sum + value, 0) / shelves.length;
  return shelves
    .map((shelf) => {
      const valueMinor = values.get(shelf) ?? 0;
      return { shelf, score: riskOf(shelf.history, { valueMinor, usualValueMinor, nowMs }).score };
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, counts)
    .map(({ shelf }) => shelf);
}

/** Counts until the count is believed. Returns the seconds it took. */
function count(shelf: Shelf, nowMs: number, random: () => number): number {
  const { available, inDoubt } = shelf;
  const units = { available, inDoubt, setAside: 0, held: 0, allocated: 0 };
  let workS = WALK_S;
  let before: CountMade | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const counted = Math.max(0, shelf.actual + miscount(random));
    workS += UNIT_S * shelf.actual;
    const made: CountMade = { attempt, varianceUnits: counted - expectedUnits(units) };
    if (isBelieved(made, before, expectedUnits(units))) {
      const { varianceUnits } = judgeCount(units, counted);
      shelf.available = counted;
      shelf.inDoubt = 0;
      shelf.history = afterCount(shelf.history, varianceUnits, nowMs);
      return workS;
    }
    before = made;
  }
}

function miscount(random: () => number): number {
  if (random() >= MISCOUNT_SHARE) return 0;
  return random() < 0.5 ? -1 : 1;
}

function cumulative(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let upTo = 0;
  return weights.map((weight) => (upTo += weight / total));
}

function drawn(upTo: readonly number[], at: number): number {
  let [low, high] = [0, upTo.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((upTo[middle] ?? 1) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
