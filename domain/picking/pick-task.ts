import type { CourierId, HoldId, OrderId, Sku, UserId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import type { LotMovement } from '../inventory/lot-effects.ts';
import type { SealedBag } from './packing-list.ts';
import { mayStillBring } from './proposal.ts';
import type { Proposal, SubstitutionBarred } from './proposal.ts';
import type { ShortPickReason } from './short-pick.ts';
import type { RuledOut } from './substitution.ts';

export interface PickLine {
  readonly sku: Sku;
  /** Units that the order wants. */
  readonly quantity: number;
  readonly picked: number;
  /** Units given up: not there, or not fit to be sold. */
  readonly shorted: number;
  /** Why the last of them were. */
  readonly shortReason: ShortPickReason | null;
  /** Of the picked ones, after a cancellation: those that are back on the shelf, or found unfit on the way. */
  readonly restocked: number;
  /** What the picked units weigh by their scale labels or the picker's scale, milligrams; 0 where nobody said. */
  readonly weightMg: number;
  /** The missing article that these units stand in for; absent on a line that the customer ordered. */
  readonly substituteFor?: Sku;
}

/** The courier that the order announced, and the code that courier shows. */
export interface ExpectedCourier {
  readonly courierId: CourierId;
  readonly handoverCode: string;
}

/** When the task took its steps; `null` for those it has not taken. */
export interface TaskTimes {
  readonly assignedAtMs: number;
  /** As estimated when it was assigned; what came of it is `packedAtMs`. */
  readonly estimatedReadyAtMs: number;
  readonly acceptedAtMs: number | null;
  /** The first claim: picking has begun. */
  readonly claimedAtMs: number | null;
  readonly packedAtMs: number | null;
  readonly handedOverAtMs: number | null;
}

/** Wrong handover codes in a row, and until when no more is taken. */
export interface CodeTries {
  readonly wrong: number;
  readonly lockedUntilMs: number;
}

/** Handed to a picker by another or by the lead: until then nobody else may claim it. */
export interface Offer {
  readonly pickerId: UserId;
  readonly untilMs: number;
}

/** Why a store sends an order back before it is picked. */
export const REJECT_REASONS = ['TOO_BUSY', 'ITEM_UNAVAILABLE', 'STORE_CLOSING', 'OTHER'] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

interface TaskTerms {
  /** Also the task's id: a store picks an order once. */
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly holdId: HoldId;
  readonly promisedAtMs: number;
  readonly lines: readonly PickLine[];
  /** Substitutes that were proposed for units of its lines, also those that came to nothing. */
  readonly proposals: readonly Proposal[];
  readonly courier: ExpectedCourier | null;
  readonly tries: CodeTries;
  readonly times: TaskTimes;
}
/** Where on the floor the task is, with what it has there. */
type Step =
  | { readonly status: 'QUEUED' | 'RESTOCK' | 'CANCELLED' }
  | {
      readonly status: 'ACCEPTED';
      readonly offer: Offer | null;
      /** Whose claim ended by the clock, and nobody has claimed since: who may go on with it from a journal. */
      readonly lapsedFrom: UserId | null;
    }
  | { readonly status: 'REJECTED'; readonly reason: RejectReason }
  | { readonly status: 'PICKING'; readonly pickerId: UserId; readonly leaseEndsAtMs: number }
  | {
      readonly status: 'PACKED' | 'HANDED_OVER';
      readonly pickerId: UserId;
      readonly bags: number;
      /** All of the bags, or none when they were packed without seals. */
      readonly sealed: readonly SealedBag[];
    };
export type PickTask = TaskTerms & Step;
export type PickStatus = PickTask['status'];
export type Picking = Extract<PickTask, { readonly status: 'PICKING' }>;

/** The task as it is now and the movements of its units; `changed` is false when the command was already done. */
export interface TaskStep {
  readonly task: PickTask;
  readonly changed: boolean;
  readonly movements: readonly LotMovement[];
  /** The line that the command was about, as it is now. */
  readonly line?: PickLine;
  /** The proposal that the command was about, as it is now. */
  readonly proposal?: Proposal;
}

export type TaskError =
  | { readonly code: 'TASK_STATE'; readonly status: PickStatus; readonly wanted: PickStatus }
  | { readonly code: 'TASK_TAKEN'; readonly pickerId: UserId }
  /** Picking had begun, the claim ended, and nobody has it now. */
  | { readonly code: 'TASK_REQUEUED' }
  | { readonly code: 'LINES_OPEN'; readonly open: readonly { readonly sku: Sku; readonly missing: number }[] }
  | { readonly code: 'SUBSTITUTION_OPEN'; readonly open: readonly Proposal[] }
  | SubstitutionBarred
  /** The article stands in for another one, or the customer was asked often enough, or has enough to answer. */
  | { readonly code: 'SUBSTITUTION_BARRED'; readonly by: 'is_a_substitute' | 'asked_enough' | 'open_enough' }
  | { readonly code: 'SUBSTITUTE_RULED_OUT'; readonly ruledOut: RuledOut }
  | { readonly code: 'UNKNOWN_BARCODE' }
  | { readonly code: 'WRONG_ITEM'; readonly skus: readonly Sku[] }
  /** Sold by weight, and neither a label nor the picker has said what it weighs. */
  | { readonly code: 'WEIGHT_NEEDED'; readonly sku: Sku }
  | { readonly code: 'OVER_QUANTITY'; readonly sku: Sku; readonly quantity: number; readonly left: number }
  | { readonly code: 'BAGS_MISCOUNTED'; readonly bags: number; readonly units: number }
  | { readonly code: 'SEAL_USED'; readonly seals: readonly string[] }
  | { readonly code: 'SEALS_MISMATCH'; readonly missing: readonly string[]; readonly foreign: readonly string[] }
  | { readonly code: 'NO_COURIER' }
  | { readonly code: 'HANDOVER_CODE_LOCKED'; readonly lockedUntilMs: number }
  /** `tries` is to be kept though the command is refused. */
  | { readonly code: 'HANDOVER_CODE_WRONG'; readonly triesLeft: number; readonly tries: CodeTries };

export interface NewTask extends Pick<TaskTerms, 'orderId' | 'orderNumber' | 'holdId' | 'promisedAtMs'> {
  readonly lines: readonly { readonly sku: Sku; readonly quantity: number }[];
  readonly assignedAtMs: number;
  readonly estimatedReadyAtMs: number;
}

export function queueTask({ lines, assignedAtMs, estimatedReadyAtMs, ...terms }: NewTask): PickTask {
  return {
    ...terms,
    lines: lines.map((line) => ({
      ...line,
      picked: 0,
      shorted: 0,
      shortReason: null,
      restocked: 0,
      weightMg: 0,
    })),
    proposals: [],
    courier: null,
    tries: { wrong: 0, lockedUntilMs: 0 },
    times: {
      assignedAtMs,
      estimatedReadyAtMs,
      acceptedAtMs: null,
      claimedAtMs: null,
      packedAtMs: null,
      handedOverAtMs: null,
    },
    status: 'QUEUED',
  };
}

/** Nothing more happens to it on the floor. */
export function isOver({ status }: Pick<PickTask, 'status'>): boolean {
  return status === 'HANDED_OVER' || status === 'CANCELLED' || status === 'REJECTED';
}

/** Units that the order wants. */
export function unitsOf({ lines }: Pick<NewTask, 'lines'>): number {
  return lines.reduce((units, { quantity }) => units + quantity, 0);
}

/** Units in the tote or in the bags. */
export function pickedUnits({ lines }: Pick<PickTask, 'lines'>): number {
  return lines.reduce((units, { picked }) => units + picked, 0);
}

/** Units that are neither picked nor given up. */
export function missingUnits({ quantity, picked, shorted }: PickLine): number {
  return quantity - picked - shorted;
}

/** Substitutes that wait for the customer's answer. */
export function openProposals({ proposals }: Pick<PickTask, 'proposals'>): readonly Proposal[] {
  return proposals.filter(({ status }) => status === 'PROPOSED');
}

/** Units of a line that were given up and for which no substitute comes, or may yet. */
export function unreplacedUnits({ lines, proposals }: Pick<PickTask, 'lines' | 'proposals'>, sku: Sku): number {
  const shorted = lines.find((line) => line.sku === sku)?.shorted ?? 0;
  const live = proposals.filter((proposal) => proposal.missing === sku && mayStillBring(proposal));
  return live.reduce((units, proposal) => units - proposal.units, shorted);
}

/** What the order has on its list, and may yet have by a substitute that is not answered. */
export function listedSkus(task: Pick<PickTask, 'lines' | 'proposals'>): ReadonlySet<Sku> {
  return new Set([...task.lines.map(({ sku }) => sku), ...openProposals(task).map(({ substitute }) => substitute)]);
}

/** The task's terms without what its step has. */
export function termsOf({
  orderId,
  orderNumber,
  holdId,
  promisedAtMs,
  lines,
  proposals,
  courier,
  tries,
  times,
}: TaskTerms): TaskTerms {
  return { orderId, orderNumber, holdId, promisedAtMs, lines, proposals, courier, tries, times };
}

export function withLine(lines: readonly PickLine[], line: PickLine): readonly PickLine[] {
  return lines.map((other) => (other.sku === line.sku ? line : other));
}

/** The task, when it is this picker's to pick. */
export function ownPicking(task: PickTask, pickerId: UserId): Result<Picking, TaskError> {
  if (task.status === 'PICKING') {
    return task.pickerId === pickerId ? ok(task) : err({ code: 'TASK_TAKEN', pickerId: task.pickerId });
  }
  if (task.status === 'ACCEPTED' && task.times.claimedAtMs !== null) return err({ code: 'TASK_REQUEUED' });
  return wrongStep(task, 'PICKING');
}

export function wrongStep(task: PickTask, wanted: PickStatus): Result<never, TaskError> {
  return err({ code: 'TASK_STATE', status: task.status, wanted });
}

export function step(task: PickTask, movements: readonly LotMovement[] = []): TaskStep {
  return { task, changed: true, movements };
}

export function unchanged(task: PickTask): TaskStep {
  return { task, changed: false, movements: [] };
}
