import { acceptTask, cancelTask, rejectTask } from '../../domain/picking/acceptance.ts';
import { claimTask } from '../../domain/picking/claim.ts';
import { expectCourier, handOverTask } from '../../domain/picking/handover.ts';
import { packTask } from '../../domain/picking/pack.ts';
import type { SealedBag } from '../../domain/picking/packing-list.ts';
import { queueTask } from '../../domain/picking/pick-task.ts';
import type { PickTask, TaskError, TaskStep } from '../../domain/picking/pick-task.ts';
import { restockItem } from '../../domain/picking/restock.ts';
import { scanItem } from '../../domain/picking/scan.ts';
import type { Scan } from '../../domain/picking/scan.ts';
import { asCourierId, asHoldId, asOrderId, asSku, asUserId } from '../../domain/shared/ids.ts';
import type { Sku } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';

// One task of two EGGS and one TEA at every step of its life, with Asha as its picker.

const BODY = '0'.repeat(26);
export const [EGGS, TEA, GOLD] = [asSku('EGGS'), asSku('TEA'), asSku('GOLD')];
export const [ASHA, RAVI] = [asUserId(`usr_${BODY}`), asUserId(`usr_${'1'.repeat(26)}`)];
export const COURIER = { courierId: asCourierId(`cou_${BODY}`), handoverCode: '123456' };
export const SEALED: readonly SealedBag[] = [
  { seal: 'SEAL-0001', size: 'M', zone: 'ambient' },
  { seal: 'SEAL-0002', size: 'S', zone: 'chilled' },
];

export function must(step: Result<TaskStep, TaskError>): TaskStep {
  if (!step.ok) throw new Error(step.error.code);
  return step.value;
}
/** A scan of single units. */
export function item(sku: Sku, quantity = 1): Scan {
  return { items: [{ sku, units: 1 }], quantity, weightMg: null };
}
export function pick(task: PickTask, sku: Sku, quantity = 1, nowMs = 2000): PickTask {
  return must(scanItem(task, { pickerId: ASHA, nowMs, ...item(sku, quantity) })).task;
}

export const queued = queueTask({
  orderId: asOrderId(`ord_${BODY}`),
  orderNumber: 'K-1',
  holdId: asHoldId(`hld_${BODY}`),
  promisedAtMs: 900_000,
  assignedAtMs: 0,
  estimatedReadyAtMs: 240_000,
  lines: [
    { sku: EGGS, quantity: 2 },
    { sku: TEA, quantity: 1 },
  ],
});
export const accepted = must(acceptTask(queued, 1000)).task;
export const picking = must(claimTask(accepted, { pickerId: ASHA, nowMs: 2000 })).task;
export const complete = pick(pick(picking, EGGS, 2), TEA);
const packing = { pickerId: ASHA, nowMs: 90_000, usedSeals: new Set<string>() };
export const packed = must(packTask(complete, { ...packing, bags: 2 })).task;
export const expecting = expectCourier(packed, COURIER)?.task ?? packed;
/** Packed with seals, and its courier is announced. */
export const sealed =
  expectCourier(must(packTask(complete, { ...packing, bags: SEALED })).task, COURIER)?.task ?? packed;
export const handedOver = must(handOverTask(expecting, { code: '123456', seals: [], nowMs: 120_000 })).task;
export const rejected = must(rejectTask(accepted, { reason: 'TOO_BUSY', notThere: [] })).task;
/** Cancelled with two EGGS in the tote. */
export const restocking = must(cancelTask(pick(picking, EGGS, 2))).task;
export const cancelled = must(restockItem(restocking, item(EGGS, 2))).task;
