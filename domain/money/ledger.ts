import { evolve } from '../order/evolve.ts';
import { quoteOf } from '../order/order.ts';
import type { LogEntry, OrderState } from '../order/order.ts';
import { providerOf } from '../order/payment-method.ts';

/**
 * Where the money of an order is, and what it was for. `customer`: what the customer owes us, below zero what we owe the customer.
 * `clearing`: with the payment provider. `wallet`: our debt to the customer's wallet. `cash_in_hand`: with the courier;
 * `cash_office`: counted and handed in. The others are what was earned, and `refunds` what of it was given back.
 */
const NOTHING = {
  customer: 0,
  clearing: 0,
  wallet: 0,
  cash_in_hand: 0,
  cash_office: 0,
  sales: 0,
  discounts: 0,
  small_cart_fees: 0,
  delivery_fees: 0,
  surge_fees: 0,
  tax: 0,
  tips: 0,
  refunds: 0,
};
export type Account = keyof typeof NOTHING;

/** Minor units of the order's one currency; a debit is above zero, a credit below. */
export interface Posting {
  readonly account: Account;
  readonly amountMinor: number;
}
/** What one entry of the log means in money. The postings add up to zero. */
export interface JournalEntry {
  /** Of the entry in the order's log. */
  readonly seq: number;
  readonly atMs: number;
  readonly type: string;
  readonly postings: readonly Posting[];
}
export type Balances = { readonly [A in Account]: number };

/** An order's books. They have no memory of their own: the same log gives the same books. */
export interface Ledger {
  readonly currency: string;
  readonly balances: Balances;
  readonly journal: readonly JournalEntry[];
}

/** What the order earned: taken back when it is cancelled. */
const EARNED = [
  'sales',
  'discounts',
  'small_cart_fees',
  'delivery_fees',
  'surge_fees',
  'tax',
  'tips',
  'refunds',
] as const;

/** The books of an order, from its whole log. Throws on an empty one. */
export function ledgerOf(log: readonly LogEntry[]): Ledger {
  const journal: JournalEntry[] = [];
  let balances: Balances = NOTHING;
  let state: OrderState | null = null;
  for (const entry of log) {
    state = evolve(state, entry);
    const postings = postingsOf(state, entry, balances).filter(({ amountMinor }) => amountMinor !== 0);
    if (postings.length === 0) continue;
    journal.push({ seq: entry.seq, atMs: entry.atMs, type: entry.event.type, postings });
    balances = post(balances, postings);
  }
  if (state === null) throw new Error('an order without a log has no books');
  return { currency: quoteOf(state).currency, balances, journal };
}

function post(balances: Balances, postings: readonly Posting[]): Balances {
  const after: { [A in Account]: number } = { ...balances };
  for (const { account, amountMinor } of postings) after[account] += amountMinor;
  return after;
}

function postingsOf(state: OrderState, { event }: LogEntry, balances: Balances): readonly Posting[] {
  if (event.type === 'order.ready') return sold(state);
  if (event.type === 'overweight.approved') return soldAnew(state, balances);
  if (event.type === 'order.cancelled') return unsold(balances);
  if (event.type === 'payment.captured') {
    return [debit(fundsOf(state), event.amountMinor), credit('customer', event.amountMinor)];
  }
  if (event.type === 'refund.requested') {
    // What was never owed goes back without a word in what was earned.
    if (event.cause === 'CANCELLED' || event.cause === 'OVERCHARGED') return [];
    return [debit('refunds', event.amountMinor), credit('customer', event.amountMinor)];
  }
  if (event.type === 'payment.refunded') {
    const to = state.refunds.find(({ refundId }) => refundId === event.refundId)?.to ?? 'source';
    const from = to === 'wallet' ? 'wallet' : fundsOf(state);
    return [debit('customer', event.amountMinor), credit(from, event.amountMinor)];
  }
  if (event.type === 'cash.handed_in') {
    return [debit('cash_office', event.amountMinor), credit('cash_in_hand', event.amountMinor)];
  }
  return [];
}

/** What is in the bags is owed from the moment they are closed. */
function sold({ packed }: OrderState): readonly Posting[] {
  if (packed === null) return [];
  const { charge, finalMinor } = packed;
  const containedTaxMinor = charge.taxIncluded ? charge.taxMinor : 0;
  return [
    debit('customer', finalMinor),
    debit('discounts', charge.discountMinor),
    credit('sales', charge.itemsMinor - containedTaxMinor),
    credit('small_cart_fees', charge.smallCartFeeMinor),
    credit('delivery_fees', charge.deliveryFeeMinor),
    credit('surge_fees', charge.surgeFeeMinor),
    credit('tax', charge.taxMinor),
    credit('tips', charge.tipMinor),
  ];
}

/** The same bags for more: what was sold is taken back and sold at the new charge. */
function soldAnew(state: OrderState, balances: Balances): readonly Posting[] {
  const after = sold(state);
  const changes = [...new Set(after.map(({ account }) => account))].map((account) => {
    const newMinor = after.reduce((sum, posting) => (posting.account === account ? sum + posting.amountMinor : sum), 0);
    return debit(account, newMinor - balances[account]);
  });
  const earned = changes.filter(({ account }) => account !== 'customer');
  return [
    ...earned,
    credit(
      'customer',
      earned.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
    ),
  ];
}

/** A cancelled order has sold nothing, whatever was packed or given back before. */
function unsold(balances: Balances): readonly Posting[] {
  const taken = EARNED.map((account) => credit(account, balances[account]));
  return [
    ...taken,
    debit(
      'customer',
      EARNED.reduce((sum, account) => sum + balances[account], 0),
    ),
  ];
}

function fundsOf({ terms }: OrderState): Account {
  switch (providerOf(terms)) {
    case 'cod':
      return 'cash_in_hand';
    case 'wallet':
      return 'wallet';
    case 'stripe':
    case 'razorpay':
    case 'sandbox':
      return 'clearing';
  }
}

function debit(account: Account, amountMinor: number): Posting {
  return { account, amountMinor };
}

function credit(account: Account, amountMinor: number): Posting {
  return { account, amountMinor: -amountMinor };
}
