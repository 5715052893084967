import type { ItemCard } from '../../contracts/rpc/store.ts';
import type { PickTaskView } from '../../contracts/ws/tablet.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { byBinPath } from '../../domain/picking/pick-list.ts';
import type { PickTask } from '../../domain/picking/pick-task.ts';
import type { Sku } from '../../domain/shared/ids.ts';
import type { ItemCards } from './item-cards.ts';

/** Tasks as a tablet shows them; the courier's handover code stays in the store. */
export function taskViews(tasks: readonly PickTask[], cards: ItemCards): PickTaskView[] {
  const known = cards.of([...new Set(tasks.flatMap(({ lines }) => lines.map(({ sku }) => sku)))]);
  return tasks.map((task) => taskView(task, known));
}

function taskView(task: PickTask, cards: ReadonlyMap<Sku, ItemCard>): PickTaskView {
  const lines = task.lines.map(({ sku, quantity, picked }) => {
    const { name = sku, bin = '', barcodes = [] } = cards.get(sku) ?? {};
    return { sku, name, bin, barcodes, quantity, picked };
  });
  return {
    taskId: task.orderId,
    orderNumber: task.orderNumber,
    status: task.status,
    promisedAt: toTimestamp(task.promisedAtMs),
    pickerId: 'pickerId' in task ? task.pickerId : null,
    lines: lines.toSorted(byBinPath),
    bags: 'bags' in task ? task.bags : 0,
    courierId: task.courier?.courierId ?? null,
  };
}
