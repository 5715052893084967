import { ledgerOf } from '../../domain/money/ledger.ts';
import { replay } from '../../domain/order/evolve.ts';
import { quoteOf } from '../../domain/order/order.ts';
import type { LogEntry, OrderState } from '../../domain/order/order.ts';
import { providerOf } from '../../domain/order/payment-method.ts';
import { ceilingOf } from '../../domain/pricing/totals.ts';

/** One order's money as others have it: its provider, the customer's wallet, and the cash box. Minor units. */
export interface TheirBooks {
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** Payments that took something. */
  readonly captures: number;
  /** Into the wallet, for this order, though it was paid otherwise. */
  readonly creditedMinor: number;
  /** What the wallet's entries add up to less what it says it holds. */
  readonly walletOffMinor: number;
}

/** The same as the order's own log has it. */
export type OurBooks = Pick<TheirBooks, 'authorizedMinor' | 'capturedMinor' | 'refundedMinor' | 'creditedMinor'>;

export function ourBooks(log: readonly LogEntry[]): OurBooks {
  const { payment, refunds } = stateOf(log);
  const toWallet = new Set(refunds.filter(({ to }) => to === 'wallet').map(({ refundId }) => refundId));
  const back = log.flatMap(({ event }) => (event.type === 'payment.refunded' ? [event] : []));
  function backMinor(isToWallet: boolean): number {
    return sum(
      back.filter(({ refundId = '' }) => toWallet.has(refundId) === isToWallet).map(({ amountMinor }) => amountMinor),
    );
  }
  return {
    authorizedMinor: payment.at === 'AUTHORIZED' && !payment.onDelivery ? payment.amountMinor : 0,
    capturedMinor: sum(log.map(({ event }) => (event.type === 'payment.captured' ? event.amountMinor : 0))),
    refundedMinor: backMinor(false),
    creditedMinor: backMinor(true),
  };
}

/** Entries of the log whose postings do not add up to zero, in words. */
export function unbalanced(log: readonly LogEntry[]): readonly string[] {
  return ledgerOf(log).journal.flatMap(({ seq, type, postings }) => {
    const offMinor = sum(postings.map(({ amountMinor }) => amountMinor));
    return offMinor === 0 ? [] : [`entry ${seq}, ${type}, adds up to ${offMinor}`];
  });
}

/** What is wrong with the books of an order that has come to rest, in words; empty when they agree. */
export function judge(log: readonly LogEntry[], theirs: TheirBooks): readonly string[] {
  const state = stateOf(log);
  const ours = ourBooks(log);
  const { balances } = ledgerOf(log);
  const wrong = [...unbalanced(log)];
  function same(what: string, theirMinor: number, ourMinor: number): void {
    if (theirMinor !== ourMinor) wrong.push(`${what}: ${theirMinor} with them, ${ourMinor} with us`);
  }
  if (state.call !== null) wrong.push(`${state.call.step} never ends, after ${state.call.failures} failures`);
  same('authorized', theirs.authorizedMinor - lapsingMinor(log, theirs), ours.authorizedMinor);
  same('captured', theirs.capturedMinor, ours.capturedMinor);
  same('refunded', theirs.refundedMinor, ours.refundedMinor);
  same('credited to the wallet', theirs.creditedMinor, ours.creditedMinor);
  const keptMinor = theirs.capturedMinor - theirs.refundedMinor - theirs.creditedMinor;
  const { clearing, wallet, cash_in_hand: inHand, cash_office: office } = balances;
  same('kept, by the ledger', keptMinor, clearing + wallet + inHand + office);
  if (keptMinor !== dueMinor(state)) wrong.push(`kept ${keptMinor}, and ${dueMinor(state)} is due`);
  if (theirs.captures > 1) wrong.push(`${theirs.captures} payments of one order took money`);
  if (theirs.capturedMinor > ceilingOf(quoteOf(state))) wrong.push('took more than the ceiling');
  if (theirs.refundedMinor + theirs.creditedMinor > theirs.capturedMinor) wrong.push('gave back more than it took');
  if (theirs.walletOffMinor !== 0) wrong.push(`the wallet is off by ${theirs.walletOffMinor}`);
  return wrong;
}

/** Razorpay has no void: what nobody captures goes back by itself, so until then more waits there than we know of. */
export function lapsingMinor(log: readonly LogEntry[], { authorizedMinor }: TheirBooks): number {
  const isRazorpay = providerOf(stateOf(log).terms) === 'razorpay';
  return isRazorpay ? Math.max(0, authorizedMinor - ourBooks(log).authorizedMinor) : 0;
}

/** What the customer should have paid by now and not got back, from the bags and the refunds alone. */
function dueMinor({ terms, packed, cancellation, refunds, collectedMinor }: OrderState): number {
  const isUnpaidCash = providerOf(terms) === 'cod' && collectedMinor === 0;
  if (packed === null || cancellation !== null || isUnpaidCash) return 0;
  const asked = refunds.filter(({ cause }) => cause === 'LINES' || cause === 'AMOUNT');
  return packed.finalMinor - sum(asked.map(({ amountMinor }) => amountMinor));
}

function stateOf(log: readonly LogEntry[]): OrderState {
  const state = replay(log);
  if (state === null) throw new Error('an order without a log');
  return state;
}

export function sum(amounts: readonly number[]): number {
  return amounts.reduce((all, amountMinor) => all + amountMinor, 0);
}
