import { RPC_VERSION } from '../../contracts/actor.ts';
import { STORE_EVENTS } from '../../contracts/events/stores.ts';
import type { ReportPick } from '../../contracts/rpc/order.ts';
import type { TabletDelta } from '../../contracts/ws/tablet.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { unitsOf } from '../../domain/picking/pick-task.ts';
import type { PickTask } from '../../domain/picking/pick-task.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import { storeActor } from './store-books.ts';
import type { StoreBooks } from './store-books.ts';
import type { Hand } from './stock-writer.ts';
import { taskViews } from './task-view.ts';

/** The steps of a task that others hear of: each is an event `pick_task.<milestone>`. */
export type Milestone = 'created' | 'accepted' | 'claimed' | 'packed' | 'handed_over' | 'cancelled';

/** Tells the tablets what a task looks like now. */
export function showTask({ feed, cards }: StoreBooks, task: PickTask): void {
  for (const view of taskViews([task], cards)) feed.append({ task: view } satisfies TabletDelta);
}

/** Tells everyone of a milestone: the tablets, the log, and the order unless it asked for it itself. */
export function announceMilestone(books: StoreBooks, task: PickTask, milestone: Milestone, hand: Hand): void {
  const { storeId, outbox } = books;
  const { orderId, lines, promisedAtMs } = task;
  showTask(books, task);
  outbox.announce({
    topic: STORE_EVENTS,
    type: `pick_task.${milestone}`,
    subject: storeId,
    key: storeId,
    atMs: hand.atMs,
    traceparent: hand.traceparent,
    data: {
      orderId,
      lines: lines.length,
      units: unitsOf(task),
      ...('pickerId' in task && { pickerId: task.pickerId }),
      promisedAt: toTimestamp(promisedAtMs),
    },
  });
  if (milestone === 'created' || milestone === 'cancelled') return;
  const report: ReportPick = {
    v: RPC_VERSION,
    actor: storeActor(storeId),
    // A task passes each step once, so its name is the operation's.
    opId: asOpId(`pick:${orderId}:${milestone}`),
    ...(hand.traceparent !== undefined && { traceparent: hand.traceparent }),
    storeId,
    step: milestone,
    atMs: hand.atMs,
    ...(milestone === 'packed' && { picked: lines.map(({ sku, picked }) => ({ sku, quantity: picked })) }),
  };
  outbox.call({ to: 'order', id: orderId, method: 'reportPick', command: report }, hand.atMs);
}
