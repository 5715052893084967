import type { StoreLayout } from './layout.ts';
import { planWalk } from './pick-path.ts';
import type { Walk, WalkLine } from './pick-path.ts';
import { byUrgency } from './urgency.ts';
import type { WaitingTask } from './urgency.ts';
import { DEFAULT_WAVE_LIMITS, fitsInTime, fitsOnCart, packingPlan, staysCold } from './wave-limits.ts';
import type { WaveLimits } from './wave-limits.ts';

export interface WaveLine extends WalkLine {
  /** One unit; null when nobody has weighed it. */
  readonly weightG: number | null;
}

export interface WaveTask extends WaitingTask {
  /** From packed bags to the customer's door; 0 when the customer comes for them. */
  readonly toDoorMs: number;
  /** What is still to be picked of it. */
  readonly lines: readonly WaveLine[];
  /** What is in its totes already, after somebody else began it. */
  readonly carried: { readonly units: number; readonly weightG: number };
}

/** A line of the wave's list, with the order whose tote it goes into. */
export interface OrderedLine extends WaveLine {
  readonly orderId: string;
}

/** Orders that one picker collects on one walk, a tote each, and then packs one after the other. */
export interface Wave {
  /** In the order of packing: whose bags have to be ready first. */
  readonly tasks: readonly PlannedTask[];
  readonly walk: Walk<OrderedLine>;
  /** Metres less than the same orders one by one; 0 for a single one. */
  readonly savedM: number;
}
export interface PlannedTask {
  readonly orderId: string;
  /** Its positions on the cart, from 1. No other order's. */
  readonly totes: readonly number[];
  /** Nine times of ten its bags are packed by then. */
  readonly packedAtMs: number;
}

/** A store's floor at one moment. */
export interface Floor {
  readonly layout: StoreLayout;
  readonly nowMs: number;
  readonly limits?: WaveLimits;
}

/** A set of tasks with its walk. */
interface Batch {
  readonly tasks: readonly WaveTask[];
  readonly walk: Walk<OrderedLine>;
  /** What the tasks walk one by one. */
  readonly singlyM: number;
}

/**
 * What the next free picker should take: the most urgent task, so that none is passed over for ever, and with it, one after
 * the other, the task that saves the most metres of those that break no limit. (Seed and savings: de Koster, van der Poort
 * and Wolters, "Efficient orderbatching methods in warehouses", IJPR 37, 1999.) Only the most urgent are considered. The
 * limits bind what joins: a task that is too big, too late or too long in the warm for itself walks alone.
 *
 * A store with a free picker for every task should ask for waves of one: batching saves metres and delays the first.
 * Undefined when the queue is empty. The order of `queue` does not matter.
 */
export function nextWave(
  queue: readonly WaveTask[],
  { layout, nowMs, limits = DEFAULT_WAVE_LIMITS }: Floor,
): Wave | undefined {
  const [seed, ...others] = queue.toSorted(byUrgency(nowMs));
  if (seed === undefined) return undefined;
  let batch = single(seed, layout);
  let candidates = others.slice(0, limits.candidatesMax).map((task) => single(task, layout));
  while (batch.tasks.length < limits.tasksMax) {
    const joined = candidates
      .filter((candidate) => fitsOnCart([...batch.tasks, ...candidate.tasks], limits))
      .map((candidate) => ({ candidate, with: together(batch, candidate, layout) }))
      .filter((join) => savedM(join.with) > savedM(batch) && keepsLimits(join.with, nowMs, limits));
    const best = joined.reduce<(typeof joined)[number] | undefined>(
      (most, join) => (most === undefined || savedM(join.with) > savedM(most.with) ? join : most),
      undefined,
    );
    if (best === undefined) break;
    batch = best.with;
    candidates = candidates.filter((candidate) => candidate !== best.candidate);
  }
  return { tasks: packingPlan(batch, nowMs, limits), walk: batch.walk, savedM: savedM(batch) };
}

/** Besides the cart, which is looked at before a walk is planned. */
function keepsLimits(batch: Batch, nowMs: number, limits: WaveLimits): boolean {
  return fitsInTime(batch, nowMs, limits) && staysCold(batch, limits);
}

function savedM({ singlyM, walk }: Batch): number {
  return singlyM - walk.distanceM;
}

function single(task: WaveTask, layout: StoreLayout): Batch {
  const walk = planWalk(linesOf([task]), layout);
  return { tasks: [task], walk, singlyM: walk.distanceM };
}

function together(batch: Batch, joining: Batch, layout: StoreLayout): Batch {
  const tasks = [...batch.tasks, ...joining.tasks];
  return { tasks, walk: planWalk(linesOf(tasks), layout), singlyM: batch.singlyM + joining.singlyM };
}

function linesOf(tasks: readonly WaveTask[]): OrderedLine[] {
  return tasks.flatMap(({ orderId, lines }) => lines.map((line) => ({ ...line, orderId })));
}
