import { invariant } from '../shared/assert.ts';
import type { Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { conservationGap, NO_STOCK, PLACES, SOURCES } from './stock-level.ts';
import type { Bucket, Place, StockLevel } from './stock-level.ts';

/** What each kind of movement takes units from and where it puts them. A source is only counted: its units come from outside. */
export const ROUTES = {
  received: { from: 'received', to: 'available' },
  adjusted: { from: 'adjusted', to: 'available' },
  held: { from: 'available', to: 'held' },
  released: { from: 'held', to: 'available' },
  expired: { from: 'held', to: 'available' },
  allocated: { from: 'held', to: 'allocated' },
  deallocated: { from: 'allocated', to: 'available' },
  picked: { from: 'allocated', to: 'picked' },
  restocked: { from: 'picked', to: 'available' },
  sold: { from: 'picked', to: 'sold' },
} as const satisfies Record<string, { readonly from: Bucket; readonly to: Place }>;

/** Past tense: a movement is a fact, and `stock.<kind>` is its event. */
export type MovementKind = keyof typeof ROUTES;

export interface Movement {
  readonly kind: MovementKind;
  readonly sku: Sku;
  /** Whole units, 1 or more; only an adjustment may be below zero. */
  readonly quantity: number;
}

/** What the ledger knows of a SKU: its level and how many movements led there. */
export interface Account {
  readonly level: StockLevel;
  readonly sequence: number;
}
const NO_ACCOUNT: Account = { level: NO_STOCK, sequence: 0 };

/** A movement in its place: the n-th of its SKU, with the balance after it. */
export type Posted<M extends Movement> = M & { readonly sequence: number; readonly after: StockLevel };

/** A movement that would take more than there is. */
export interface Overdraw {
  readonly code: 'OVERDRAWN';
  readonly kind: MovementKind;
  readonly sku: Sku;
  readonly quantity: number;
  /** Units in the bucket that the movement takes from. */
  readonly left: number;
}

/** The level after one movement. Nothing is clamped: a movement that would leave a bucket below zero is refused. */
export function applyMovement(level: StockLevel, movement: Movement): Result<StockLevel, Overdraw> {
  const { kind, sku, quantity } = movement;
  invariant(Number.isSafeInteger(quantity), `${quantity} of ${sku} is not a whole number of units`);
  invariant(quantity > 0 || (kind === 'adjusted' && quantity < 0), `${kind} ${quantity} of ${sku} moves nothing`);
  const { from, to } = ROUTES[kind];
  const enters = from === 'received' || from === 'adjusted';
  const after = { ...level, [from]: level[from] + (enters ? quantity : -quantity), [to]: level[to] + quantity };
  const drained = enters ? to : from;
  if (after[drained] < 0) return err({ code: 'OVERDRAWN', kind, sku, quantity, left: level[drained] });
  invariant(conservationGap(after) === conservationGap(level), `${kind} ${quantity} of ${sku} loses units`);
  return ok(after);
}

/** Posts movements in order, all of them or none; a SKU that has no account yet starts empty. */
export function post<M extends Movement>(
  accounts: ReadonlyMap<Sku, Account>,
  movements: readonly M[],
): Result<readonly Posted<M>[], Overdraw> {
  const current = new Map(accounts);
  const posted: Posted<M>[] = [];
  for (const movement of movements) {
    const account = current.get(movement.sku) ?? NO_ACCOUNT;
    const after = applyMovement(account.level, movement);
    if (!after.ok) return after;
    const sequence = account.sequence + 1;
    current.set(movement.sku, { level: after.value, sequence });
    posted.push({ ...movement, sequence, after: after.value });
  }
  return ok(posted);
}

/** The level that a SKU's history adds up to, from the units moved by kind: what its stored level must equal. */
export function levelOf(unitsByKind: ReadonlyMap<MovementKind, number>): StockLevel {
  const level: { -readonly [B in Bucket]: number } = { ...NO_STOCK };
  for (const [kind, units] of unitsByKind) {
    const { from, to } = ROUTES[kind];
    level[from] += from === 'received' || from === 'adjusted' ? units : -units;
    level[to] += units;
  }
  return level;
}

/** Units by which a stored level differs from what its history adds up to, over all buckets; 0 when they agree. */
export function differenceUnits(stored: StockLevel, history: StockLevel): number {
  return [...SOURCES, ...PLACES].reduce((units, bucket) => units + Math.abs(stored[bucket] - history[bucket]), 0);
}
