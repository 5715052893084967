import type { Sku, SubstitutionId, UserId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { renewClaim } from './claim.ts';
import { openProposals, ownPicking, step, unreplacedUnits } from './pick-task.ts';
import type { PickLine, PickTask, TaskError, TaskStep } from './pick-task.ts';
import { ANSWER_MS, OPEN_PROPOSALS_MAX, propose, settlementOf, settleProposal, withdrawProposal } from './proposal.ts';
import type { Proposal, ProposalAnswer } from './proposal.ts';
import type { Preference, Substitutes } from './substitution.ts';

/** How often a customer is asked about one missing article. */
export const PROPOSALS_PER_LINE_MAX = 3;

export interface SubstituteRequest {
  readonly pickerId: UserId;
  readonly nowMs: number;
  readonly proposalId: SubstitutionId;
  readonly missing: Sku;
  readonly substitute: Sku;
  /** Units, one for one missing; 1 or more. */
  readonly units: number;
  readonly preference: Preference | null;
  /** What the rules make of the substitute, with others or alone. */
  readonly ranking: Substitutes;
}

/**
 * Proposes a substitute for units of a line that were given up. The picker goes on; only packing waits. The rules decide once
 * more, whatever the tablet showed.
 */
export function proposeSubstitute(task: PickTask, request: SubstituteRequest): Result<TaskStep, TaskError> {
  const { pickerId, nowMs, proposalId, missing, substitute, units, preference, ranking } = request;
  const picking = ownPicking(task, pickerId);
  if (!picking.ok) return picking;
  const line = task.lines.find(({ sku }) => sku === missing);
  if (line === undefined) return err({ code: 'WRONG_ITEM', skus: [missing] });
  if (line.substituteFor !== undefined) return err({ code: 'SUBSTITUTION_BARRED', by: 'is_a_substitute' });
  const terms = { proposalId, missing, substitute, units, answerByMs: nowMs + ANSWER_MS };
  const proposed = propose(terms, preference);
  if (!proposed.ok) return proposed;
  const asked = task.proposals.filter((earlier) => earlier.missing === missing).length;
  if (asked >= PROPOSALS_PER_LINE_MAX) return err({ code: 'SUBSTITUTION_BARRED', by: 'asked_enough' });
  if (openProposals(task).length >= OPEN_PROPOSALS_MAX) return err({ code: 'SUBSTITUTION_BARRED', by: 'open_enough' });
  const left = unreplacedUnits(task, missing);
  if (units > left) return err({ code: 'OVER_QUANTITY', sku: missing, quantity: units, left });
  if (!ranking.ranked.some(({ sku }) => sku === substitute)) {
    const ruledOut = ranking.ruledOut.find(({ sku }) => sku === substitute) ?? {
      sku: substitute,
      why: 'NOT_SOLD_HERE',
    };
    return err({ code: 'SUBSTITUTE_RULED_OUT', ruledOut });
  }
  const proposal = proposed.value;
  const after = { ...renewClaim(picking.value, nowMs), proposals: [...task.proposals, proposal] };
  return ok({ ...step(after), proposal });
}

export interface Answered {
  readonly proposalId: SubstitutionId;
  readonly answer: ProposalAnswer;
  /** Whether the units are still set aside. */
  readonly kept: boolean;
  readonly nowMs: number;
}

/**
 * The order tells how a proposal was answered. A substitute becomes a line of the list; when its units are gone, or nobody picks
 * the order any more, it is withdrawn instead. `undefined` for an answer that comes twice, or too late.
 */
export function takeAnswer(task: PickTask, { proposalId, answer, kept, nowMs }: Answered): TaskStep | undefined {
  const open = task.proposals.find((proposal) => proposal.proposalId === proposalId);
  if (open === undefined) return undefined;
  const settled = settleProposal(open, answer, nowMs);
  if (!settled.changed) return undefined;
  if (settlementOf(settled.proposal) !== 'SUBSTITUTE') return withProposal(task, settled.proposal);
  const isPicked = task.status === 'PICKING' || task.status === 'ACCEPTED';
  if (!kept || !isPicked) return withProposal(task, withdrawProposal(open, nowMs).proposal);
  const line = lineFor(settled.proposal);
  const after = withProposal(task, settled.proposal);
  return { ...after, task: { ...after.task, lines: [...task.lines, line] }, line };
}

/** Takes a proposal back that nobody answered in time, or whose order is called off; `undefined` when it is over already. */
export function takeBack(task: PickTask, proposalId: SubstitutionId, nowMs: number): TaskStep | undefined {
  const open = task.proposals.find((proposal) => proposal.proposalId === proposalId);
  if (open?.status !== 'PROPOSED') return undefined;
  return withProposal(task, withdrawProposal(open, nowMs).proposal);
}

function lineFor({ substitute, missing, units }: Proposal): PickLine {
  const nothing = { picked: 0, shorted: 0, shortReason: null, restocked: 0, weightMg: 0 } as const;
  return { sku: substitute, quantity: units, ...nothing, substituteFor: missing };
}

function withProposal(task: PickTask, proposal: Proposal): TaskStep {
  const proposals = task.proposals.map((other) => (other.proposalId === proposal.proposalId ? proposal : other));
  return { ...step({ ...task, proposals }), proposal };
}
