import { RPC_VERSION } from '../../../contracts/actor.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import type { ReportPick } from '../../../contracts/rpc/order.ts';
import type { TabletDelta } from '../../../contracts/ws/tablet.ts';
import { toTimestamp } from '../../../contracts/wire.ts';
import type { PickedLine } from '../../../domain/order/order.ts';
import { pickedUnits, unitsOf } from '../../../domain/picking/pick-task.ts';
import { gramsOf } from '../../../domain/picking/scan.ts';
import type { PickLine, PickTask, TaskTimes } from '../../../domain/picking/pick-task.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import { taskViews } from './task-view.ts';

/** The steps of a task that others hear of: each is an event `pick_task.<milestone>`. */
export type Milestone =
  | 'created'
  | 'accepted'
  | 'rejected'
  | 'claimed'
  | 'requeued'
  | 'packed'
  | 'handed_over'
  | 'cancelled'
  | 'restocked';

/** Tells the tablets what a task looks like now. */
export function showTask(books: StoreBooks, task: PickTask): void {
  for (const view of taskViews([task], books)) books.feed.append({ task: view } satisfies TabletDelta);
}

/** Tells everyone of a milestone but the order: the tablets and the log. */
export function announceMilestone(
  books: StoreBooks,
  task: PickTask,
  milestone: Milestone,
  hand: Hand,
  { reason }: { readonly reason?: string } = {},
): void {
  const { storeId, outbox } = books;
  showTask(books, task);
  outbox.announce({
    topic: STORE_EVENTS,
    type: `pick_task.${milestone}`,
    subject: storeId,
    key: storeId,
    atMs: hand.atMs,
    traceparent: hand.traceparent,
    data: {
      orderId: task.orderId,
      lines: task.lines.length,
      units: unitsOf(task),
      pickedUnits: pickedUnits(task),
      ...('pickerId' in task && { pickerId: task.pickerId }),
      ...(reason !== undefined && { reason }),
      ...(hand.actedAt !== undefined && { actedAt: hand.actedAt }),
      promisedAt: toTimestamp(task.promisedAtMs),
      ...timesOf(task.times),
    },
  });
}

/** Tells the order how far the floor is. A store's task passes each of these steps once, so its name is the operation's. */
export function reportToOrder(
  { storeId, outbox }: StoreBooks,
  task: PickTask,
  step: ReportPick['step'],
  hand: Hand,
  { reason }: { readonly reason?: string } = {},
): void {
  const { orderId, lines } = task;
  // The store hands over the very bags that it sealed, or none.
  const seals = 'sealed' in task ? task.sealed.map(({ seal }) => seal) : [];
  const report: ReportPick = {
    v: RPC_VERSION,
    actor: storeActor(storeId),
    opId: asOpId(`pick:${storeId}:${orderId}:${step}`),
    ...(hand.traceparent !== undefined && { traceparent: hand.traceparent }),
    storeId,
    step,
    atMs: hand.atMs,
    ...(reason !== undefined && { reason }),
    ...((step === 'packed' || step === 'handed_over') && seals.length > 0 && { seals }),
    ...(step === 'packed' && { picked: lines.map(pickedLine) }),
  };
  outbox.call({ to: 'order', id: orderId, method: 'reportPick', command: report }, hand.atMs);
}

function pickedLine({ sku, picked, weightMg }: PickLine): PickedLine {
  const grams = gramsOf(weightMg);
  return { sku, quantity: picked, ...(grams > 0 && { grams }) };
}

function timesOf({ assignedAtMs, estimatedReadyAtMs, ...later }: TaskTimes): {
  readonly assignedAt: string;
  readonly estimatedReadyAt: string;
  readonly acceptedAt?: string;
  readonly claimedAt?: string;
  readonly packedAt?: string;
  readonly handedOverAt?: string;
} {
  const { acceptedAtMs, claimedAtMs, packedAtMs, handedOverAtMs } = later;
  return {
    assignedAt: toTimestamp(assignedAtMs),
    estimatedReadyAt: toTimestamp(estimatedReadyAtMs),
    ...(acceptedAtMs !== null && { acceptedAt: toTimestamp(acceptedAtMs) }),
    ...(claimedAtMs !== null && { claimedAt: toTimestamp(claimedAtMs) }),
    ...(packedAtMs !== null && { packedAt: toTimestamp(packedAtMs) }),
    ...(handedOverAtMs !== null && { handedOverAt: toTimestamp(handedOverAtMs) }),
  };
}
