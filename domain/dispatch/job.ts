import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';

/** Orders a courier carries at a time, unless raised. */
export const CAPACITY_DEFAULT = 1;

export const JOB_STATUSES = ['ACCEPTED', 'TO_STORE', 'PICKED_UP', 'TO_CUSTOMER', 'DELIVERED', 'WITHDRAWN'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** The steps of a delivery: from where, to where. */
export const JOB_STEPS = {
  /** The order takes the courier and says where to go. */
  confirm: { from: ['ACCEPTED'], to: 'TO_STORE' },
  /** The store handed the bags over. */
  pick_up: { from: ['ACCEPTED', 'TO_STORE'], to: 'PICKED_UP' },
  depart: { from: ['PICKED_UP'], to: 'TO_CUSTOMER' },
  deliver: { from: ['TO_CUSTOMER'], to: 'DELIVERED' },
  /** The courier asks to be taken off, which the order decides. */
  give_back: { from: ['ACCEPTED', 'TO_STORE'], to: 'WITHDRAWN' },
  /** The order is cancelled, or goes to another courier. */
  withdraw: { from: ['ACCEPTED', 'TO_STORE', 'PICKED_UP', 'TO_CUSTOMER'], to: 'WITHDRAWN' },
} as const satisfies Record<string, { readonly from: readonly JobStatus[]; readonly to: JobStatus }>;
export type JobStep = keyof typeof JOB_STEPS;

export interface JobMove {
  readonly status: JobStatus;
  /** False when the job was there already. */
  readonly changed: boolean;
}
export interface WrongJobState {
  readonly code: 'JOB_STATE';
  readonly status: JobStatus;
  readonly wanted: readonly JobStatus[];
}

/** Where a step takes a job. A step that was taken already changes nothing. */
export function moveJob(status: JobStatus, step: JobStep): Result<JobMove, WrongJobState> {
  const { to } = JOB_STEPS[step];
  const from: readonly JobStatus[] = JOB_STEPS[step].from;
  if (status === to) return ok({ status, changed: false });
  return from.includes(status) ? ok({ status: to, changed: true }) : err({ code: 'JOB_STATE', status, wanted: from });
}

/** Counts as load. */
export function isLive(status: JobStatus): boolean {
  return status !== 'DELIVERED' && status !== 'WITHDRAWN';
}
