import type { PickLineView, PickTaskView, TaskAnswer, WaveView } from '../../../contracts/ws/tablet.ts';
import { toTimestamp } from '../../../contracts/wire.ts';
import { suggestBags } from '../../../domain/picking/packing-list.ts';
import { byBinPath } from '../../../domain/picking/pick-list.ts';
import type { PickLine, PickTask, TaskStep } from '../../../domain/picking/pick-task.ts';
import { gramsOf } from '../../../domain/picking/scan.ts';
import { urgencyMs, waitingTask } from '../../../domain/picking/urgency.ts';
import type { OrderId, Sku } from '../../../domain/shared/ids.ts';
import type { ShelfCard } from '../goods/item-cards.ts';
import type { StoreBooks } from '../store-books.ts';
import { proposalView } from '../substitution/substitution-view.ts';

/** Tasks as a tablet shows them; the courier's handover code stays in the store. */
export function taskViews(
  tasks: readonly PickTask[],
  { cards, waves }: Pick<StoreBooks, 'cards' | 'waves'>,
): PickTaskView[] {
  const shown = tasks.flatMap(({ lines, proposals }) => [
    ...lines.map(({ sku }) => sku),
    ...proposals.map(({ substitute }) => substitute),
  ]);
  const known = cards.of([...new Set(shown)]);
  const walked = waves.of(orderIdsOf(tasks.filter(isPicked)));
  return tasks.map((task) => taskView(task, known, walked.get(task.orderId)));
}

/** The walks for several of these tasks that their pickers are on. */
export function sharedWaves(tasks: readonly PickTask[], { waves }: Pick<StoreBooks, 'waves'>): WaveView[] {
  const walked = [...waves.of(orderIdsOf(tasks.filter(isPicked))).values()];
  return [...new Map(walked.filter(isShared).map((wave) => [wave.waveId, wave])).values()];
}

function isPicked({ status }: PickTask): boolean {
  return status === 'PICKING';
}

function orderIdsOf(tasks: readonly PickTask[]): OrderId[] {
  return tasks.map(({ orderId }) => orderId);
}

function isShared({ tasks }: WaveView): boolean {
  return tasks.length > 1;
}

/** What the one who asked is answered. */
export function taskAnswer({ task, line, proposal }: Pick<TaskStep, 'task' | 'line' | 'proposal'>): TaskAnswer {
  return {
    taskId: task.orderId,
    status: task.status,
    ...(task.status === 'PICKING' && { leaseEndsAt: toTimestamp(task.leaseEndsAtMs) }),
    ...(line !== undefined && { line: unitsView(line) }),
    ...(proposal !== undefined && { proposalId: proposal.proposalId }),
  };
}

function taskView(task: PickTask, cards: ReadonlyMap<Sku, ShelfCard>, wave: WaveView | undefined): PickTaskView {
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
    lines: inWalkOrder(task.lines.map((line) => lineView(line, cards.get(line.sku))).toSorted(byBinPath), task, wave),
    substitutions: task.proposals.map((proposal) => proposalView(proposal, cards)),
    packing: packingOf(task, cards),
    bags: 'bags' in task ? task.bags : 0,
    sealed: 'sealed' in task ? task.sealed : [],
    courierId: task.courier?.courierId ?? null,
    urgency: urgencyMs(waitingTask(task), 0),
    waveId: wave?.waveId ?? null,
    totes: wave?.tasks.find(({ taskId }) => taskId === task.orderId)?.totes ?? [],
    walk: wave === undefined || isShared(wave) ? null : wave.walk,
  };
}

/** As the picker meets them; what is not on the walk comes last: it was picked before, or came to the list later. */
function inWalkOrder(
  lines: readonly PickLineView[],
  { orderId }: PickTask,
  wave: WaveView | undefined,
): PickLineView[] {
  if (wave === undefined) return [...lines];
  const { stops, unplaced } = wave.walk;
  const met = [...stops.flatMap(({ picks }) => picks), ...unplaced]
    .filter(({ units }) => units.some(({ taskId }) => taskId === orderId))
    .map(({ sku }) => sku);
  const place = new Map(met.map((sku, i) => [sku, i]));
  return lines.toSorted((a, b) => (place.get(a.sku) ?? met.length) - (place.get(b.sku) ?? met.length));
}

function lineView(line: PickLine, card: ShelfCard | undefined): PickLineView {
  const { name = line.sku, bin = '', temperatureZone: zone = 'ambient', barcodes = [] } = card ?? {};
  const { shortReason, substituteFor = null } = line;
  const asksWeight = card?.soldByWeight === true && substituteFor === null;
  const weighing = asksWeight ? { soldByWeight: true as const } : {};
  return { ...unitsView(line), name, bin, zone, barcodes, ...weighing, shortReason, substituteFor };
}

export function unitsView({
  sku,
  quantity,
  picked,
  shorted,
  restocked,
  weightMg,
}: PickLine): NonNullable<TaskAnswer['line']> {
  return { sku, quantity, picked, shorted, restocked, grams: gramsOf(weightMg) };
}

function packingOf({ lines }: PickTask, cards: ReadonlyMap<Sku, ShelfCard>): PickTaskView['packing'] {
  return suggestBags(
    lines.map(({ sku, quantity, shorted }) => {
      const { temperatureZone: zone = 'ambient', gramsPerUnit = null } = cards.get(sku) ?? {};
      return { zone, units: quantity - shorted, gramsPerUnit };
    }),
  );
}
