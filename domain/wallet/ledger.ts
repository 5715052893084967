import type { OrderId } from '../shared/ids.ts';

/** Where a wallet's money is, and outside of it where it came from and went. */
export type Account = 'available' | 'reserved' | 'top_up' | 'refund' | `order:${OrderId}`;

export interface Posting {
  readonly account: Account;
  /** Minor units; above zero: into the account. */
  readonly amountMinor: number;
}
export type EntryKind = 'credited' | 'reserved' | 'captured' | 'voided' | 'refunded';

/** One movement of money: its postings sum to zero, so that nothing comes from nowhere. */
export interface Entry {
  readonly kind: EntryKind;
  readonly orderId: OrderId | null;
  readonly postings: readonly Posting[];
}

export function isBalanced({ postings }: Entry): boolean {
  return postings.reduce((sum, { amountMinor }) => sum + amountMinor, 0) === 0;
}

/** What the postings of an entry put into one account; below zero: took from it. */
export function postedTo({ postings }: Entry, account: Account): number {
  return postings.reduce((sum, posting) => (posting.account === account ? sum + posting.amountMinor : sum), 0);
}
