import type { Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { paidUnits } from './charge.ts';
import type { PaidUnits } from './charge.ts';
import type { Decision } from './decide.ts';
import { quoteOf } from './order.ts';
import type { OrderEvent, OrderState } from './order.ts';
import { providerOf } from './payment-method.ts';

/**
 * Why money goes back. CANCELLED: all that is left, with the order. OVERCHARGED: more was taken than is owed for what is in the bags.
 * LINES, AMOUNT: somebody asked for it.
 */
export type RefundCause = 'CANCELLED' | 'OVERCHARGED' | 'LINES' | 'AMOUNT';
/** Back the way it came, or into the customer's wallet. */
export type RefundTo = 'source' | 'wallet';

/** Units of an article that are given back, with what was paid for them, minor units. */
export interface RefundedLine {
  readonly sku: Sku;
  readonly quantity: number;
  readonly amountMinor: number;
}

/** Money on its way back: asked of the provider, one after the other, until each is done. */
export interface Refund {
  /** Made by whoever asked: the same id is the same refund. */
  readonly refundId: string;
  readonly amountMinor: number;
  readonly cause: RefundCause;
  readonly to: RefundTo;
  readonly reason: string;
  readonly lines: readonly RefundedLine[];
  readonly requestedAtMs: number;
  /** `null` until the money is back. */
  readonly doneAtMs: number | null;
}

/** Refunds of one order: far above any quarrel, and a bound of its log. */
export const REFUNDS_MAX = 50;

export type RefundWish = {
  readonly refundId: string;
  readonly to: RefundTo;
  readonly reason: string;
} & (
  | { readonly amountMinor: number; readonly currency: string }
  | { readonly lines: readonly { readonly sku: Sku; readonly quantity: number }[] }
);

export type RefundError =
  /** What is owed is not known before the bags are packed: an order is cancelled until then. */
  | { readonly code: 'NOTHING_TO_REFUND'; readonly packed: boolean }
  | { readonly code: 'CURRENCY_MISMATCH'; readonly currency: string; readonly wanted: string }
  | { readonly code: 'CASH_GOES_TO_WALLET' }
  | { readonly code: 'REFUND_TOO_HIGH'; readonly wantedMinor: number; readonly refundableMinor: number }
  | { readonly code: 'LINE_NOT_REFUNDABLE'; readonly sku: Sku; readonly quantity: number; readonly left: number }
  | { readonly code: 'TOO_MANY_REFUNDS'; readonly max: number };

/** What was taken and is not promised back yet, minor units. */
export function refundableMinor({ payment, refunds }: OrderState): number {
  return payment.at === 'CAPTURED' ? payment.amountMinor - sumOf(refunds) : 0;
}

/** What is back already, minor units; with `to`, that way only. */
export function refundedMinor({ refunds }: Pick<OrderState, 'refunds'>, to?: RefundTo): number {
  return sumOf(refunds.filter((back) => back.doneAtMs !== null && (to === undefined || back.to === to)));
}

/** The refund that is asked for now, with its number counted from 1; `null` when all are done. */
export function openRefund({ refunds }: OrderState): { readonly refund: Refund; readonly number: number } | null {
  const index = refunds.findIndex(({ doneAtMs }) => doneAtMs === null);
  const open = refunds[index];
  return open === undefined ? null : { refund: open, number: index + 1 };
}

/** Somebody gives money back: by line at what was paid for it, or an amount. Nothing is clamped. */
export function refund(state: OrderState, wish: RefundWish): Decision<RefundError> {
  if (state.refunds.some(({ refundId }) => refundId === wish.refundId)) return done([]);
  const { payment, packed, terms } = state;
  if (packed === null || payment.at !== 'CAPTURED') {
    return refused({ code: 'NOTHING_TO_REFUND', packed: packed !== null });
  }
  if (state.refunds.length >= REFUNDS_MAX) return refused({ code: 'TOO_MANY_REFUNDS', max: REFUNDS_MAX });
  const provider = providerOf(terms);
  if (provider === 'cod' && wish.to === 'source') return refused({ code: 'CASH_GOES_TO_WALLET' });
  const priced = priceWish(state, wish);
  if (!priced.ok) return refused(priced.error);
  const { amountMinor, lines } = priced.value;
  const leftMinor = refundableMinor(state);
  if (amountMinor < 1 || amountMinor > leftMinor) {
    return refused({ code: 'REFUND_TOO_HIGH', wantedMinor: amountMinor, refundableMinor: leftMinor });
  }
  const { refundId, reason } = wish;
  // What was paid from the wallet goes back there either way, as a part of that payment.
  const to = provider === 'wallet' ? 'source' : wish.to;
  const cause = lines.length === 0 ? 'AMOUNT' : 'LINES';
  return done([
    { type: 'refund.requested', refundId, amountMinor, cause, to, reason, ...(lines.length > 0 && { lines }) },
  ]);
}

interface Priced {
  readonly amountMinor: number;
  readonly lines: readonly RefundedLine[];
}

function priceWish(state: OrderState, wish: RefundWish): Result<Priced, RefundError> {
  if ('amountMinor' in wish) {
    const { currency } = quoteOf(state);
    if (wish.currency !== currency) return err({ code: 'CURRENCY_MISMATCH', currency, wanted: wish.currency });
    return ok({ amountMinor: wish.amountMinor, lines: [] });
  }
  const wanted = new Map<Sku, number>();
  for (const { sku, quantity } of wish.lines) wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
  const lines: RefundedLine[] = [];
  for (const [sku, quantity] of wanted) {
    const before = refundedUnits(state, sku);
    const paid = paidUnits(state, sku);
    const left = paid.quantity - before;
    if (quantity < 1 || quantity > left) return err({ code: 'LINE_NOT_REFUNDABLE', sku, quantity, left });
    const amountMinor = shareMinor(paid, before + quantity) - shareMinor(paid, before);
    lines.push({ sku, quantity, amountMinor });
  }
  return ok({ amountMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0), lines });
}

