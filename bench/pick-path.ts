import { layoutOfBins } from '../domain/picking/layout.ts';
import type { StoreLayout } from '../domain/picking/layout.ts';
import { byGroup, planWalk, walkInOrder } from '../domain/picking/pick-path.ts';
import type { WalkLine } from '../domain/picking/pick-path.ts';
import { byBinPath } from '../domain/picking/pick-list.ts';
import { slottingReport } from '../domain/picking/slotting.ts';
import { nextWave } from '../domain/picking/wave.ts';
import type { Wave, WaveLine, WaveTask } from '../domain/picking/wave.ts';
import { percentile } from '../scripts/shared/percentile.ts';
import type { Bench, Figures } from './bench.ts';
import { drawBaskets, inventory } from './pick-path-baskets.ts';
import { rounded } from './rate-figures.ts';

const SEED = 1;
const ORDERS = 1_000;
/** Tasks that wait together when waves are built. */
const QUEUE = 20;
const PROMISE_MS = 20 * 60_000;
const TO_DOOR_MS = 6 * 60_000;

/** The floor's rules over drawn baskets. Nothing runs: metres and seconds are the model's, for any machine the same. */
export const pickPathBench: Bench = {
  name: 'pick-path',
  what: 'walks and waves on the floor of 3,732 SKUs against a list by SKU: metres and seconds an order',
  run: (_settings, say) => {
    say(`${ORDERS} baskets, seed ${SEED}`);
    return Promise.resolve(pickPathFigures(SEED, ORDERS));
  },
};

type Basket = readonly WaveLine[];

/** The same seed gives the same metres; only how long planning took differs. */
export function pickPathFigures(seed: number, orders: number): Figures {
  const baskets = drawBaskets(seed, orders);
  const skus = inventory();
  const layout = layoutOfBins(skus.map(({ bin }) => bin));
  const walkTookMs: number[] = [];
  const waveTookMs: number[] = [];
  function listed(order: (a: WaveLine, b: WaveLine) => number): Walked {
    return perOrder(baskets.map((lines) => walkInOrder(lines.toSorted(order), layout)));
  }
  const list = listed(bySku);
  const asOrdered = perOrder(baskets.map((lines) => walkInOrder(lines, layout)));
  const ungrouped = perOrder(baskets.map((lines) => planWalk(lines.map(withoutGroup), layout)));
  const listInGroups = listed((a, b) => byGroup(a, b) || bySku(a, b));
  const planned = perOrder(baskets.map((lines) => timed(walkTookMs, () => planWalk(lines, layout))));
  const waves = allWaves(baskets, layout, waveTookMs);
  const waved = perOrder(
    waves.map(({ walk }) => walk),
    orders,
  );
  return {
    orders,
    lines_per_order: rounded(baskets.flat().length / orders),
    as_ordered_m_per_order: rounded(asOrdered.distanceM),
    as_ordered_s_per_order: rounded(asOrdered.durationS),
    by_sku_m_per_order: rounded(list.distanceM),
    by_sku_s_per_order: rounded(list.durationS),
    by_group_and_sku_m_per_order: rounded(listInGroups.distanceM),
    by_group_and_sku_s_per_order: rounded(listInGroups.durationS),
    by_bin_m_per_order: rounded(listed(byBinPath).distanceM),
    planned_m_per_order: rounded(planned.distanceM),
    planned_s_per_order: rounded(planned.durationS),
    planned_without_groups_m_per_order: rounded(ungrouped.distanceM),
    planned_m_of_as_ordered: rounded(planned.distanceM / asOrdered.distanceM),
    planned_m_of_by_sku: rounded(planned.distanceM / list.distanceM),
    planned_m_of_by_group_and_sku: rounded(planned.distanceM / listInGroups.distanceM),
    waves_m_per_order: rounded(waved.distanceM),
    waves_s_per_order: rounded(waved.durationS),
    waves_m_of_planned: rounded(waved.distanceM / planned.distanceM),
    orders_per_wave: rounded(orders / waves.length),
    ...slottingFigures(baskets, layout, skus),
    plan_walk_p50_ms: rounded(percentile(walkTookMs, 50) ?? 0),
    plan_walk_p99_ms: rounded(percentile(walkTookMs, 99) ?? 0),
    next_wave_p50_ms: rounded(percentile(waveTookMs, 50) ?? 0),
    next_wave_p99_ms: rounded(percentile(waveTookMs, 99) ?? 0),
  };
}

