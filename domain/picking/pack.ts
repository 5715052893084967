import type { Movement } from '../inventory/ledger.ts';
import type { UserId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import type { SealedBag } from './packing-list.ts';
import { missingUnits, openProposals, ownPicking, pickedUnits, step, termsOf, unchanged } from './pick-task.ts';
import type { PickTask, TaskError, TaskStep } from './pick-task.ts';

export interface Packing {
  readonly pickerId: UserId;
  readonly nowMs: number;
  /** The bags with their seals; or how many there are, from a store that uses none. */
  readonly bags: readonly SealedBag[] | number;
  /** Those of the seals that other bags of this store carry or have carried. */
  readonly usedSeals: ReadonlySet<string>;
}

/**
 * Closes the bags. Every line must be picked or given up, and no substitute wait for an answer; when nothing was there, there is
 * no bag.
 */
export function packTask(task: PickTask, { pickerId, nowMs, bags, usedSeals }: Packing): Result<TaskStep, TaskError> {
  const sealed = typeof bags === 'number' ? [] : bags;
  const count = typeof bags === 'number' ? bags : bags.length;
  if (task.status === 'PACKED' && task.pickerId === pickerId && sameBags(task, count, sealed)) {
    return ok(unchanged(task));
  }
  const picking = ownPicking(task, pickerId);
  if (!picking.ok) return picking;
  const open = task.lines
    .filter((line) => missingUnits(line) > 0)
    .map((line) => ({ sku: line.sku, missing: missingUnits(line) }));
  if (open.length > 0) return err({ code: 'LINES_OPEN', open });
  const waiting = openProposals(task);
  if (waiting.length > 0) return err({ code: 'SUBSTITUTION_OPEN', open: waiting });
  const units = pickedUnits(task);
  if ((count === 0) !== (units === 0)) return err({ code: 'BAGS_MISCOUNTED', bags: count, units });
  const seals = sealed.map(({ seal }) => seal);
  const used = seals.filter((seal, i) => usedSeals.has(seal) || seals.indexOf(seal) !== i);
  if (used.length > 0) return err({ code: 'SEAL_USED', seals: [...new Set(used)] });
  const packed = task.lines
    .filter((line) => line.picked > 0)
    .map((line): Movement => ({ kind: 'packed', sku: line.sku, quantity: line.picked }));
  const times = { ...task.times, packedAtMs: nowMs };
  return ok(step({ ...termsOf(task), times, status: 'PACKED', pickerId, bags: count, sealed }, packed));
}

function sameBags(
  task: Extract<PickTask, { readonly status: 'PACKED' | 'HANDED_OVER' }>,
  count: number,
  sealed: readonly SealedBag[],
): boolean {
  const seals = new Set(task.sealed.map(({ seal }) => seal));
  return task.bags === count && task.sealed.length === sealed.length && sealed.every(({ seal }) => seals.has(seal));
}
