import type { TemperatureZone } from '../../../domain/catalog/storage.ts';
import type { BagSize, SealedBag } from '../../../domain/picking/packing-list.ts';
import type { PickLine, PickStatus, PickTask, RejectReason } from '../../../domain/picking/pick-task.ts';
import type { Proposal } from '../../../domain/picking/proposal.ts';
import type { ShortPickReason } from '../../../domain/picking/short-pick.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import type { CourierId, HoldId, OrderId, Sku, UserId } from '../../../domain/shared/ids.ts';
import type { SqlValue } from '../../kit/sql.ts';

/** Tasks that are still on the floor: as the partial index has it, or SQLite does not use the index. */
export const ON_FLOOR = "status IN ('QUEUED', 'ACCEPTED', 'PICKING', 'PACKED', 'RESTOCK')";

// A task as the tables have it. Ids in our own tables were checked on their way in, so rows are typed as branded.

export type TaskRow = {
  readonly order_id: OrderId;
  readonly order_number: string;
  readonly hold_id: HoldId;
  readonly status: PickStatus;
  readonly promised_at_ms: number;
  readonly picker_id: UserId | null;
  readonly offered_to: UserId | null;
  readonly lapsed_from: UserId | null;
  readonly lease_ends_at_ms: number | null;
  readonly reject_reason: RejectReason | null;
  readonly bags: number | null;
  readonly courier_id: CourierId | null;
  readonly handover_code: string | null;
  readonly wrong_codes: number;
  readonly codes_locked_until_ms: number;
  readonly assigned_at_ms: number;
  readonly estimated_ready_at_ms: number;
  readonly accepted_at_ms: number | null;
  readonly claimed_at_ms: number | null;
  readonly packed_at_ms: number | null;
  readonly handed_over_at_ms: number | null;
};
export type LineRow = {
  readonly order_id: OrderId;
  readonly sku: Sku;
  readonly quantity: number;
  readonly picked: number;
  readonly shorted: number;
  readonly short_reason: ShortPickReason | null;
  readonly restocked: number;
  readonly weight_mg: number;
  readonly substitute_for: Sku | null;
};
export type BagRow = {
  readonly order_id: OrderId;
  readonly seal: string;
  readonly size: BagSize;
  readonly zone: TemperatureZone;
};

/** The columns of a task, in the order of `taskValues`. */
export const TASK_COLUMNS = [
  'order_id',
  'order_number',
  'hold_id',
  'status',
  'promised_at_ms',
  'picker_id',
  'offered_to',
  'lapsed_from',
  'lease_ends_at_ms',
  'reject_reason',
  'bags',
  'courier_id',
  'handover_code',
  'wrong_codes',
  'codes_locked_until_ms',
  'assigned_at_ms',
  'estimated_ready_at_ms',
  'accepted_at_ms',
  'claimed_at_ms',
  'packed_at_ms',
  'handed_over_at_ms',
] as const satisfies readonly (keyof TaskRow)[];

export function taskValues(task: PickTask): SqlValue[] {
  const { times, tries, courier } = task;
  const row: TaskRow = {
    order_id: task.orderId,
    order_number: task.orderNumber,
    hold_id: task.holdId,
    status: task.status,
    promised_at_ms: task.promisedAtMs,
    picker_id: 'pickerId' in task ? task.pickerId : null,
    offered_to: 'offer' in task ? (task.offer?.pickerId ?? null) : null,
    lapsed_from: 'lapsedFrom' in task ? task.lapsedFrom : null,
    lease_ends_at_ms: leaseEndOf(task),
    reject_reason: 'reason' in task ? task.reason : null,
    bags: 'bags' in task ? task.bags : null,
    courier_id: courier?.courierId ?? null,
    handover_code: courier?.handoverCode ?? null,
    wrong_codes: tries.wrong,
    codes_locked_until_ms: tries.lockedUntilMs,
    assigned_at_ms: times.assignedAtMs,
    estimated_ready_at_ms: times.estimatedReadyAtMs,
    accepted_at_ms: times.acceptedAtMs,
    claimed_at_ms: times.claimedAtMs,
    packed_at_ms: times.packedAtMs,
    handed_over_at_ms: times.handedOverAtMs,
  };
  return TASK_COLUMNS.map((column) => row[column]);
}

function leaseEndOf(task: PickTask): number | null {
  if (task.status === 'PICKING') return task.leaseEndsAtMs;
  return task.status === 'ACCEPTED' ? (task.offer?.untilMs ?? null) : null;
}

export function toTask(
  row: TaskRow,
  lines: readonly LineRow[],
  bags: readonly BagRow[],
  proposals: readonly Proposal[],
): PickTask {
  const { status, courier_id: courierId, handover_code: handoverCode, picker_id: pickerId } = row;
  const terms = {
    orderId: row.order_id,
    orderNumber: row.order_number,
    holdId: row.hold_id,
    promisedAtMs: row.promised_at_ms,
    lines: lines.map(toLine),
    proposals,
    courier: courierId === null || handoverCode === null ? null : { courierId, handoverCode },
    tries: { wrong: row.wrong_codes, lockedUntilMs: row.codes_locked_until_ms },
    times: {
      assignedAtMs: row.assigned_at_ms,
      estimatedReadyAtMs: row.estimated_ready_at_ms,
      acceptedAtMs: row.accepted_at_ms,
      claimedAtMs: row.claimed_at_ms,
      packedAtMs: row.packed_at_ms,
      handedOverAtMs: row.handed_over_at_ms,
    },
  };
  switch (status) {
    case 'QUEUED':
    case 'RESTOCK':
    case 'CANCELLED':
      return { ...terms, status };
    case 'ACCEPTED': {
      const { offered_to: offeredTo, lease_ends_at_ms: untilMs } = row;
      const offer = offeredTo === null || untilMs === null ? null : { pickerId: offeredTo, untilMs };
      return { ...terms, status, offer, lapsedFrom: row.lapsed_from };
    }
    case 'REJECTED':
      invariant(row.reject_reason !== null, `task ${row.order_id} was rejected for no reason`);
      return { ...terms, status, reason: row.reject_reason };
    case 'PICKING': {
      const { lease_ends_at_ms: leaseEndsAtMs } = row;
      invariant(pickerId !== null && leaseEndsAtMs !== null, `task ${row.order_id} is picked by nobody`);
      return { ...terms, status, pickerId, leaseEndsAtMs };
    }
    case 'PACKED':
    case 'HANDED_OVER':
      invariant(pickerId !== null && row.bags !== null, `task ${row.order_id} is packed by nobody`);
      return { ...terms, status, pickerId, bags: row.bags, sealed: bags.map(toBag) };
  }
}

function toLine(row: LineRow): PickLine {
  const { sku, quantity, picked, shorted, restocked, substitute_for: substituteFor } = row;
  const line = { sku, quantity, picked, shorted, shortReason: row.short_reason, restocked, weightMg: row.weight_mg };
  return substituteFor === null ? line : { ...line, substituteFor };
}

function toBag({ seal, size, zone }: BagRow): SealedBag {
  return { seal, size, zone };
}
