import type { Refusal } from '../../../contracts/problem.ts';
import type { SettleSubstitution, SubstitutionSettled } from '../../../contracts/rpc/store-substitution.ts';
import { commitHold } from '../../../domain/inventory/hold.ts';
import { takeAnswer } from '../../../domain/picking/substitute.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { taskNotFound } from '../floor/floor-refusals.ts';
import { showTask } from '../floor/task-announcements.ts';
import { writeHoldStep } from '../holds/hold-writes.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { giveUnitsBack, holdIdOf } from './substitute-hold.ts';
import { withdrawFromOrder } from './substitution-announcements.ts';

/**
 * The order tells how a proposal was answered. Approved, its units are allocated and become a line of the list; else they are for
 * sale again. When they are gone by now the order is told, and the missing article stays short. Inside the transaction of its command.
 */
export function settleSubstitution(
  books: StoreBooks,
  command: SettleSubstitution,
  nowMs: number,
): Result<SubstitutionSettled, Refusal<'TASK_NOT_FOUND'>> {
  const { orderId, proposalId, answer, opId } = command;
  const task = books.queue.find(orderId);
  const known = task?.proposals.find((proposal) => proposal.proposalId === proposalId);
  if (task === undefined || known === undefined) return err(taskNotFound());
  const allocated = commitHold(books.holds.find(holdIdOf(proposalId)), { orderId });
  const step = takeAnswer(task, { proposalId, answer, kept: allocated.ok, nowMs });
  if (step?.proposal === undefined) return ok({ status: known.status });
  const hand = handOf(command, nowMs);
  if (step.line !== undefined && allocated.ok) {
    writeHoldStep(books, allocated.value, { opId, reason: 'SUBSTITUTE' }, hand);
    books.queue.saveLine(orderId, step.line);
  } else {
    giveUnitsBack(books, proposalId, { opId, reason: answer }, hand);
  }
  const { status } = step.proposal;
  books.proposals.save(orderId, step.proposal);
  if (status === 'WITHDRAWN') withdrawFromOrder(books, orderId, step.proposal, 'GONE', hand);
  showTask(books, step.task);
  return ok({ status });
}
