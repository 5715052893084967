import { missingUnits } from '../../../domain/picking/pick-task.ts';
import type { PickTask } from '../../../domain/picking/pick-task.ts';
import { SHORT_PICK_EFFECTS } from '../../../domain/picking/short-pick.ts';
import type { ShortPickReason } from '../../../domain/picking/short-pick.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { planLapse } from './claims.ts';
import { openCount } from '../counts/count-commands.ts';
import { reportNotFound } from '../counts/count-not-found.ts';
import type { FloorCommand } from './floor-commands.ts';
import type { StoreBooks } from '../store-books.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';
import { announceMilestone, reportToOrder, showTask } from './task-announcements.ts';
import { endHoldOf } from './task-commands.ts';
import { planWave } from './wave-planning.ts';

/** A shelf that is to be counted with the next round stands halfway up its list. */
const SOON_RISK = 0.5;

interface Done {
  readonly before: PickTask;
  readonly task: PickTask;
  readonly command: FloorCommand;
  readonly cause: Cause;
  readonly hand: Hand;
}

/** What follows from a written step: who is told of it, what the clock must watch, and which shelf is in doubt. */
export function followStep(books: StoreBooks, done: Done): void {
  const { before, task, command, hand } = done;
  switch (command.do) {
    case 'accept':
      announceMilestone(books, task, 'accepted', hand);
      reportToOrder(books, task, 'accepted', hand);
      return;
    case 'reject':
      for (const sku of command.notThere ?? [])
        doubtShelf(books, done, asSku(sku), 'NOT_FOUND', unitsLeft(before, sku));
      endHoldOf(books, task, hand);
      announceMilestone(books, task, 'rejected', hand, { reason: command.reason });
      reportToOrder(books, task, 'rejected', hand, { reason: command.reason });
      return;
    case 'claim':
      setOutAlone(books, done);
      followClaim(books, before, task, hand);
      return;
    case 'release':
      announceMilestone(books, task, 'requeued', hand, { reason: 'RELEASED' });
      return;
    case 'handoff':
      if (before.status === 'PICKING') announceMilestone(books, task, 'requeued', hand, { reason: 'HANDED_OFF' });
      else showTask(books, task);
      return;
    case 'scan':
      showTask(books, task);
      return;
    case 'short':
      doubtShelf(books, done, asSku(command.sku), command.reason, command.quantity);
      showOrClose(books, done);
      return;
    case 'restock':
      showOrClose(books, done);
      return;
    case 'pack':
      announceMilestone(books, task, 'packed', hand);
      reportToOrder(books, task, 'packed', hand);
      return;
    case 'handover':
      announceMilestone(books, task, 'handed_over', hand);
      reportToOrder(books, task, 'handed_over', hand);
      return;
  }
}

/** Whoever goes for one order gets the walk for it. */
function setOutAlone(books: StoreBooks, { before, task, cause, hand }: Done): void {
  if (task.status !== 'PICKING') return;
  const request = { waveId: cause.opId, pickerId: task.pickerId, ordersMax: 1, nowMs: hand.atMs };
  books.waves.setOut([task.orderId], planWave(books, [before], request));
}

/** A picker has the task from now on. */
export function followClaim(books: StoreBooks, before: PickTask, task: PickTask, hand: Hand): void {
  planLapse(books);
  announceMilestone(books, task, 'claimed', hand);
  // The order hears that picking has begun, not who goes on with it.
  if (before.times.claimedAtMs === null) reportToOrder(books, task, 'claimed', hand);
}

function showOrClose(books: StoreBooks, { before, task, hand }: Done): void {
  if (before.status === 'RESTOCK' && task.status === 'CANCELLED') announceMilestone(books, task, 'restocked', hand);
  else showTask(books, task);
}

/** What a missing or unfit unit says about those that should lie beside it. */
function doubtShelf(
  books: StoreBooks,
  { before, cause, hand }: Done,
  sku: Sku,
  reason: ShortPickReason,
  units: number,
): void {
  const { restInDoubt, count } = SHORT_PICK_EFFECTS[reason];
  const { orderId } = before;
  if (before.status === 'RESTOCK') {
    // Lost between tote and shelf, which says nothing about what lies there.
    if (restInDoubt) books.shelves.doubt(sku, units);
    if (count !== null) openCount(books, sku, { reason: 'PLANNED', risk: SOON_RISK, atMs: hand.atMs });
  } else if (restInDoubt) {
    reportNotFound(books, { sku, cause: { ...cause, orderId }, hand, orderId, shortedUnits: units });
  } else if (count !== null) {
    openCount(books, sku, { reason: 'PLANNED', risk: SOON_RISK, atMs: hand.atMs });
  }
}

function unitsLeft({ lines }: PickTask, sku: string): number {
  const line = lines.find((wanted) => wanted.sku === sku);
  return line === undefined ? 0 : missingUnits(line);
}
