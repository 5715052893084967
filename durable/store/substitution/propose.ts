import { createHash } from 'node:crypto';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { SubstituteCandidates, SubstituteCommand, TaskAnswer } from '../../../contracts/ws/tablet.ts';
import type { FloorRole } from '../../../domain/picking/claim.ts';
import { missingUnits, ownPicking, unreplacedUnits } from '../../../domain/picking/pick-task.ts';
import type { PickTask, TaskError } from '../../../domain/picking/pick-task.ts';
import { proposeSubstitute } from '../../../domain/picking/substitute.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import { asOrderId, asSku, asSubstitutionId, idFromBytes } from '../../../domain/shared/ids.ts';
import type { OpId, StoreId, SubstitutionId, UserId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { noteLife } from '../floor/claims.ts';
import { taskNotFound, taskRefusal } from '../floor/floor-refusals.ts';
import type { LastStep } from '../floor/pick-queue.ts';
import { showTask } from '../floor/task-announcements.ts';
import { taskAnswer } from '../floor/task-view.ts';
import { saveLease } from '../floor/task-writes.ts';
import { watchExpiry } from '../holds/hold-expiry.ts';
import { writeHoldStep } from '../holds/hold-writes.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import type { StoreBooks } from '../store-books.ts';
import { watchAnswers } from './lapse.ts';
import { setUnitsAside, tidyShelf } from './substitute-hold.ts';
import { rankShelf } from './substitute-shelf.ts';
import { askOrder } from './substitution-announcements.ts';
import { candidatesView } from './substitution-view.ts';

// What a picker asks and says about substitutes. Each inside a transaction: read, decide purely, write.

type Ask = Extract<SubstituteCommand, { readonly do: 'candidates' }>;
type Propose = Extract<SubstituteCommand, { readonly do: 'substitute' }>;

/** A question: it changes nothing but shows that the picker is there, and is not remembered under its id. */
export function listCandidates(
  books: StoreBooks,
  role: FloorRole,
  { taskId, sku }: Ask,
  nowMs: number,
): Result<SubstituteCandidates, Refusal> {
  const picked = pickedBy(books, role, taskId);
  if (!picked.ok) return picked;
  const { task, pickerId } = picked.value;
  noteLife(books, task, pickerId, nowMs);
  const missing = asSku(sku);
  const line = task.lines.find((wanted) => wanted.sku === missing);
  if (line === undefined) return err(taskRefusal({ code: 'WRONG_ITEM', skus: [missing] }, undefined));
  const replaceable = unreplacedUnits(task, missing);
  const ranking = rankShelf(books, task, { missing, units: Math.max(1, replaceable, missingUnits(line)), nowMs });
  return ok(candidatesView(task, missing, replaceable, ranking));
}

/** Proposes one of them: its units are set aside at once, and the order is asked. */
export function proposeOnFloor(
  books: StoreBooks,
  role: FloorRole,
  command: Propose,
  opId: OpId,
  hand: Hand,
): Result<TaskAnswer, Refusal> {
  const picked = pickedBy(books, role, command.taskId);
  if (!picked.ok) return picked;
  const { task, pickerId } = picked.value;
  const { orderId } = task;
  const nowMs = hand.atMs;
  const [missing, substitute, units] = [asSku(command.sku), asSku(command.substitute), command.quantity];
  tidyShelf(books, { substitute }, nowMs);
  const {
    preference,
    substitutes: ranking,
    cards,
  } = rankShelf(books, task, { missing, units, only: substitute, nowMs });
  const proposalId = proposalIdOf(books.storeId, opId);
  const request = { pickerId, nowMs, proposalId, missing, substitute, units, preference, ranking };
  const decided = proposeSubstitute(task, request);
  if (!decided.ok) {
    noteLife(books, task, pickerId, nowMs);
    return err(notProposed(decided.error, books.queue.lastStep(orderId)));
  }
  const { proposal } = decided.value;
  const [card, terms] = [cards.get(substitute), ranking.ranked[0]?.terms];
  invariant(proposal !== undefined && card !== undefined && terms !== undefined, 'what is proposed was ranked');
  const aside = setUnitsAside(books, orderId, proposal, nowMs);
  if (!aside.ok) return aside;
  writeHoldStep(books, aside.value, { opId, reason: 'SUBSTITUTE' }, hand);
  watchExpiry(books, nowMs + aside.value.hold.forMs);
  books.proposals.save(orderId, proposal);
  saveLease(books, task, decided.value.task);
  watchAnswers(books);
  askOrder(books, orderId, proposal, { card, terms }, hand);
  showTask(books, decided.value.task);
  return ok(taskAnswer(decided.value));
}

function notProposed(error: TaskError, last: LastStep | undefined): Refusal {
  if (error.code !== 'OVER_QUANTITY') return taskRefusal(error, last);
  const { sku, quantity, left } = error;
  const words = `Report what is missing first: ${left} given up and without a substitute.`;
  return refuse('OVER_QUANTITY', words, { sku, quantity, left });
}

function pickedBy(
  { queue }: StoreBooks,
  role: FloorRole,
  taskId: string,
): Result<{ readonly task: PickTask; readonly pickerId: UserId }, Refusal> {
  if (!('pickerId' in role)) return err(refuse('FORBIDDEN', 'Only who picks an order proposes substitutes.'));
  const { pickerId } = role;
  const task = queue.find(asOrderId(taskId));
  if (task === undefined) return err(taskNotFound());
  const own = ownPicking(task, pickerId);
  return own.ok ? ok({ task, pickerId }) : err(taskRefusal(own.error, queue.lastStep(task.orderId)));
}

/** The same command is the same proposal, in this store and no other. */
function proposalIdOf(storeId: StoreId, opId: OpId): SubstitutionId {
  const digest = createHash('sha256').update(`${storeId}\n${opId}`).digest();
  return asSubstitutionId(idFromBytes('SubstitutionId', digest.subarray(0, 16)));
}
