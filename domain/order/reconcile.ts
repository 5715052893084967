import { ok } from '../shared/result.ts';
import type { Decision } from './decide.ts';
import type { OrderEvent, OrderState } from './order.ts';
import { refundedMinor } from './refund.ts';

/** The payment of an order as its provider has it, minor units. */
export interface ProviderBooks {
  readonly status: 'PENDING' | 'AUTHORIZED' | 'DECLINED' | 'CAPTURED' | 'VOIDED' | 'REFUNDED';
  readonly providerRef: string;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}
/**
 * AGREED: nothing to do. BUSY: a call is under way, its answer comes first. REPAIRED: money that nobody wants was found with the
 * provider, and goes back. DIFFERS: the books disagree and no rule may decide; for people.
 */
export type Reconciliation = 'AGREED' | 'BUSY' | 'REPAIRED' | 'DIFFERS';

/** Holds an order's books against its provider's; `null` when the provider knows of no payment. Cash has no provider. */
export function reconcile(state: OrderState, books: ProviderBooks | null): Reconciliation {
  if (state.call !== null || state.payment.at === 'PENDING') return 'BUSY';
  const { payment } = state;
  if (payment.at === 'AUTHORIZED' && payment.onDelivery) return 'AGREED';
  if (orphan(state, books) !== null) return 'REPAIRED';
  switch (payment.at) {
    case 'NONE':
    case 'FAILED':
    case 'VOIDED':
    case 'IN_DOUBT':
      return books === null || books.status === 'VOIDED' || books.status === 'DECLINED' ? 'AGREED' : 'DIFFERS';
    case 'AUTHORIZED':
      return books?.status === 'AUTHORIZED' ? 'AGREED' : 'DIFFERS';
    case 'CAPTURED':
    case 'REFUNDED': {
      const goneMinor = payment.at === 'REFUNDED' && state.refunds.length === 0 ? payment.amountMinor : null;
      const backMinor = goneMinor ?? refundedMinor(state, 'source');
      if (books === null || books.refundedMinor !== backMinor) return 'DIFFERS';
      const isTaken = payment.at === 'CAPTURED' ? books.capturedMinor === payment.amountMinor : books.capturedMinor > 0;
      return isTaken ? 'AGREED' : 'DIFFERS';
    }
  }
}

/** The facts that make the order take back what was found. */
export function repair(state: OrderState, books: ProviderBooks | null): Decision<never> {
  const found = reconcile(state, books) === 'REPAIRED' ? orphan(state, books) : null;
  return { events: found === null ? [] : [found], answer: ok(null) };
}

/** Money of a cancelled order that is with the provider though its books say it is not: voided, or given back. */
function orphan({ status, payment }: OrderState, books: ProviderBooks | null): OrderEvent | null {
  if (status !== 'CANCELLED' || books === null) return null;
  if (payment.at !== 'NONE' && payment.at !== 'FAILED' && payment.at !== 'VOIDED') return null;
  if (books.status === 'CAPTURED' && books.refundedMinor === 0) {
    return { type: 'payment.captured', providerRef: books.providerRef, amountMinor: books.capturedMinor };
  }
  // What was voided once and is there again would get the answer of that void: a person looks.
  return books.status === 'AUTHORIZED' && payment.at !== 'VOIDED' ? { type: 'payment.in_doubt' } : null;
}
