import type { ChannelId, HoldId, OpId, OrderId, Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { sameBasket } from './basket-lines.ts';
import type { BasketLine } from './basket-lines.ts';
import type { Movement, MovementKind } from './ledger.ts';
import { fencedUnitsOf, saleTermsOf, sellableTo } from './sellable.ts';
import type { ChannelTerms, StockAccount } from './sellable.ts';
import { setsAside } from './store-policy.ts';
import type { StorePolicy } from './store-policy.ts';

/** A cart hold: long enough to fill a basket and check out. Renewable once. */
export const CART_HOLD_MS = 5 * 60 * 1000;
/** An order hold: the time to pay. */
export const ORDER_HOLD_MS = 10 * 60 * 1000;
/** A channel says itself how long its own checkout takes. */
export const CHANNEL_HOLD_MS = { min: 30 * 1000, max: 15 * 60 * 1000 } as const;

/** Units that a hold keeps of one SKU. */
export interface SetAside extends BasketLine {
  /** How many of them were of the channel's own ring-fence. */
  readonly fencedUnits: number;
}

export interface HoldTerms {
  readonly holdId: HoldId;
  /** The operation that asked for it; `null` for a tombstone, which nobody asked for. */
  readonly opId: OpId | null;
  readonly kind: 'cart' | 'order';
  /** Whose order it is; a cart hold has none before it is promoted. */
  readonly orderId: OrderId | null;
  /** Who asked: a customer, a channel or an operator by id, or the order itself; `null` where it was not kept. */
  readonly owner: string | null;
  readonly channel: ChannelId;
  /** How long it was asked for. */
  readonly forMs: number;
  readonly renewed: boolean;
  /** The whole basket: merged and in order of SKU. */
  readonly lines: readonly BasketLine[];
  /** What of it is kept, or was when the hold ended; in order of SKU. */
  readonly setAside: readonly SetAside[];
}
export type Held = HoldTerms & { readonly status: 'HELD'; readonly expiresAtMs: number };
type Committed = HoldTerms & { readonly status: 'COMMITTED'; readonly orderId: OrderId };
type Ended = HoldTerms & { readonly status: 'RELEASED' | 'EXPIRED' };
export type Hold = Held | Committed | Ended;
export type HoldStatus = Hold['status'];

/** The hold as it is now and what made it so: the same hold as before when nothing changed. */
export interface HoldStep<H extends Hold = Hold> {
  readonly hold: H;
  readonly movements: readonly Movement[];
  /** Units that go back to the ring-fence of the hold's channel; below zero: are taken from it. */
  readonly fences: readonly { readonly sku: Sku; readonly units: number }[];
}

export interface Shortage {
  readonly sku: Sku;
  readonly requested: number;
  readonly available: number;
}
export type HoldError =
  | { readonly code: 'INSUFFICIENT_STOCK'; readonly shortages: readonly Shortage[] }
  | { readonly code: 'UNKNOWN_SKU'; readonly skus: readonly Sku[] }
  | { readonly code: 'HOLD_NOT_FOUND' | 'HOLD_EXPIRED' | 'HOLD_RELEASED' | 'HOLD_ID_REUSED' | 'HOLD_NOT_RENEWABLE' };

/** The stock that a basket is taken from: accounts of the SKUs that the store sells, and what channels may take. */
export interface ForSale {
  readonly accounts: ReadonlyMap<Sku, StockAccount>;
  readonly terms: ChannelTerms;
}

export interface HoldRequest extends Omit<HoldTerms, 'opId' | 'renewed' | 'setAside'> {
  readonly opId: OpId;
  /** What decides which lines are set aside; `null`: all of them. */
  readonly policy: StorePolicy | null;
  readonly nowMs: number;
}

/**
 * Holds a basket whole, or names what is short: also a line that the policy does not set aside must be there. An id that is known
 * already is the same hold asked for again, or another basket under a used id.
 */
export function holdBasket(
  existing: Hold | undefined,
  forSale: ForSale,
  request: HoldRequest,
): Result<HoldStep, HoldError> {
  if (existing !== undefined) return repeatHold(existing, request);
  const { nowMs, policy, ...terms } = request;
  const taken = take(forSale, terms.channel, terms.lines, policy);
  if (!taken.ok) return taken;
  const setAside = taken.value;
  return ok({
    hold: { ...terms, renewed: false, setAside, status: 'HELD', expiresAtMs: nowMs + terms.forMs },
    movements: moveAll('held', setAside),
    fences: fencesOf(setAside, -1),
  });
}

/** The answer to a hold whose id is known: what became of it. */
export function repeatHold(
  existing: Hold,
  request: Pick<HoldRequest, 'owner' | 'channel' | 'forMs' | 'lines'>,
): Result<HoldStep, HoldError> {
  // A tombstone knows no basket: it refuses whatever comes under its id.
  const isTombstone = existing.opId === null;
  if (!isTombstone && !sameRequest(existing, request)) return err({ code: 'HOLD_ID_REUSED' });
  const alive = standing(existing);
  return alive.ok ? ok(unchanged(alive.value)) : alive;
}

/** Whether a hold is what this request asks for. */
function sameRequest(
  existing: HoldTerms,
  { owner, channel, forMs, lines }: Pick<HoldRequest, 'owner' | 'channel' | 'forMs' | 'lines'>,
): boolean {
  const sameTerms = existing.owner === owner && existing.channel === channel && existing.forMs === forMs;
  return sameTerms && sameBasket(existing.lines, lines);
}

/** Gives a cart hold its time once more; one time only. Only the clock expires a hold, so a late renewal still counts. */
export function renewHold(existing: Hold | undefined, nowMs: number): Result<HoldStep, HoldError> {
  const alive = standing(existing);
  if (!alive.ok) return alive;
  const { value: held } = alive;
  if (held.status !== 'HELD' || held.kind !== 'cart' || held.renewed) return err({ code: 'HOLD_NOT_RENEWABLE' });
  // A clock that was set back takes nothing of the time that was promised.
  const expiresAtMs = Math.max(held.expiresAtMs, nowMs + held.forMs);
  return ok(unchanged({ ...held, renewed: true, expiresAtMs }));
}

/**
 * Gives a cart hold to an order and the time to pay, and sets aside what was not yet: all of it, or the shortages are named and
 * the cart stays as it is. A late promote still counts, and none takes anything of the time that a channel was promised.
 */
export function promoteHold(
  existing: Hold | undefined,
  forSale: ForSale,
  { orderId, nowMs }: { readonly orderId: OrderId; readonly nowMs: number },
): Result<HoldStep, HoldError> {
  const alive = standing(existing);
  if (!alive.ok) return alive;
  const { value: held } = alive;
  if (held.orderId !== null) return held.orderId === orderId ? ok(unchanged(held)) : err({ code: 'HOLD_ID_REUSED' });
  if (held.status !== 'HELD') return err({ code: 'HOLD_ID_REUSED' });
  const kept = new Set(held.setAside.map(({ sku }) => sku));
  const rest = held.lines.filter(({ sku }) => !kept.has(sku));
  const taken = take(forSale, held.channel, rest, null);
  if (!taken.ok) return taken;
  const setAside = [...held.setAside, ...taken.value].toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
  const expiresAtMs = Math.max(held.expiresAtMs, nowMs + ORDER_HOLD_MS);
  return ok({
    hold: { ...held, kind: 'order', orderId, setAside, expiresAtMs },
    movements: [...moveAll('held', taken.value), ...moveAll('promoted', held.lines)],
    fences: fencesOf(taken.value, -1),
  });
}

/**
 * Turns an order's hold into an allocation, or as much of it as `lines` says; the rest goes back on the shelf. Allowed while it is
 * still held, whatever the time: the clock has the last word, not the TTL.
 */
export function commitHold(
  existing: Hold | undefined,
  { orderId, lines }: { readonly orderId: OrderId; readonly lines?: readonly BasketLine[] | undefined },
): Result<HoldStep, HoldError> {
  const alive = standing(existing);
  if (!alive.ok) return alive;
  const { value: held } = alive;
  // A cart belongs to no order before it is promoted.
  if (held.orderId === null) return err({ code: 'HOLD_NOT_FOUND' });
  if (held.orderId !== orderId) return err({ code: 'HOLD_ID_REUSED' });
  if (held.status === 'COMMITTED') return ok(unchanged(held));
  const wanted = lines ?? held.setAside;
  const kept = new Map(held.setAside.map((line) => [line.sku, line]));
  const shortages = wanted.flatMap(({ sku, quantity }): Shortage[] => {
    const available = kept.get(sku)?.quantity ?? 0;
    return quantity <= available ? [] : [{ sku, requested: quantity, available }];
  });
  if (shortages.length > 0) return err({ code: 'INSUFFICIENT_STOCK', shortages });
  const setAside = wanted.map(({ sku, quantity }) => ({ sku, quantity, fencedUnits: 0 }));
  const rest = restOf(held.setAside, wanted);
  return ok({
    hold: { ...termsOf(held), kind: 'order', orderId, setAside, status: 'COMMITTED' },
    movements: [...moveAll('allocated', setAside), ...moveAll('released', rest)],
    fences: fencesOf(rest, 1),
  });
}

/**
 * Gives a hold's units back. A release that overtakes its hold leaves a tombstone, so that the hold is refused when it
 * comes. An allocation is not undone here: its units may be picked already, which the pick task knows.
 */
export function releaseHold(existing: Hold | undefined, tombstone: Omit<HoldTerms, 'opId'>): HoldStep {
  if (existing === undefined) return unchanged({ ...tombstone, opId: null, status: 'RELEASED' });
  if (existing.status !== 'HELD') return unchanged(existing);
  return ended(existing, 'RELEASED', 'released');
}

/** The clock's own act; `undefined` when there is nothing (or not yet anything) to expire. */
export function expireHold(existing: Hold | undefined, nowMs: number): HoldStep | undefined {
  if (existing === undefined || existing.status !== 'HELD' || existing.expiresAtMs > nowMs) return undefined;
  return ended(existing, 'EXPIRED', 'expired');
}

/** An allocation whose pick task was cancelled holds nothing any more. */
export function withdrawHold(existing: Hold): Hold {
  return { ...termsOf(existing), status: 'RELEASED' };
}

/** What a channel takes of a shelf for a basket: every line must be there, those that the policy names are set aside. */
function take(
  { accounts, terms }: ForSale,
  channel: ChannelId,
  lines: readonly BasketLine[],
  policy: StorePolicy | null,
): Result<readonly SetAside[], HoldError> {
  const unknown = lines.filter(({ sku }) => !accounts.has(sku)).map(({ sku }) => sku);
  if (unknown.length > 0) return err({ code: 'UNKNOWN_SKU', skus: unknown });
  const shortages: Shortage[] = [];
  const setAside: SetAside[] = [];
  for (const { sku, quantity } of lines) {
    const account = accounts.get(sku);
    const sale = saleTermsOf(terms, channel, sku);
    const available = account === undefined ? 0 : sellableTo(channel, account, sale);
    if (quantity > available) shortages.push({ sku, requested: quantity, available });
    else if (policy === null || setsAside(policy, available)) {
      setAside.push({ sku, quantity, fencedUnits: fencedUnitsOf(channel, quantity, sale) });
    }
  }
  return shortages.length > 0 ? err({ code: 'INSUFFICIENT_STOCK', shortages }) : ok(setAside);
}

/** What is left of the kept units once the wanted ones are gone; those use up the ring-fenced ones first. */
function restOf(kept: readonly SetAside[], wanted: readonly BasketLine[]): SetAside[] {
  const taken = new Map(wanted.map(({ sku, quantity }) => [sku, quantity]));
  return kept.flatMap(({ sku, quantity, fencedUnits }) => {
    const used = taken.get(sku) ?? 0;
    if (used === quantity) return [];
    return [{ sku, quantity: quantity - used, fencedUnits: Math.max(0, fencedUnits - used) }];
  });
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

function ended(held: Held, status: Ended['status'], kind: MovementKind): HoldStep {
  return {
    hold: { ...termsOf(held), status },
    movements: moveAll(kind, held.setAside),
    fences: fencesOf(held.setAside, 1),
  };
}

function termsOf(hold: Hold): HoldTerms {
  const { holdId, opId, kind, orderId, owner, channel, forMs, renewed, lines, setAside } = hold;
  return { holdId, opId, kind, orderId, owner, channel, forMs, renewed, lines, setAside };
}

function unchanged(hold: Hold): HoldStep {
  return { hold, movements: [], fences: [] };
}

function moveAll(kind: MovementKind, lines: readonly BasketLine[]): Movement[] {
  return lines.map(({ sku, quantity }) => ({ kind, sku, quantity }));
}

function fencesOf(lines: readonly SetAside[], sign: 1 | -1): HoldStep['fences'] {
  const fenced = lines.filter(({ fencedUnits }) => fencedUnits > 0);
  return fenced.map(({ sku, fencedUnits }) => ({ sku, units: sign * fencedUnits }));
}
