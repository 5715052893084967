import type { PickLineView, PickTaskView, TaskAnswer } from '../../../contracts/ws/tablet.ts';
import { toTimestamp } from '../../../contracts/wire.ts';
import { suggestBags } from '../../../domain/picking/packing-list.ts';
import { byBinPath } from '../../../domain/picking/pick-list.ts';
import type { PickLine, PickTask, TaskStep } from '../../../domain/picking/pick-task.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import type { ItemCards, ShelfCard } from '../goods/item-cards.ts';

const MG_PER_G = 1000;

/** Tasks as a tablet shows them; the courier's handover code stays in the store. */
export function taskViews(tasks: readonly PickTask[], cards: ItemCards): PickTaskView[] {
  const known = cards.of([...new Set(tasks.flatMap(({ lines }) => lines.map(({ sku }) => sku)))]);
  return tasks.map((task) => taskView(task, known));
}

/** What the one who asked is answered. */
export function taskAnswer({ task, line }: Pick<TaskStep, 'task' | 'line'>): TaskAnswer {
  return {
    taskId: task.orderId,
    status: task.status,
    ...(task.status === 'PICKING' && { leaseEndsAt: toTimestamp(task.leaseEndsAtMs) }),
    ...(line !== undefined && { line: unitsView(line) }),
  };
}

function taskView(task: PickTask, cards: ReadonlyMap<Sku, ShelfCard>): PickTaskView {
  const { times } = task;
  return {
    taskId: task.orderId,
    orderNumber: task.orderNumber,
    status: task.status,
    promisedAt: toTimestamp(task.promisedAtMs),
    assignedAt: toTimestamp(times.assignedAtMs),
    estimatedReadyAt: toTimestamp(times.estimatedReadyAtMs),
    packedAt: times.packedAtMs === null ? null : toTimestamp(times.packedAtMs),
    pickerId: 'pickerId' in task ? task.pickerId : null,
    offeredTo: 'offer' in task ? (task.offer?.pickerId ?? null) : null,
    rejectReason: 'reason' in task ? task.reason : null,
    lines: task.lines.map((line) => lineView(line, cards.get(line.sku))).toSorted(byBinPath),
    packing: packingOf(task, cards),
    bags: 'bags' in task ? task.bags : 0,
    sealed: 'sealed' in task ? task.sealed : [],
    courierId: task.courier?.courierId ?? null,
  };
}

function lineView(line: PickLine, card: ShelfCard | undefined): PickLineView {
  const { name = line.sku, bin = '', temperatureZone: zone = 'ambient', barcodes = [] } = card ?? {};
  return { ...unitsView(line), name, bin, zone, barcodes, shortReason: line.shortReason };
}

export function unitsView({
  sku,
  quantity,
  picked,
  shorted,
  restocked,
  weightMg,
}: PickLine): NonNullable<TaskAnswer['line']> {
  return { sku, quantity, picked, shorted, restocked, grams: Math.round(weightMg / MG_PER_G) };
}

function packingOf({ lines }: PickTask, cards: ReadonlyMap<Sku, ShelfCard>): PickTaskView['packing'] {
  return suggestBags(
    lines.map(({ sku, quantity, shorted }) => {
      const { temperatureZone: zone = 'ambient', gramsPerUnit = null } = cards.get(sku) ?? {};
      return { zone, units: quantity - shorted, gramsPerUnit };
    }),
  );
}
