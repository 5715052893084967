import type { HoldRefusal } from '../../../contracts/rpc/store.ts';
import { holdBasket, releaseHold } from '../../../domain/inventory/hold.ts';
import type { HoldStep } from '../../../domain/inventory/hold.ts';
import { APP_CHANNEL } from '../../../domain/inventory/sellable.ts';
import { lapsesAtMs } from '../../../domain/picking/proposal.ts';
import type { Proposal } from '../../../domain/picking/proposal.ts';
import { asHoldId, asOpId, ID_PREFIXES } from '../../../domain/shared/ids.ts';
import type { HoldId, OrderId, SubstitutionId } from '../../../domain/shared/ids.ts';
import { err } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { expireDue } from '../holds/hold-expiry.ts';
import { writeHoldStep } from '../holds/hold-writes.ts';
import { withholdClosed } from '../goods/lot-closing.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';
import { holdRefusal } from '../store-refusals.ts';
import type { StoreBooks } from '../store-books.ts';

// The units of a proposed substitute are an order's hold like any other: the clock ends it, a count may, and the auditor sees it.

/** The hold that keeps a proposal's units has the proposal's own number. */
export function holdIdOf(proposalId: SubstitutionId): HoldId {
  return asHoldId(proposalId.replace(ID_PREFIXES.SubstitutionId, ID_PREFIXES.HoldId));
}

/** To be called before the shelf is looked at for a promise: what is over is given back, what may not be sold is kept back. */
export function tidyShelf(books: StoreBooks, { substitute }: Pick<Proposal, 'substitute'>, nowMs: number): void {
  const over = books.holds.earliestExpiry();
  if (over !== null && over <= nowMs) expireDue(books, nowMs);
  withholdClosed(books, [substitute], nowMs);
}

/** Decides to set the units aside until the store stops waiting; refused when there are fewer. Writes nothing. */
export function setUnitsAside(
  books: StoreBooks,
  orderId: OrderId,
  proposal: Proposal,
  nowMs: number,
): Result<HoldStep, HoldRefusal> {
  const { proposalId, substitute, units } = proposal;
  const holdId = holdIdOf(proposalId);
  const forSale = { accounts: books.stock.accounts([substitute]), terms: books.policies.terms([substitute]) };
  const held = holdBasket(undefined, forSale, {
    holdId,
    opId: asOpId(`hold:${holdId}`),
    kind: 'order',
    orderId,
    owner: orderId,
    channel: APP_CHANNEL,
    forMs: lapsesAtMs(proposal) - nowMs,
    lines: [{ sku: substitute, quantity: units }],
    policy: null,
    nowMs,
  });
  return held.ok ? held : err(holdRefusal(held.error));
}

/** Gives the units back, if they are still kept. */
export function giveUnitsBack(books: StoreBooks, proposalId: SubstitutionId, cause: Cause, hand: Hand): void {
  const kept = books.holds.find(holdIdOf(proposalId));
  if (kept?.status === 'HELD') writeHoldStep(books, releaseHold(kept, kept), cause, hand);
}
