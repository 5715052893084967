import type { Movement } from '../inventory/ledger.ts';
import type { Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { step, termsOf, withLine, wrongStep } from './pick-task.ts';
import type { PickLine, PickTask, TaskError, TaskStep } from './pick-task.ts';
import type { Scan } from './scan.ts';
import { SHORT_PICK_EFFECTS } from './short-pick.ts';
import type { ShortPickReason } from './short-pick.ts';

// The way back of a cancelled order's goods, unit by unit; whoever has a hand free does it.

/** Scanned at the shelf: these units can be sold again. */
export function restockItem(
  task: PickTask,
  { items, quantity }: Pick<Scan, 'items' | 'quantity'>,
): Result<TaskStep, TaskError> {
  if (task.status !== 'RESTOCK') return wrongStep(task, 'RESTOCK');
  if (items.length === 0) return err({ code: 'UNKNOWN_BARCODE' });
  const listed = items.flatMap(({ sku, units }) => {
    const line = task.lines.find((picked) => picked.sku === sku);
    return line === undefined ? [] : [{ line, units: units * quantity }];
  });
  const found = listed.find(({ line }) => unitsBehind(line) > 0) ?? listed[0];
  if (found === undefined) return err({ code: 'WRONG_ITEM', skus: items.map(({ sku }) => sku) });
  return back(task, found.line, found.units, (units) => [{ kind: 'restocked', sku: found.line.sku, quantity: units }]);
}

/** Units that cannot go back: lost on the way, broken, thawed. They never come on sale in between. */
export function writeOffRestock(
  task: PickTask,
  { sku, quantity, reason }: { readonly sku: Sku; readonly quantity: number; readonly reason: ShortPickReason },
): Result<TaskStep, TaskError> {
  if (task.status !== 'RESTOCK') return wrongStep(task, 'RESTOCK');
  const line = task.lines.find((picked) => picked.sku === sku);
  if (line === undefined) return err({ code: 'WRONG_ITEM', skus: [sku] });
  return back(task, line, quantity, (units) => {
    const unfit = SHORT_PICK_EFFECTS[reason].writeOff === null ? 'blocked' : 'written_off';
    return [
      { kind: 'restocked', sku, quantity: units },
      { kind: unfit, sku, quantity: units },
    ];
  });
}

function back(
  task: PickTask,
  line: PickLine,
  units: number,
  movements: (units: number) => readonly Movement[],
): Result<TaskStep, TaskError> {
  const left = unitsBehind(line);
  if (units > left) return err({ code: 'OVER_QUANTITY', sku: line.sku, quantity: units, left });
  const after = { ...line, restocked: line.restocked + units };
  const lines = withLine(task.lines, after);
  const done = lines.every((other) => unitsBehind(other) === 0);
  const next: PickTask = { ...termsOf(task), lines, status: done ? 'CANCELLED' : 'RESTOCK' };
  return ok({ ...step(next, movements(units)), line: after });
}

/** Units that were picked and are not back yet. */
function unitsBehind({ picked, restocked }: PickLine): number {
  return picked - restocked;
}
