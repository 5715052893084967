import type { ProposalView, SubstituteCandidates } from '../../../contracts/ws/tablet.ts';
import { toTimestamp } from '../../../contracts/wire.ts';
import type { PickTask } from '../../../domain/picking/pick-task.ts';
import { settlementOf } from '../../../domain/picking/proposal.ts';
import type { Proposal } from '../../../domain/picking/proposal.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import type { ShelfCard } from '../goods/item-cards.ts';
import type { SubstituteRanking } from './substitute-shelf.ts';

/** A proposal as a tablet shows it. */
export function proposalView(proposal: Proposal, cards: ReadonlyMap<Sku, ShelfCard>): ProposalView {
  const { proposalId, missing: sku, substitute, units: quantity, status, answerByMs, onSilence } = proposal;
  const { name = substitute, bin = '' } = cards.get(substitute) ?? {};
  const settlement = settlementOf(proposal);
  const expiresAt = toTimestamp(answerByMs);
  return { proposalId, sku, substitute, name, bin, quantity, status, settlement, expiresAt, onSilence };
}

/** Candidates as a tablet lists them. What a customer must avoid stays unsaid: that a rule forbids an article is enough to know. */
export function candidatesView(
  { orderId: taskId }: PickTask,
  sku: Sku,
  quantity: number,
  { substitutes, cards }: SubstituteRanking,
): SubstituteCandidates {
  const { barredBy, ranked, ruledOut, ruledOutTotal } = substitutes;
  return {
    taskId,
    sku,
    quantity,
    barredBy,
    candidates: ranked.map((candidate) => {
      const { name = candidate.sku, bin = '' } = cards.get(candidate.sku) ?? {};
      return { ...candidate, name, bin };
    }),
    ruledOut: ruledOut.map((out) => ({ sku: out.sku, why: out.why })),
    ruledOutTotal,
  };
}
