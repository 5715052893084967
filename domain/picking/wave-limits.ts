import type { TemperatureZone } from '../catalog/storage.ts';
import type { Walk, WalkLine } from './pick-path.ts';
import { P90_FACTOR } from '../capacity/pick-pace.ts';
import type { PlannedTask, WaveTask } from './wave.ts';

export interface WaveLimits {
  readonly tasksMax: number;
  /** Totes on one cart. No two orders share one. */
  readonly totesMax: number;
  readonly toteUnitsMax: number;
  /** Counts as far as the weights are known. */
  readonly toteWeightMaxG: number;
  /** Packing and sealing the bags of one order, median. */
  readonly packMs: number;
  /** Nine of ten walks and packings take at most this many times the median. */
  readonly p90Factor: number;
  /** How long goods of a wave may be away from fridge or freezer until the last bag is packed. */
  readonly outOfColdMaxMs: { readonly [zone in Exclude<TemperatureZone, 'ambient'>]: number };
  /** How many tasks after the most urgent may join it: bounds the work, not the wave. */
  readonly candidatesMax: number;
}

const MINUTE_MS = 60_000;

/**
 * Working figures until a store gives its own. A tote of 600 x 400 x 300 mm is lifted with up to 15 kg and holds about 25
 * units. Goods out of cold storage are commonly allowed 15 minutes in audits of warehouses, ice cream less.
 */
export const DEFAULT_WAVE_LIMITS: WaveLimits = {
  tasksMax: 4,
  totesMax: 4,
  toteUnitsMax: 25,
  toteWeightMaxG: 15_000,
  packMs: 30_000,
  p90Factor: P90_FACTOR,
  outOfColdMaxMs: { chilled: 15 * MINUTE_MS, frozen: 10 * MINUTE_MS },
  candidatesMax: 20,
};

interface Walked {
  readonly tasks: readonly WaveTask[];
  readonly walk: Walk<WalkLine>;
}

/** Every order has totes of its own, as many as its units and its weight need, and all of them are on one cart. */
export function fitsOnCart(tasks: readonly WaveTask[], limits: WaveLimits): boolean {
  return tasks.reduce((sum, task) => sum + totesOf(task, limits), 0) <= limits.totesMax;
}

function totesOf({ lines, carried }: WaveTask, { toteUnitsMax, toteWeightMaxG }: WaveLimits): number {
  const units = lines.reduce((sum, { quantity }) => sum + quantity, carried.units);
  const weightG = lines.reduce((sum, line) => sum + (line.weightG ?? 0) * line.quantity, carried.weightG);
  return Math.max(1, Math.ceil(units / toteUnitsMax), Math.ceil(weightG / toteWeightMaxG));
}

/** Nobody is late because of the others: nine times of ten every order is packed while its ride can still make the promise. */
export function fitsInTime(walked: Walked, nowMs: number, limits: WaveLimits): boolean {
  const latest = new Map(walked.tasks.map((task) => [task.orderId, latestPackedMs(task)]));
  return packingPlan(walked, nowMs, limits).every(
    ({ orderId, packedAtMs }) => packedAtMs <= (latest.get(orderId) ?? 0),
  );
}

/**
 * Zones may share a walk for as long as what is cold stays cold: from the first chilled, and from the first frozen, unit in
 * the tote until the last bag of the wave is packed. Frozen goods are taken last, so what they wait for is mostly packing.
 */
export function staysCold({ tasks, walk }: Walked, limits: WaveLimits): boolean {
  const outMs = { chilled: 0, frozen: 0 };
  for (const { arrivesAtS, lines } of walk.stops) {
    for (const { temperatureZone: zone } of lines) {
      if (zone === 'ambient') continue;
      const untilPackedMs = ((walk.durationS - arrivesAtS) * 1000 + tasks.length * limits.packMs) * limits.p90Factor;
      outMs[zone] = Math.max(outMs[zone], untilPackedMs);
    }
  }
  return outMs.chilled <= limits.outOfColdMaxMs.chilled && outMs.frozen <= limits.outOfColdMaxMs.frozen;
}

/**
 * When the bags of each are packed, after the walk one after the other, the one with the least time left first; and where on
 * the cart its totes stand, in the same order.
 */
export function packingPlan({ tasks, walk }: Walked, nowMs: number, limits: WaveLimits): PlannedTask[] {
  let placed = 0;
  return tasks
    .toSorted((a, b) => latestPackedMs(a) - latestPackedMs(b) || (a.orderId < b.orderId ? -1 : 1))
    .map((task, index) => {
      const totes = Array.from({ length: totesOf(task, limits) }, (_, i) => placed + i + 1);
      placed += totes.length;
      const tookMs = (walk.durationS * 1000 + (index + 1) * limits.packMs) * limits.p90Factor;
      return { orderId: task.orderId, totes, packedAtMs: Math.ceil(nowMs + tookMs) };
    });
}

function latestPackedMs({ promisedAtMs, toDoorMs }: WaveTask): number {
  return promisedAtMs - toDoorMs;
}
