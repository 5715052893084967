import type { WalkPickView, WaveView } from '../../../contracts/ws/tablet.ts';
import { toTimestamp } from '../../../contracts/wire.ts';
import { missingUnits, pickedUnits } from '../../../domain/picking/pick-task.ts';
import type { PickTask } from '../../../domain/picking/pick-task.ts';
import { waitingTask } from '../../../domain/picking/urgency.ts';
import { DEFAULT_WAVE_LIMITS } from '../../../domain/picking/wave-limits.ts';
import { nextWave } from '../../../domain/picking/wave.ts';
import type { OrderedLine, Wave, WaveTask } from '../../../domain/picking/wave.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import type { Sku, UserId } from '../../../domain/shared/ids.ts';
import type { ShelfCard } from '../goods/item-cards.ts';
import type { StoreBooks } from '../store-books.ts';

export interface WaveRequest {
  readonly waveId: string;
  readonly pickerId: UserId;
  readonly ordersMax: number;
  readonly nowMs: number;
}

/** The next wave out of these tasks, with its walk; `null` without tasks, and in a store without a layout. Reads only. */
export function planWave(
  { layouts, cards, queue }: StoreBooks,
  tasks: readonly PickTask[],
  { waveId, pickerId, ordersMax, nowMs }: WaveRequest,
): WaveView | null {
  const current = layouts.current();
  if (current === undefined || tasks.length === 0) return null;
  const known = cards.of([...new Set(tasks.flatMap(({ lines }) => lines.map(({ sku }) => sku)))]);
  const rides = queue.rides(tasks.map(({ orderId }) => orderId));
  const waiting = tasks.map((task) => waveTask(task, rides.get(task.orderId) ?? 0, known));
  const limits = { ...DEFAULT_WAVE_LIMITS, tasksMax: ordersMax };
  const wave = nextWave(waiting, { layout: current.layout, nowMs, limits });
  return wave === undefined ? null : waveView(wave, { waveId, pickerId, layoutVersion: current.version });
}

function waveTask(task: PickTask, toDoorMs: number, cards: ReadonlyMap<Sku, ShelfCard>): WaveTask {
  const lines = task.lines.map((line) => {
    const { bin = '', temperatureZone = 'ambient', fragile = false, gramsPerUnit = null } = cards.get(line.sku) ?? {};
    return { line, storage: { sku: line.sku, bin, temperatureZone, fragile, weightG: gramsPerUnit } };
  });
  return {
    ...waitingTask(task),
    toDoorMs,
    lines: lines
      .filter(({ line }) => missingUnits(line) > 0)
      .map(({ line, storage }) => ({ ...storage, quantity: missingUnits(line) })),
    carried: {
      units: pickedUnits(task),
      weightG: lines.reduce((sum, { line, storage }) => sum + line.picked * (storage.weightG ?? 0), 0),
    },
  };
}

function waveView(
  { tasks, walk, savedM }: Wave,
  { waveId, pickerId, layoutVersion }: Pick<WaveRequest, 'waveId' | 'pickerId'> & { readonly layoutVersion: number },
): WaveView {
  const totes = new Map(tasks.map((task) => [task.orderId, task.totes]));
  return {
    waveId,
    pickerId,
    tasks: tasks.map((task) => ({
      taskId: task.orderId,
      totes: task.totes,
      packedBy: toTimestamp(task.packedAtMs),
    })),
    walk: {
      layoutVersion,
      distanceM: toDecimetres(walk.distanceM),
      durationS: Math.round(walk.durationS),
      stops: walk.stops.map(({ walkM, arrivesAtS, lines }) => ({
        walkM: toDecimetres(walkM),
        arrivesAtS: Math.round(arrivesAtS),
        picks: picksOf(lines, totes),
      })),
      unplaced: picksOf(walk.unplaced, totes),
    },
    savedM: toDecimetres(savedM),
  };
}

/** Lines of one place, as the planner has them: by bin, then by SKU. */
function picksOf(lines: readonly OrderedLine[], totes: ReadonlyMap<string, readonly number[]>): WalkPickView[] {
  const bySku = Map.groupBy(lines, ({ bin, sku }) => `${bin} ${sku}`);
  return [...bySku.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const { bin, temperatureZone: zone, sku } = first;
    const units = same.map(({ orderId, quantity }) => ({
      taskId: orderId,
      totes: totes.get(orderId) ?? [],
      quantity,
    }));
    return [{ bin, zone, sku: asSku(sku), units }];
  });
}

/** A floor is not measured to the centimetre. */
function toDecimetres(metres: number): number {
  return Math.round(metres * 10) / 10;
}
