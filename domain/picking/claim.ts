import type { UserId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { ownPicking, step, termsOf, unchanged, wrongStep } from './pick-task.ts';
import type { Offer, PickTask, Picking, TaskError, TaskStep } from './pick-task.ts';

/** A claim without a sign of life: long enough for a walk through the cold room, short enough for a promise of ten minutes. */
export const CLAIM_LEASE_MS = 90_000;
/** A lease is written anew at most this often, so that signs of life cost next to nothing. */
export const RENEWAL_MS = 30_000;

/** Who acts: a picker, for its own tasks; or the lead, for anybody's. */
export type FloorRole = { readonly pickerId: UserId } | { readonly lead: true };

/** One picker takes the task; who asks second is told whose it is. */
export function claimTask(
  task: PickTask,
  { pickerId, nowMs }: { readonly pickerId: UserId; readonly nowMs: number },
): Result<TaskStep, TaskError> {
  if (task.status === 'PICKING') {
    return task.pickerId === pickerId ? ok(unchanged(task)) : err({ code: 'TASK_TAKEN', pickerId: task.pickerId });
  }
  if (task.status !== 'ACCEPTED') return wrongStep(task, 'ACCEPTED');
  const { offer } = task;
  if (offer !== null && offer.pickerId !== pickerId && nowMs < offer.untilMs) {
    return err({ code: 'TASK_TAKEN', pickerId: offer.pickerId });
  }
  const times = { ...task.times, claimedAtMs: task.times.claimedAtMs ?? nowMs };
  return ok(step({ ...termsOf(task), times, status: 'PICKING', pickerId, leaseEndsAtMs: nowMs + CLAIM_LEASE_MS }));
}

/** A sign of life of its picker: the same task while the lease was written not long ago. */
export function renewClaim(task: Picking, nowMs: number): Picking {
  const leaseEndsAtMs = nowMs + CLAIM_LEASE_MS;
  return leaseEndsAtMs - task.leaseEndsAtMs < RENEWAL_MS ? task : { ...task, leaseEndsAtMs };
}

/** The picker gives the task back, or the lead takes it; what is picked stays picked. */
export function releaseClaim(task: PickTask, role: FloorRole): Result<TaskStep, TaskError> {
  const picking = pickingOf(task, role);
  return picking.ok ? ok(step(backInQueue(picking.value))) : picking;
}

/** Passes the task on to another picker, who has to claim it; the lead may also point at one that nobody has yet. */
export function handOff(
  task: PickTask,
  role: FloorRole,
  { to, nowMs }: { readonly to: UserId; readonly nowMs: number },
): Result<TaskStep, TaskError> {
  const offer = { pickerId: to, untilMs: nowMs + CLAIM_LEASE_MS };
  if (task.status === 'ACCEPTED') {
    if (task.offer?.pickerId === to && nowMs < task.offer.untilMs) return ok(unchanged(task));
    if ('lead' in role) return ok(step({ ...task, offer }));
  }
  const picking = pickingOf(task, role);
  if (!picking.ok) return picking;
  return ok(picking.value.pickerId === to ? unchanged(task) : step(backInQueue(picking.value, { offer })));
}

/** The clock's own act; `undefined` when there is nothing (or not yet anything) to take back. */
export function lapseClaim(task: PickTask, nowMs: number): TaskStep | undefined {
  if (task.status !== 'PICKING' || nowMs < task.leaseEndsAtMs) return undefined;
  return step(backInQueue(task, { lapsedFrom: task.pickerId }));
}

function pickingOf(task: PickTask, role: FloorRole): Result<Picking, TaskError> {
  if ('pickerId' in role) return ownPicking(task, role.pickerId);
  return task.status === 'PICKING' ? ok(task) : wrongStep(task, 'PICKING');
}

function backInQueue(
  task: Picking,
  { offer = null, lapsedFrom = null }: { readonly offer?: Offer | null; readonly lapsedFrom?: UserId | null } = {},
): PickTask {
  return { ...termsOf(task), status: 'ACCEPTED', offer, lapsedFrom };
}
