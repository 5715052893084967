import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { ConfirmJob } from '../../contracts/rpc/courier.ts';
import { isLive, moveJob } from '../../domain/dispatch/job.ts';
import type { JobStep } from '../../domain/dispatch/job.ts';
import type { ReassignReason } from '../../domain/order/reassign.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { CourierBooks } from './courier-books.ts';
import type { Job, JobDetails } from './courier-rows.ts';
import { announce, reportToOrder, tellZone } from './courier-announcements.ts';

type StepRefusal = Refusal<'NOT_ASSIGNED' | 'ILLEGAL_TRANSITION'>;

/** The order takes this courier and says where to go; said again, it says it anew. */
export function confirmJob(
  books: CourierBooks,
  command: ConfirmJob,
  nowMs: number,
): Result<null, Refusal<'NOT_FOUND'>> {
  const job = books.rows.job(command.orderId);
  if (job === null) return err(refuse('NOT_FOUND', 'This courier has not accepted the order.'));
  if (!isLive(job.status)) return ok(null);
  books.rows.describeJob(job.offerId, detailsOf(command));
  const moved = moveJob(job.status, 'confirm');
  if (moved.ok && moved.value.changed) books.rows.moveJob(job.offerId, moved.value.status, nowMs);
  return ok(null);
}

/** The store handed the bags over. */
export function pickUp(books: CourierBooks, orderId: OrderId, nowMs: number): Result<null, Refusal<'NOT_FOUND'>> {
  const job = books.rows.job(orderId);
  if (job === null) return err(refuse('NOT_FOUND', 'This courier has not accepted the order.'));
  const moved = moveJob(job.status, 'pick_up');
  if (moved.ok && moved.value.changed) books.rows.moveJob(job.offerId, moved.value.status, nowMs);
  return ok(null);
}

/** The order is cancelled or goes to another courier: the hands are free again. */
export function withdrawJob(books: CourierBooks, orderId: OrderId, reason: string | null, nowMs: number): void {
  const job = books.rows.job(orderId);
  if (job === null || !isLive(job.status)) return;
  books.rows.endJob(job.offerId, 'WITHDRAWN', reason, nowMs);
  tellZone(books, nowMs);
}

/** The courier sets off from the store. */
export function depart(books: CourierBooks, orderId: OrderId, nowMs: number): Result<null, StepRefusal> {
  const step = stepOf(books, orderId, 'depart');
  if (!step.ok) return step;
  const { job, changed } = step.value;
  if (!changed) return ok(null);
  books.rows.moveJob(job.offerId, 'TO_CUSTOMER', nowMs);
  reportToOrder(books, job, 'departed', nowMs);
  return ok(null);
}

/** The courier wants to be taken off. The order decides, and withdraws the job: until then it is the courier's. */
export function giveBack(
  books: CourierBooks,
  orderId: OrderId,
  reason: ReassignReason,
  nowMs: number,
): Result<null, StepRefusal> {
  const step = stepOf(books, orderId, 'give_back');
  if (!step.ok) return step;
  reportToOrder(books, step.value.job, 'gave_back', nowMs, reason);
  return ok(null);
}

/** Whether a proof of delivery may be sent: `done` when the order is delivered already. */
export function mayDeliver(books: CourierBooks, orderId: OrderId): Result<'ask' | 'done', StepRefusal> {
  const step = stepOf(books, orderId, 'deliver');
  return step.ok ? ok(step.value.changed ? 'ask' : 'done') : step;
}

/** The order took the proof: it is delivered, whatever this object thought of it meanwhile. */
export function concludeDelivery(books: CourierBooks, orderId: OrderId, nowMs: number): void {
  const job = books.rows.job(orderId);
  if (job === null || !isLive(job.status)) return;
  books.rows.endJob(job.offerId, 'DELIVERED', null, nowMs);
  tellZone(books, nowMs);
  announce(books, 'courier.delivered', { orderId }, nowMs, job.traceparent);
}

function stepOf(
  { rows }: CourierBooks,
  orderId: OrderId,
  step: JobStep,
): Result<{ readonly job: Job; readonly changed: boolean }, StepRefusal> {
  const job = rows.job(orderId);
  if (job === null || job.status === 'WITHDRAWN') {
    return err(refuse('NOT_ASSIGNED', 'This order is not, or no longer, yours.', { orderId }));
  }
  const moved = moveJob(job.status, step);
  if (moved.ok) return ok({ job, changed: moved.value.changed });
  const { status, wanted } = moved.error;
  return err(
    refuse('ILLEGAL_TRANSITION', `The job is at ${status}; this needs ${wanted.join(' or ')}.`, { orderId, status }),
  );
}

function detailsOf(command: ConfirmJob): JobDetails {
  const { storeId, storeName, orderNumber, pickup, drop, dropNote, handoverCode, collectMinor, currency } = command;
  return { storeId, storeName, orderNumber, pickup, drop, dropNote, handoverCode, collectMinor, currency };
}
