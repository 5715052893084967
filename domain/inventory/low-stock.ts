import { decayed } from '../shared/decay.ts';

const HOUR_MS = 60 * 60 * 1000;
/**
 * Demand is half forgotten after 2 hours: a rush shows within half an hour, counts while it lasts and is a sixteenth of itself
 * when the night is over, and one order is not yet a rush.
 */
const DEMAND_HALF_LIFE_MS = 2 * HOUR_MS;

/** What a store warns at when a SKU has no threshold of its own. */
export interface LowStockPolicy {
  /** Units for sale at which a SKU is low. */
  readonly lowAtUnits: number;
  /** A SKU is low, too, when it is projected to run out within these hours: the time in which a van can bring more. */
  readonly runOutHours: number;
}
export const LOW_STOCK_POLICY: LowStockPolicy = { lowAtUnits: 4, runOutHours: 3 };

/** To be recovered a SKU must be this much above what made it low, or each sale around the mark would be news. */
const RECOVERY_FACTOR = 1.5;

/** Units an hour, as a mean over the past in which each unit weighs half as much every half-life. */
export interface Demand {
  readonly unitsPerHour: number;
  readonly atMs: number;
}
export const NO_DEMAND: Demand = { unitsPerHour: 0, atMs: 0 };

/**
 * Demand with these units more. An exponentially decaying sum of units, times ln 2 / half-life, is a rate: under a steady demand
 * it comes to that demand. It starts at 0 and has three quarters of the truth after two half-lives.
 */
export function withDemand(demand: Demand, units: number, nowMs: number): Demand {
  const perUnit = (Math.LN2 * HOUR_MS) / DEMAND_HALF_LIFE_MS;
  const before = decayed(demand.unitsPerHour, nowMs - demand.atMs, DEMAND_HALF_LIFE_MS);
  return { unitsPerHour: before + units * perUnit, atMs: Math.max(demand.atMs, nowMs) };
}

/** Hours until nothing is left for sale at today's demand; `null` when nothing is asked for. */
export function runOutHours(sellableUnits: number, demand: Demand, nowMs: number): number | null {
  const { unitsPerHour } = withDemand(demand, 0, nowMs);
  // Less than one unit in a year is the tail of a memory.
  if (unitsPerHour < 1e-4) return null;
  return Math.max(0, sellableUnits) / unitsPerHour;
}

/**
 * `OUT` lasts until the SKU has recovered, also when a unit or two come back meanwhile: out, low, out within a minute would be
 * three alerts of one empty shelf.
 */
export type StockState = 'OK' | 'LOW' | 'OUT';

/** The state after a change. `projectedHours`: from `runOutHours`. */
export function stockState(
  before: StockState,
  { sellableUnits, projectedHours }: { readonly sellableUnits: number; readonly projectedHours: number | null },
  policy: LowStockPolicy,
): StockState {
  if (sellableUnits <= 0) return 'OUT';
  const hours = projectedHours ?? Number.POSITIVE_INFINITY;
  const low = sellableUnits <= policy.lowAtUnits || hours <= policy.runOutHours;
  if (before === 'OK') return low ? 'LOW' : 'OK';
  const recovered = sellableUnits > policy.lowAtUnits * RECOVERY_FACTOR && hours > policy.runOutHours * RECOVERY_FACTOR;
  return recovered ? 'OK' : before;
}

/** The event that tells of a change of state; none when there is nothing new. */
export function stockNews(before: StockState, after: StockState): 'stock.low' | 'stock.out' | 'stock.recovered' | null {
  if (before === after) return null;
  switch (after) {
    case 'OK':
      return 'stock.recovered';
    case 'LOW':
      return 'stock.low';
    case 'OUT':
      return 'stock.out';
  }
}
