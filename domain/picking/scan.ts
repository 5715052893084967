import type { PackedUnits } from '../catalog/packed-units.ts';
import type { LotId, Sku, UserId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { renewClaim } from './claim.ts';
import { missingUnits, ownPicking, step, withLine } from './pick-task.ts';
import type { PickTask, TaskError, TaskStep } from './pick-task.ts';
import { SHORT_PICK_EFFECTS } from './short-pick.ts';
import type { ShortPickReason } from './short-pick.ts';

export const MG_PER_G = 1000;

/** Whole grams, rounded half up: what a line weighs is rounded once. */
export function gramsOf(weightMg: number): number {
  return Math.round(weightMg / MG_PER_G);
}

/** What was scanned: what the barcode stands for in this store, and how often it was scanned. */
export interface Scan {
  /** Usually one; of several the one that the list still wants. */
  readonly items: readonly PackedUnits[];
  /** Equal packs scanned with one command. */
  readonly quantity: number;
  /** What one pack weighs by its scale label, milligrams; `null` without one. */
  readonly weightMg: number | null;
  /** What the picker's scale says of all packs of this command, milligrams; it counts where no label says anything. */
  readonly enteredMg?: number | undefined;
  /** Those of the items whose weight the order is charged by. */
  readonly soldByWeight?: readonly Sku[] | undefined;
  /** The lot that the code names, where the shelf has so many units of it. */
  readonly lotId?: LotId | undefined;
}

/** Scanned units go from the shelf into the tote. */
export function scanItem(
  task: PickTask,
  {
    pickerId,
    nowMs,
    items,
    quantity,
    weightMg,
    enteredMg,
    soldByWeight = [],
    lotId,
  }: Scan & { readonly pickerId: UserId; readonly nowMs: number },
): Result<TaskStep, TaskError> {
  const picking = ownPicking(task, pickerId);
  if (!picking.ok) return picking;
  if (items.length === 0) return err({ code: 'UNKNOWN_BARCODE' });
  const listed = items.flatMap(({ sku, units }) => {
    const line = task.lines.find((wanted) => wanted.sku === sku);
    return line === undefined ? [] : [{ line, units: units * quantity }];
  });
  const found = listed.find(({ line }) => missingUnits(line) > 0) ?? listed[0];
  if (found === undefined) return err({ code: 'WRONG_ITEM', skus: items.map(({ sku }) => sku) });
  const { sku } = found.line;
  const left = missingUnits(found.line);
  if (found.units > left) return err({ code: 'OVER_QUANTITY', sku, quantity: found.units, left });
  const scannedMg = weightMg === null ? (enteredMg ?? 0) : weightMg * quantity;
  // A substitute is charged by the unit.
  const needsWeight = soldByWeight.includes(sku) && found.line.substituteFor === undefined;
  if (needsWeight && scannedMg === 0) return err({ code: 'WEIGHT_NEEDED', sku });
  const line = {
    ...found.line,
    picked: found.line.picked + found.units,
    weightMg: found.line.weightMg + scannedMg,
  };
  const after = { ...renewClaim(picking.value, nowMs), lines: withLine(task.lines, line) };
  const picked = { kind: 'picked', sku, quantity: found.units, ...(lotId !== undefined && { lotId }) } as const;
  return ok({ ...step(after, [picked]), line });
}

export interface Short {
  readonly pickerId: UserId;
  readonly nowMs: number;
  readonly sku: Sku;
  /** Units that will not be picked, 1 or more. */
  readonly quantity: number;
  readonly reason: ShortPickReason;
}

/** A short pick: the line is done with fewer units. */
export function shortLine(
  task: PickTask,
  { pickerId, nowMs, sku, quantity, reason }: Short,
): Result<TaskStep, TaskError> {
  const picking = ownPicking(task, pickerId);
  if (!picking.ok) return picking;
  const wanted = task.lines.find((line) => line.sku === sku);
  if (wanted === undefined) return err({ code: 'WRONG_ITEM', skus: [sku] });
  if (quantity > missingUnits(wanted)) {
    return err({ code: 'OVER_QUANTITY', sku, quantity, left: missingUnits(wanted) });
  }
  const line = { ...wanted, shorted: wanted.shorted + quantity, shortReason: reason };
  const after = { ...renewClaim(picking.value, nowMs), lines: withLine(task.lines, line) };
  const movements = SHORT_PICK_EFFECTS[reason].movements.map((kind) => ({ kind, sku, quantity }));
  return ok({ ...step(after, movements), line });
}
