import { RPC_VERSION } from '../../../contracts/actor.ts';
import type { Command } from '../../../contracts/actor.ts';
import type { WithdrawSubstitution } from '../../../contracts/rpc/order.ts';
import type { ItemCard } from '../../../contracts/rpc/store.ts';
import type { Proposal } from '../../../domain/picking/proposal.ts';
import type { Term } from '../../../domain/picking/substitution-score.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import type { Hand } from '../ledger/stock-writer.ts';
import { storeActor } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';

// What the order hears of substitutes, in the lane of all that it hears from the floor.

/** Asks the order whether its customer takes it. */
export function askOrder(
  books: StoreBooks,
  orderId: OrderId,
  proposal: Proposal,
  { card, terms }: { readonly card: ItemCard; readonly terms: readonly Term[] },
  hand: Hand,
): void {
  const { proposalId, missing, substitute, units, answerByMs } = proposal;
  const { name, priceMinor = 0, allergens = null } = card;
  const asked = { proposalId, missing, substitute, units, answerByMs, name, priceMinor, allergens, terms };
  const command = { ...commandOf(books, proposal, 'propose', hand), ...asked };
  books.outbox.call({ to: 'order', id: orderId, method: 'proposeSubstitution', command }, hand.atMs);
}

/** Tells the order that there will be no substitute after all. */
export function withdrawFromOrder(
  books: StoreBooks,
  orderId: OrderId,
  proposal: Proposal,
  reason: WithdrawSubstitution['reason'],
  hand: Hand,
): void {
  const { proposalId } = proposal;
  const command = { ...commandOf(books, proposal, 'withdraw', hand), proposalId, reason };
  books.outbox.call({ to: 'order', id: orderId, method: 'withdrawSubstitution', command }, hand.atMs);
}

/** Each is said once of a proposal, so its name is the operation's. */
function commandOf(
  { storeId }: StoreBooks,
  { proposalId }: Proposal,
  what: 'propose' | 'withdraw',
  { traceparent }: Hand,
): Command {
  return {
    v: RPC_VERSION,
    actor: storeActor(storeId),
    opId: asOpId(`substitution:${proposalId}:${what}`),
    ...(traceparent !== undefined && { traceparent }),
  };
}
