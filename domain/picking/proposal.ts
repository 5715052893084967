import type { Sku, SubstitutionId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import type { Preference } from './substitution.ts';

/** How long a customer may think about a substitute; the picker goes on meanwhile. */
export const ANSWER_MS = 90_000;
/** How much longer the store keeps the units, for an answer that is on its way. */
export const ANSWER_GRACE_MS = 30_000;

/** Substitutes of one order that wait at once: more than anybody answers in that time. */
export const OPEN_PROPOSALS_MAX = 5;

export type ProposalStatus = 'PROPOSED' | 'APPROVED' | 'DECLINED' | 'TIMED_OUT' | 'WITHDRAWN';
/** What becomes of the missing units. */
export type Settlement = 'SUBSTITUTE' | 'REFUND';
/** How the question was answered, by whomever. */
export type ProposalAnswer = 'APPROVED' | 'DECLINED' | 'TIMED_OUT';

/**
 * A substitute shown to the customer, who answers before `answerByMs`. The order decides which answer came first, its own clock's
 * included; the store follows it, and has the last word on whether the units are there.
 */
export interface Proposal {
  readonly proposalId: SubstitutionId;
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
export type ProposalTerms = Pick<Proposal, 'proposalId' | 'missing' | 'substitute' | 'units' | 'answerByMs'>;

/** `changed` is false when the step had been taken before. */
export interface ProposalStep {
  readonly proposal: Proposal;
  readonly changed: boolean;
}

/** It ended another way before; `settlement` is what came of it, null after it was withdrawn. */
export interface ProposalOver {
  readonly code: 'PROPOSAL_OVER';
  readonly status: Exclude<ProposalStatus, 'PROPOSED'>;
  readonly settlement: Settlement | null;
  readonly answerByMs: number;
}
/** The customer wants no substitute: none may even be shown. */
export interface SubstitutionBarred {
  readonly code: 'SUBSTITUTION_BARRED';
  readonly by: 'do_not_substitute' | 'refund';
}

/** Shows a substitute to the customer. */
export function propose(
  { proposalId, missing, substitute, units, answerByMs }: ProposalTerms,
  preference: Preference | null,
): Result<Proposal, SubstitutionBarred> {
  const kind = preference?.kind;
  if (kind === 'do_not_substitute' || kind === 'refund') return err({ code: 'SUBSTITUTION_BARRED', by: kind });
  const terms = { proposalId, missing, substitute, units, answerByMs };
  return ok({ ...terms, onSilence: silenceOf(preference), status: 'PROPOSED', endedAtMs: null });
}

/**
 * What no answer means. Who left the choice to the picker, or named articles, has agreed beforehand, and silence does not undo that;
 * who said nothing beforehand and says nothing now gets the money back.
 */
export function silenceOf(preference: Preference | null): Settlement {
  return preference?.kind === 'best_match' || preference?.kind === 'specific' ? 'SUBSTITUTE' : 'REFUND';
}

/** The customer's answer. It counts until `answerByMs`, whether or not the alarm has gone off; the same one twice is one. */
export function answerProposal(
  proposal: Proposal,
  answer: 'APPROVED' | 'DECLINED',
  nowMs: number,
): Result<ProposalStep, ProposalOver> {
  const current = timeOutProposal(proposal, nowMs).proposal;
  const { status, answerByMs } = current;
  if (status === answer) return ok({ proposal: current, changed: false });
  if (status === 'PROPOSED') return ok(ended(proposal, answer, nowMs));
  return err({ code: 'PROPOSAL_OVER', status, settlement: settlementOf(current), answerByMs });
}

/** What the order's clock makes of it: nothing before `answerByMs`, nothing once it is over. */
export function timeOutProposal(proposal: Proposal, nowMs: number): ProposalStep {
  const { status, answerByMs } = proposal;
  if (status !== 'PROPOSED' || nowMs < answerByMs) return { proposal, changed: false };
  // The answer was due then, however late the alarm is.
  return ended(proposal, 'TIMED_OUT', answerByMs);
}

/** The store takes over how it was answered; one that it had withdrawn before stays withdrawn. */
export function settleProposal(proposal: Proposal, answer: ProposalAnswer, nowMs: number): ProposalStep {
  return proposal.status === 'PROPOSED' ? ended(proposal, answer, nowMs) : { proposal, changed: false };
}

/** The units are not to be had any more, or the order is not: whatever was agreed, there is no substitute. */
export function withdrawProposal(proposal: Proposal, nowMs: number): ProposalStep {
  return mayStillBring(proposal) ? ended(proposal, 'WITHDRAWN', nowMs) : { proposal, changed: false };
}

/** When the store stops waiting for an answer. */
export function lapsesAtMs({ answerByMs }: Pick<Proposal, 'answerByMs'>): number {
  return answerByMs + ANSWER_GRACE_MS;
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

/** Whether the substitute comes, or may yet. */
export function mayStillBring(proposal: Pick<Proposal, 'status' | 'onSilence'>): boolean {
  return proposal.status === 'PROPOSED' || settlementOf(proposal) === 'SUBSTITUTE';
}

function ended(proposal: Proposal, status: Exclude<ProposalStatus, 'PROPOSED'>, atMs: number): ProposalStep {
  return { proposal: { ...proposal, status, endedAtMs: atMs }, changed: true };
}