/** Of what was paid for all units, what falls on the first so many: unit by unit they add up to exactly all of it. */
function shareMinor({ quantity, paidMinor }: PaidUnits, units: number): number {
  return Math.floor((paidMinor * units) / quantity);
}

function refundedUnits({ refunds }: OrderState, sku: Sku): number {
  const given = refunds.flatMap(({ lines }) => lines.filter((line) => line.sku === sku));
  return given.reduce((units, { quantity }) => units + quantity, 0);
}

/** With a cancelled order all that is left goes back. */
export function refundOfAll(state: OrderState): OrderEvent | null {
  const leftMinor = refundableMinor(state);
  return leftMinor > 0 ? requested(state, leftMinor, 'CANCELLED') : null;
}

/** Of a payment that took more than is owed for what is in the bags, the difference goes back. */
export function refundOfSurplus(state: OrderState): OrderEvent | null {
  const { payment, packed, refunds } = state;
  if (packed === null || payment.at !== 'CAPTURED') return null;
  const givenBackMinor = sumOf(refunds.filter(({ cause }) => cause === 'OVERCHARGED'));
  const surplusMinor = payment.amountMinor - givenBackMinor - packed.finalMinor;
  return surplusMinor > 0 ? requested(state, surplusMinor, 'OVERCHARGED') : null;
}

function requested(state: OrderState, amountMinor: number, cause: 'CANCELLED' | 'OVERCHARGED'): OrderEvent {
  const refundId = `${state.terms.orderId}:refund:${state.refunds.length + 1}`;
  const reason = cause === 'CANCELLED' ? 'The order was cancelled.' : 'Less came than was paid for.';
  return { type: 'refund.requested', refundId, amountMinor, cause, to: 'source', reason };
}

/** Whether everything that was taken for goods that came is back. */
export function isGivenBack({ payment, packed }: OrderState): boolean {
  return payment.at === 'REFUNDED' && (packed?.finalMinor ?? 0) > 0;
}

function sumOf(refunds: readonly Refund[]): number {
  return refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

function done(events: readonly OrderEvent[]): Decision<never> {
  return { events, answer: ok(null) };
}

function refused(error: RefundError): Decision<RefundError> {
  return { events: [], answer: err(error) };
}
