import type { Refusal } from '../../contracts/problem.ts';
import type { FloorView, PickTaskView } from '../../contracts/ws/tablet.ts';
import type { FloorAct } from './device-journal.ts';
import { metresLeft, workLeft } from './work.ts';
import type { Stop, Work } from './work.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;

const SERVICE: Readonly<Record<string, string>> = {
  open: 'The store takes orders',
  throttled: 'The store takes fewer orders',
  paused: 'The store takes no new orders',
};

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

/** What is left of the work, for below its heading. */
export function leftInWords(work: Work): string {
  const left = workLeft(work);
  const status = work.tasks[0]?.status;
  if (status === 'RESTOCK')
    return left === 0 ? 'All is back.' : `Bring ${counted(left, 'unit')} back, scan each at its shelf.`;
  if (status === 'PACKED') return 'Packed. Scan the seals as the courier takes the bags, and type the code.';
  if (left === 0) return 'All is picked or given up: pack it.';
  const metres = metresLeft(work);
  return `${counted(left, 'unit')} to pick${metres === null ? '' : `, ${Math.round(metres)} m to walk`}.`;
}

/** Positions on the cart, as a picker would call them; empty for an order that is alone on it. */
export function totesInWords({ tasks }: Work, task: PickTaskView): string {
  if (tasks.length < 2) return '';
  return task.totes.length === 1 ? `tote ${task.totes[0]}` : `totes ${task.totes.join(', ')}`;
}

/** `1:05`, never below zero. */
export function timeLeft(until: string, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - nowMs) / SECOND_MS));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A refusal with the numbers that whoever stands there can use. */
export function refusalInWords({ code, detail, numbers = {} }: Refusal, nowMs: number): string {
  const told = numbersInWords(code, numbers, nowMs);
  return told === '' ? detail : `${detail} ${told}`;
}

function numbersInWords(code: string, numbers: NonNullable<Refusal['numbers']>, nowMs: number): string {
  const { triesLeft, lockedUntil, missing: unscanned, foreign, open } = numbers;
  switch (code) {
    case 'HANDOVER_CODE_WRONG':
      if (triesLeft === 0) return 'That was the last try for a minute.';
      return triesLeft === 1 ? 'One try is left.' : `${Number(triesLeft)} tries are left.`;
    case 'HANDOVER_CODE_LOCKED':
      return typeof lockedUntil === 'string' ? `${timeLeft(lockedUntil, nowMs)} left.` : '';
    case 'SEALS_MISMATCH':
      return [listed('Not scanned:', unscanned), listed('Not of this order:', foreign)].join(' ').trim();
    case 'SUBSTITUTION_OPEN': {
      const until = Array.isArray(open) ? open.map(expiryOf).toSorted().at(-1) : undefined;
      return until === undefined ? '' : `${timeLeft(until, nowMs)} left.`;
    }
    default:
      return '';
  }
}

function listed(what: string, values: unknown): string {
  return Array.isArray(values) && values.length > 0 ? `${what} ${values.join(', ')}.` : '';
}

function expiryOf(open: unknown): string {
  const known = typeof open === 'object' && open !== null && 'expiresAt' in open ? open.expiresAt : '';
  return typeof known === 'string' ? known : '';
}

/** Whether the store takes orders, and who is there. */
export function serviceInWords({ pickersOnShift, service: { state, reason, until } }: FloorView): string {
  const why = reason === null ? '' : ` (${reason.toLowerCase().replaceAll('_', ' ')})`;
  const end = until === null ? '' : ` until ${new Date(until).toLocaleTimeString([], CLOCK)}`;
  return `${SERVICE[state] ?? state}${why}${end}. ${counted(pickersOnShift, 'picker')} on shift.`;
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
    case 'handover':
      return `${order}: handover`;
    default:
      return `${order}: ${act.do}`;
  }
}

function articleOf({ barcode, sku: named }: FloorAct, task: PickTaskView | undefined): string {
  const code = barcode ?? named ?? '';
  const line = task?.lines.find(({ sku, barcodes }) => sku === code || barcodes.includes(code));
  return line?.name ?? code;
}

/** How far it is to a stop, and how far in all; empty without a walk. */
export function metresInWords({ walkM }: Stop, work: Work): string {
  const left = metresLeft(work);
  if (left === null) return '';
  if (walkM === null) return 'not on the planned walk';
  return `${Math.round(walkM)} m from the last stop, ${Math.round(left)} m left with the way back`;
}
