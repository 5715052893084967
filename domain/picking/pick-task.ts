import type { CourierId, HoldId, OrderId, Sku, UserId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import type { Movement } from '../inventory/ledger.ts';

export interface PickLine {
  readonly sku: Sku;
  readonly quantity: number;
  readonly picked: number;
}

/** The courier that the order announced, and the code that courier shows. */
export interface ExpectedCourier {
  readonly courierId: CourierId;
  readonly handoverCode: string;
}

interface TaskTerms {
  /** Also the task's id: an order is picked once. */
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly holdId: HoldId;
  readonly promisedAtMs: number;
  readonly lines: readonly PickLine[];
  readonly courier: ExpectedCourier | null;
}
/** Where on the floor the task is, with what it has there. */
type Step =
  | { readonly status: 'QUEUED' | 'ACCEPTED' | 'CANCELLED' }
  | { readonly status: 'PICKING'; readonly pickerId: UserId }
  | { readonly status: 'PACKED' | 'HANDED_OVER'; readonly pickerId: UserId; readonly bags: number };
export type PickTask = TaskTerms & Step;
export type PickStatus = PickTask['status'];

/** The task as it is now and the movements of its units; `changed` is false when the command was already done. */
export interface TaskStep {
  readonly task: PickTask;
  readonly changed: boolean;
  readonly movements: readonly Movement[];
}
export interface ScanStep extends TaskStep {
  readonly line: PickLine;
}

export type TaskError =
  | { readonly code: 'TASK_STATE'; readonly status: PickStatus; readonly wanted: PickStatus }
  | { readonly code: 'TASK_TAKEN'; readonly pickerId: UserId }
  | { readonly code: 'LINES_OPEN'; readonly open: readonly { readonly sku: Sku; readonly missing: number }[] }
  | { readonly code: 'UNKNOWN_BARCODE' }
  | { readonly code: 'WRONG_ITEM'; readonly skus: readonly Sku[] }
  | { readonly code: 'OVER_QUANTITY'; readonly sku: Sku; readonly quantity: number; readonly left: number }
  | { readonly code: 'NO_COURIER' }
  | { readonly code: 'HANDOVER_CODE_WRONG' };

export interface NewTask extends Omit<TaskTerms, 'lines' | 'courier'> {
  readonly lines: readonly { readonly sku: Sku; readonly quantity: number }[];
}

export function queueTask({ lines, ...terms }: NewTask): PickTask {
  return { ...terms, lines: lines.map((line) => ({ ...line, picked: 0 })), courier: null, status: 'QUEUED' };
}

/** The store takes the order on. */
export function acceptTask(task: PickTask): Result<TaskStep, TaskError> {
  if (task.status === 'ACCEPTED') return ok(unchanged(task));
  if (task.status !== 'QUEUED') return wrongStep(task, 'QUEUED');
  return ok(step({ ...task, status: 'ACCEPTED' }));
}

/** One picker takes the task; who asks second is told whose it is. */
export function claimTask(task: PickTask, pickerId: UserId): Result<TaskStep, TaskError> {
  if (task.status === 'PICKING') {
    return task.pickerId === pickerId ? ok(unchanged(task)) : err({ code: 'TASK_TAKEN', pickerId: task.pickerId });
  }
  if (task.status !== 'ACCEPTED') return wrongStep(task, 'ACCEPTED');
  return ok(step({ ...task, status: 'PICKING', pickerId }));
}

/**
 * One scan of `quantity` equal units. `skus` are the SKUs of this store that have the scanned barcode; usually one, and of
 * several the one that the list still wants.
 */
export function scanItem(
  task: PickTask,
  { pickerId, skus, quantity }: { readonly pickerId: UserId; readonly skus: readonly Sku[]; readonly quantity: number },
): Result<ScanStep, TaskError> {
  const picking = ownPicking(task, pickerId);
  if (!picking.ok) return picking;
  if (skus.length === 0) return err({ code: 'UNKNOWN_BARCODE' });
  const listed = task.lines.filter(({ sku }) => skus.includes(sku));
  const wanted = listed.find((line) => missing(line) > 0) ?? listed[0];
  if (wanted === undefined) return err({ code: 'WRONG_ITEM', skus });
  const { sku } = wanted;
  if (quantity > missing(wanted)) return err({ code: 'OVER_QUANTITY', sku, quantity, left: missing(wanted) });
  const line = { ...wanted, picked: wanted.picked + quantity };
  const lines = task.lines.map((other) => (other.sku === sku ? line : other));
  return ok({ ...step({ ...picking.value, lines }, [{ kind: 'picked', sku, quantity }]), line });
}

/** Closes the bags. Every line must be complete. */
export function packTask(
  task: PickTask,
  { pickerId, bags }: { readonly pickerId: UserId; readonly bags: number },
): Result<TaskStep, TaskError> {
  if (task.status === 'PACKED' && task.pickerId === pickerId && task.bags === bags) return ok(unchanged(task));
  const picking = ownPicking(task, pickerId);
  if (!picking.ok) return picking;
  const open = task.lines
    .filter((line) => missing(line) > 0)
    .map((line) => ({ sku: line.sku, missing: missing(line) }));
  if (open.length > 0) return err({ code: 'LINES_OPEN', open });
  return ok(step({ ...picking.value, status: 'PACKED', bags }));
}

/** The bags leave with the courier whom the order announced, who shows the code. */
export function handOverTask(task: PickTask, code: string): Result<TaskStep, TaskError> {
  if (task.status !== 'PACKED') return wrongStep(task, 'PACKED');
  if (task.courier === null) return err({ code: 'NO_COURIER' });
  if (task.courier.handoverCode !== code) return err({ code: 'HANDOVER_CODE_WRONG' });
  const sold = task.lines.map(({ sku, picked }): Movement => ({ kind: 'sold', sku, quantity: picked }));
  return ok(step({ ...task, status: 'HANDED_OVER' }, sold));
}

/** Names the courier, or another one after a reassignment; `undefined` once there is nothing to hand over. */
export function expectCourier(task: PickTask, courier: ExpectedCourier): TaskStep | undefined {
  if (isClosed(task)) return undefined;
  return step({ ...task, courier });
}

/** Ends the task and puts what was set aside back on the shelf. Too late once the bags have left. */
export function cancelTask(task: PickTask): Result<TaskStep, TaskError> {
  if (task.status === 'CANCELLED') return ok(unchanged(task));
  if (task.status === 'HANDED_OVER') return wrongStep(task, 'PACKED');
  const back = task.lines.flatMap((line): Movement[] => [
    ...(missing(line) > 0 ? [{ kind: 'deallocated', sku: line.sku, quantity: missing(line) } as const] : []),
    ...(line.picked > 0 ? [{ kind: 'restocked', sku: line.sku, quantity: line.picked } as const] : []),
  ]);
  const { orderId, orderNumber, holdId, promisedAtMs, lines, courier } = task;
  return ok(step({ orderId, orderNumber, holdId, promisedAtMs, lines, courier, status: 'CANCELLED' }, back));
}

/** Nothing more happens to it on the floor. */
function isClosed({ status }: Pick<PickTask, 'status'>): boolean {
  return status === 'HANDED_OVER' || status === 'CANCELLED';
}

export function unitsOf(task: PickTask): number {
  return task.lines.reduce((units, line) => units + line.quantity, 0);
}

function missing(line: PickLine): number {
  return line.quantity - line.picked;
}

type Picking = Extract<PickTask, { status: 'PICKING' }>;

function ownPicking(task: PickTask, pickerId: UserId): Result<Picking, TaskError> {
  if (task.status !== 'PICKING') return wrongStep(task, 'PICKING');
  return task.pickerId === pickerId ? ok(task) : err({ code: 'TASK_TAKEN', pickerId: task.pickerId });
}

function wrongStep(task: PickTask, wanted: PickStatus): Result<never, TaskError> {
  return err({ code: 'TASK_STATE', status: task.status, wanted });
}

function step(task: PickTask, movements: readonly Movement[] = []): TaskStep {
  return { task, changed: true, movements };
}

function unchanged(task: PickTask): TaskStep {
  return { task, changed: false, movements: [] };
}
