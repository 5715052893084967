import { ANSWER_GRACE_MS, lapsesAtMs } from '../../../domain/picking/proposal.ts';
import { openProposals } from '../../../domain/picking/pick-task.ts';
import type { PickTask } from '../../../domain/picking/pick-task.ts';
import { takeBack } from '../../../domain/picking/substitute.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import { showTask } from '../floor/task-announcements.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { giveUnitsBack } from './substitute-hold.ts';
import { withdrawFromOrder } from './substitution-announcements.ts';

/** The one deadline of all open proposals: when the store stops waiting for the first of them. */
export const SUBSTITUTION_LAPSE = 'substitution';
/** Proposals that one ring takes back; the rest follow at once in the next. */
const LAPSES_PER_ALARM = 50;

/** Sees to it that the clock rings for an open proposal. */
export function watchAnswers({ proposals, deadlines }: StoreBooks): void {
  const answerByMs = proposals.earliestAnswerMs();
  if (answerByMs !== null) deadlines.setEarlier(SUBSTITUTION_LAPSE, '', lapsesAtMs({ answerByMs }));
}

/**
 * The store's own clock: an order that is silent for longer than its customer may be keeps neither the units nor the bags waiting.
 * Safe early, late and twice.
 */
export function lapseUnanswered(books: StoreBooks, nowMs: number): void {
  const hand = { actor: storeActor(books.storeId), atMs: nowMs };
  for (const { orderId, proposal } of books.proposals.unanswered(nowMs - ANSWER_GRACE_MS, LAPSES_PER_ALARM)) {
    const task = books.queue.find(orderId);
    const step = task === undefined ? undefined : takeBack(task, proposal.proposalId, nowMs);
    if (step?.proposal === undefined) continue;
    giveUnitsBack(books, proposal.proposalId, { opId: asOpId(`lapse:${proposal.proposalId}`) }, hand);
    books.proposals.save(orderId, step.proposal);
    withdrawFromOrder(books, orderId, step.proposal, 'LAPSED', hand);
    showTask(books, step.task);
  }
  const answerByMs = books.proposals.earliestAnswerMs();
  // Later than the deadline that is being served, which goes when this returns.
  if (answerByMs !== null) {
    books.deadlines.set(SUBSTITUTION_LAPSE, '', Math.max(lapsesAtMs({ answerByMs }), nowMs + 1));
  }
}

/** The order is called off: what was proposed goes with it. The order knows; nobody has to be told. */
export function withdrawOpen(books: StoreBooks, task: PickTask, cause: Cause, hand: Hand): PickTask {
  return openProposals(task).reduce((left, { proposalId }) => {
    const step = takeBack(left, proposalId, hand.atMs);
    if (step?.proposal === undefined) return left;
    giveUnitsBack(books, proposalId, cause, hand);
    books.proposals.save(task.orderId, step.proposal);
    return step.task;
  }, task);
}