/** As a list is sorted that sorts by SKU: as text. */
function bySku(a: WalkLine, b: WalkLine): number {
  return a.sku < b.sku ? -1 : 1;
}

function withoutGroup(line: WalkLine): WalkLine {
  return { ...line, temperatureZone: 'ambient', fragile: false };
}

interface Walked {
  readonly distanceM: number;
  readonly durationS: number;
}

function perOrder(walks: readonly Walked[], orders: number = walks.length): Walked {
  return {
    distanceM: walks.reduce((sum, { distanceM }) => sum + distanceM, 0) / orders,
    durationS: walks.reduce((sum, { durationS }) => sum + durationS, 0) / orders,
  };
}

/** The queue fills with `QUEUE` orders that were just placed, and enough pickers take it wave by wave. */
function allWaves(baskets: readonly Basket[], layout: StoreLayout, tookMs: number[]): Wave[] {
  const waves: Wave[] = [];
  for (let first = 0; first < baskets.length; first += QUEUE) {
    let queue = baskets.slice(first, first + QUEUE).map((lines, index) => taskOf(`order ${first + index}`, lines));
    for (;;) {
      const wave = timed(tookMs, () => nextWave(queue, { layout, nowMs: 0 }));
      if (wave === undefined) break;
      waves.push(wave);
      const taken = new Set(wave.tasks.map(({ orderId }) => orderId));
      queue = queue.filter(({ orderId }) => !taken.has(orderId));
    }
  }
  return waves;
}

function taskOf(orderId: string, lines: Basket): WaveTask {
  return {
    orderId,
    promisedAtMs: PROMISE_MS,
    queuedAtMs: 0,
    toDoorMs: TO_DOOR_MS,
    lines,
    carried: { units: 0, weightG: 0 },
  };
}

/** Swaps proposed from the first half of the orders, and what the second half walks then. */
function slottingFigures(baskets: readonly Basket[], layout: StoreLayout, skus: readonly WaveLine[]): Figures {
  const half = Math.floor(baskets.length / 2);
  const picks = new Map<string, number>();
  for (const { sku } of baskets.slice(0, half).flat()) picks.set(sku, (picks.get(sku) ?? 0) + 1);
  const slots = skus.map(({ sku, bin, temperatureZone }) => ({
    sku,
    bin,
    temperatureZone,
    picks: picks.get(sku) ?? 0,
  }));
  const { swaps, savedMPerDay } = slottingReport(slots, { layout, days: 1 });
  const bins = new Map(swaps.flatMap(({ fast, slow }) => [fast, slow]).map(({ sku, toBin }) => [sku, toBin]));
  function moved(line: WalkLine): WalkLine {
    return { ...line, bin: bins.get(line.sku) ?? line.bin };
  }
  const after = baskets.slice(half);
  return {
    slotting_swaps: swaps.length,
    slotting_estimate_m_per_order: rounded(savedMPerDay / half),
    slotting_before_m_per_order: rounded(perOrder(after.map((lines) => planWalk(lines, layout))).distanceM),
    slotting_after_m_per_order: rounded(perOrder(after.map((lines) => planWalk(lines.map(moved), layout))).distanceM),
  };
}

function timed<T>(tookMs: number[], run: () => T): T {
  const startedAtMs = performance.now();
  const result = run();
  tookMs.push(performance.now() - startedAtMs);
  return result;
}
