import type { PickTaskView } from '../../contracts/ws/tablet.ts';
import type { FloorAct } from './device-journal.ts';
import { behind, missing } from './floor-state.ts';

const MINUTE_MS = 60_000;

const STATUS: Readonly<Record<string, string>> = {
  QUEUED: 'new',
  ACCEPTED: 'waits for a picker',
  PICKING: 'is being picked',
  PACKED: 'packed',
  RESTOCK: 'cancelled: bring it back',
};

export function statusInWords({ status, pickerId }: PickTaskView, userId: string): string {
  return status === 'PICKING' && pickerId === userId ? 'yours' : (STATUS[status] ?? status);
}

/** How long the promise still has. */
export function dueInWords({ promisedAt }: PickTaskView, nowMs: number): string {
  const minutes = Math.ceil((Date.parse(promisedAt) - nowMs) / MINUTE_MS);
  return minutes > 0 ? `${minutes} min left` : `${1 - minutes} min late`;
}

export function unitsInWords(task: PickTaskView): string {
  const units = task.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return counted(units, 'unit');
}

export function counted(many: number, what: string): string {
  return `${many} ${what}${many === 1 ? '' : 's'}`;
}

/** What is left of a task, for the heading of the work. */
export function leftInWords({ status, lines }: PickTaskView): string {
  const left = lines.reduce((sum, line) => sum + (status === 'RESTOCK' ? behind(line) : missing(line)), 0);
  if (status === 'RESTOCK')
    return left === 0 ? 'All is back.' : `Bring ${counted(left, 'unit')} back, scan each at its shelf.`;
  if (status === 'PACKED') return 'Packed. Scan the seals as the courier takes the bags, and type the code.';
  return left === 0 ? 'All is picked or given up: pack it.' : `${counted(left, 'unit')} to pick.`;
}

/** An act of the journal, as its picker would call it. */
export function actInWords(act: FloorAct, task: PickTaskView | undefined): string {
  const order = task === undefined ? 'An order' : `Order ${task.orderNumber}`;
  const article = articleOf(act, task);
  switch (act.do) {
    case 'scan':
      return `${order}: ${article} scanned`;
    case 'restock':
      return `${order}: ${article} brought back`;
    case 'short':
      return `${order}: ${act.quantity} × ${article} given up`;
    case 'pack':
      return `${order}: packed`;
    default:
      return `${order}: ${act.do}`;
  }
}

function articleOf({ barcode, sku: named }: FloorAct, task: PickTaskView | undefined): string {
  const code = barcode ?? named ?? '';
  const line = task?.lines.find(({ sku, barcodes }) => sku === code || barcodes.includes(code));
  return line?.name ?? code;
}
