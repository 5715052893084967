import type { Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import type { Preference } from './substitution.ts';

/** How long a customer may think about a substitute; the picker goes on meanwhile. */
export const ANSWER_MS = 90_000;

export type ProposalStatus = 'PROPOSED' | 'APPROVED' | 'DECLINED' | 'TIMED_OUT' | 'WITHDRAWN';
/** What becomes of the missing units. */
export type Settlement = 'SUBSTITUTE' | 'REFUND';

/** A substitute shown to the customer, who answers before `answerByMs`. Only the store's clock ends it. */
export interface Proposal {
  readonly missing: Sku;
  readonly substitute: Sku;
  readonly units: number;
  readonly answerByMs: number;
  /** What no answer means. It was the customer's choice beforehand, so it is fixed with the proposal. */
  readonly onSilence: Settlement;
  readonly status: ProposalStatus;
  /** When it stopped being open; null while it is. */
  readonly endedAtMs: number | null;
}

/** `changed` is false when the step had been taken before. */
export interface ProposalStep {
  readonly proposal: Proposal;
  readonly changed: boolean;
}

export type ProposalError =
  /** The customer wants no substitute: none may even be shown. */
  | { readonly code: 'SUBSTITUTION_BARRED'; readonly by: 'do_not_substitute' | 'refund' }
  /** It ended another way before; `settlement` is what came of it, null after it was withdrawn. */
  | {
      readonly code: 'PROPOSAL_OVER';
      readonly status: Exclude<ProposalStatus, 'PROPOSED'>;
      readonly settlement: Settlement | null;
      readonly answerByMs: number;
    };

/**
 * Shows a substitute to the customer. Who left the choice to the picker, or named articles, has agreed beforehand, and silence
 * does not undo that; who said nothing beforehand and says nothing now gets the money back.
 */
export function propose(
  terms: Pick<Proposal, 'missing' | 'substitute' | 'units'>,
  preference: Preference | null,
  nowMs: number,
): Result<Proposal, ProposalError> {
  const kind = preference?.kind;
  if (kind === 'do_not_substitute' || kind === 'refund') return err({ code: 'SUBSTITUTION_BARRED', by: kind });
  const { missing, substitute, units } = terms;
  return ok({
    missing,
    substitute,
    units,
    answerByMs: nowMs + ANSWER_MS,
    onSilence: preference === null ? 'REFUND' : 'SUBSTITUTE',
    status: 'PROPOSED',
    endedAtMs: null,
  });
}

/** The customer's answer. It counts until `answerByMs`, whether or not the alarm has gone off; the same one twice is one. */
export function answerProposal(
  proposal: Proposal,
  answer: 'APPROVED' | 'DECLINED',
  nowMs: number,
): Result<ProposalStep, ProposalError> {
  return end(proposal, answer, nowMs);
}

/** The question is moot: the article was found after all, or the order was cancelled. */
export function withdrawProposal(proposal: Proposal, nowMs: number): Result<ProposalStep, ProposalError> {
  return end(proposal, 'WITHDRAWN', nowMs);
}

/** What the clock makes of it: nothing before `answerByMs`, nothing once it is over. */
export function timeOutProposal(proposal: Proposal, nowMs: number): ProposalStep {
  const { status, answerByMs } = proposal;
  if (status !== 'PROPOSED' || nowMs < answerByMs) return { proposal, changed: false };
  // The answer was due then, however late the alarm is.
  return { proposal: { ...proposal, status: 'TIMED_OUT', endedAtMs: answerByMs }, changed: true };
}

/** What becomes of the missing units; null while nobody knows, and after a withdrawal. */
export function settlementOf({ status, onSilence }: Pick<Proposal, 'status' | 'onSilence'>): Settlement | null {
  switch (status) {
    case 'APPROVED':
      return 'SUBSTITUTE';
    case 'DECLINED':
      return 'REFUND';
    case 'TIMED_OUT':
      return onSilence;
    case 'PROPOSED':
    case 'WITHDRAWN':
      return null;
  }
}

function end(
  proposal: Proposal,
  status: 'APPROVED' | 'DECLINED' | 'WITHDRAWN',
  nowMs: number,
): Result<ProposalStep, ProposalError> {
  const current = timeOutProposal(proposal, nowMs).proposal;
  if (current.status === status) return ok({ proposal: current, changed: false });
  if (current.status === 'PROPOSED') {
    return ok({ proposal: { ...proposal, status, endedAtMs: nowMs }, changed: true });
  }
  return err({
    code: 'PROPOSAL_OVER',
    status: current.status,
    settlement: settlementOf(current),
    answerByMs: current.answerByMs,
  });
}
