import type { HoldId, OrderId, Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { sameBasket } from './basket-lines.ts';
import type { BasketLine } from './basket-lines.ts';
import type { Account, Movement, MovementKind } from './ledger.ts';

/** A cart hold: long enough to fill a basket and check out. */
export const CART_HOLD_MS = 5 * 60 * 1000;
/** An order hold: the time to pay. */
export const ORDER_HOLD_MS = 10 * 60 * 1000;

interface HoldTerms {
  readonly holdId: HoldId;
  readonly kind: 'cart' | 'order';
  /** Whose it is; a cart hold has no order before it is promoted. */
  readonly orderId: OrderId | null;
  /** A basket: merged and in order of SKU. */
  readonly lines: readonly BasketLine[];
}
type Held = HoldTerms & { readonly status: 'HELD'; readonly expiresAtMs: number };
type Committed = HoldTerms & { readonly status: 'COMMITTED'; readonly orderId: OrderId };
type Ended = HoldTerms & { readonly status: 'RELEASED' | 'EXPIRED' };
export type Hold = Held | Committed | Ended;
export type HoldStatus = Hold['status'];

/** The hold as it is now and the movements that made it so; no movements when nothing changed. */
export interface HoldStep {
  readonly hold: Hold;
  readonly movements: readonly Movement[];
}

export interface Shortage {
  readonly sku: Sku;
  readonly requested: number;
  readonly available: number;
}
export type HoldError =
  | { readonly code: 'INSUFFICIENT_STOCK'; readonly shortages: readonly Shortage[] }
  | { readonly code: 'UNKNOWN_SKU'; readonly skus: readonly Sku[] }
  | { readonly code: 'HOLD_NOT_FOUND' | 'HOLD_EXPIRED' | 'HOLD_RELEASED' | 'HOLD_ID_REUSED' };

export interface HoldRequest extends HoldTerms {
  readonly nowMs: number;
}

/**
 * Holds a basket whole, or names what is short. `accounts` has the SKUs that the store sells. An id that is known already
 * is the same hold asked for again, or another basket under a used id.
 */
export function holdBasket(
  existing: Hold | undefined,
  accounts: ReadonlyMap<Sku, Account>,
  request: HoldRequest,
): Result<HoldStep, HoldError> {
  if (existing !== undefined) return repeat(existing, request);
  const { nowMs, ...terms } = request;
  const unknown = terms.lines.filter(({ sku }) => !accounts.has(sku)).map(({ sku }) => sku);
  if (unknown.length > 0) return err({ code: 'UNKNOWN_SKU', skus: unknown });
  const shortages = terms.lines.flatMap(({ sku, quantity }): Shortage[] => {
    const available = accounts.get(sku)?.level.available ?? 0;
    return quantity <= available ? [] : [{ sku, requested: quantity, available }];
  });
  if (shortages.length > 0) return err({ code: 'INSUFFICIENT_STOCK', shortages });
  const expiresAtMs = nowMs + (terms.kind === 'cart' ? CART_HOLD_MS : ORDER_HOLD_MS);
  return ok({ hold: { ...terms, status: 'HELD', expiresAtMs }, movements: moveAll('held', terms.lines) });
}

/** Gives a cart hold to an order and the time to pay. Only the clock expires a hold, so a late promote still counts. */
export function promoteHold(
  existing: Hold | undefined,
  { orderId, nowMs }: { readonly orderId: OrderId; readonly nowMs: number },
): Result<HoldStep, HoldError> {
  const alive = standing(existing);
  if (!alive.ok) return alive;
  const { value: held } = alive;
  if (held.orderId !== null) return held.orderId === orderId ? ok(unchanged(held)) : err({ code: 'HOLD_ID_REUSED' });
  if (held.status !== 'HELD') return err({ code: 'HOLD_ID_REUSED' });
  return ok(unchanged({ ...held, kind: 'order', orderId, expiresAtMs: nowMs + ORDER_HOLD_MS }));
}

/** Turns a hold into an allocation. Allowed while it is still held, whatever the time: the clock has the last word, not the TTL. */
export function commitHold(
  existing: Hold | undefined,
  { orderId }: { readonly orderId: OrderId },
): Result<HoldStep, HoldError> {
  const alive = standing(existing);
  if (!alive.ok) return alive;
  const { value: held } = alive;
  if (held.orderId !== null && held.orderId !== orderId) return err({ code: 'HOLD_ID_REUSED' });
  if (held.status === 'COMMITTED') return ok(unchanged(held));
  return ok({
    hold: { ...termsOf(held), kind: 'order', orderId, status: 'COMMITTED' },
    movements: moveAll('allocated', held.lines),
  });
}

/**
 * Gives a hold's units back. A release that overtakes its hold leaves a tombstone, so that the hold is refused when it
 * comes. An allocation is not undone here: its units may be picked already, which the pick task knows.
 */
export function releaseHold(
  existing: Hold | undefined,
  { holdId, orderId }: { readonly holdId: HoldId; readonly orderId: OrderId | null },
): HoldStep {
  if (existing === undefined) return unchanged({ holdId, kind: 'order', orderId, lines: [], status: 'RELEASED' });
  if (existing.status !== 'HELD') return unchanged(existing);
  return { hold: { ...termsOf(existing), status: 'RELEASED' }, movements: moveAll('released', existing.lines) };
}

/** The clock's own act; `undefined` when there is nothing (or not yet anything) to expire. */
export function expireHold(existing: Hold | undefined, nowMs: number): HoldStep | undefined {
  if (existing === undefined || existing.status !== 'HELD' || existing.expiresAtMs > nowMs) return undefined;
  return { hold: { ...termsOf(existing), status: 'EXPIRED' }, movements: moveAll('expired', existing.lines) };
}

/** An allocation whose pick task was cancelled holds nothing any more. */
export function withdrawHold(existing: Hold): Hold {
  return { ...termsOf(existing), status: 'RELEASED' };
}

function repeat(existing: Hold, request: HoldRequest): Result<HoldStep, HoldError> {
  // A tombstone knows no basket: it refuses whatever comes under its id.
  if (existing.status === 'RELEASED') return err({ code: 'HOLD_RELEASED' });
  const sameOrder = request.orderId === null || request.orderId === existing.orderId;
  if (!sameOrder || !sameBasket(existing.lines, request.lines)) return err({ code: 'HOLD_ID_REUSED' });
  return existing.status === 'EXPIRED' ? err({ code: 'HOLD_EXPIRED' }) : ok(unchanged(existing));
}

function standing(existing: Hold | undefined): Result<Held | Committed, HoldError> {
  if (existing === undefined) return err({ code: 'HOLD_NOT_FOUND' });
  switch (existing.status) {
    case 'HELD':
    case 'COMMITTED':
      return ok(existing);
    case 'RELEASED':
      return err({ code: 'HOLD_RELEASED' });
    case 'EXPIRED':
      return err({ code: 'HOLD_EXPIRED' });
  }
}

function termsOf({ holdId, kind, orderId, lines }: HoldTerms): HoldTerms {
  return { holdId, kind, orderId, lines };
}

function unchanged(hold: Hold): HoldStep {
  return { hold, movements: [] };
}

function moveAll(kind: MovementKind, lines: readonly BasketLine[]): Movement[] {
  return lines.map(({ sku, quantity }) => ({ kind, sku, quantity }));
}
