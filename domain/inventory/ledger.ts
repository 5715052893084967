import { invariant } from '../shared/assert.ts';
import type { Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { conservationGap, NO_STOCK, PLACES, SOURCES } from './stock-level.ts';
import type { Bucket, Place, StockLevel } from './stock-level.ts';

/**
 * What each kind of movement takes units from and where it puts them. A source is only counted: its units come from outside.
 * `promoted` and `packed` move nothing: they are steps that the ledger tells of.
 */
export const ROUTES = {
  received: { from: 'received', to: 'available' },
  /** A correction by hand, up or down. */
  adjusted: { from: 'adjusted', to: 'available' },
  /** The variance of a cycle count, up or down. */
  counted: { from: 'adjusted', to: 'available' },
  transferred_in: { from: 'transferredIn', to: 'available' },
  transferred_out: { from: 'available', to: 'transferredOut' },
  /** Set aside as not to be sold: in doubt, expired or recalled. */
  blocked: { from: 'available', to: 'blocked' },
  unblocked: { from: 'blocked', to: 'available' },
  /** Damage, expiry or theft, from the shelf. */
  written_off: { from: 'available', to: 'writtenOff' },
  /** The same for units that were blocked before. */
  discarded: { from: 'blocked', to: 'writtenOff' },
  held: { from: 'available', to: 'held' },
  released: { from: 'held', to: 'available' },
  expired: { from: 'held', to: 'available' },
  promoted: { from: 'held', to: 'held' },
  allocated: { from: 'held', to: 'allocated' },
  deallocated: { from: 'allocated', to: 'available' },
  picked: { from: 'allocated', to: 'picked' },
  /** A short pick: the shelf did not have what was allocated; the units stay in doubt until they are counted. */
  shorted: { from: 'allocated', to: 'blocked' },
  packed: { from: 'picked', to: 'picked' },
  /** Back from the bag or the tote to the shelf. */
  restocked: { from: 'picked', to: 'available' },
  sold: { from: 'picked', to: 'sold' },
} as const satisfies Record<string, { readonly from: Bucket; readonly to: Place }>;

/** Kinds whose quantity may be below zero. */
const SIGNED: ReadonlySet<string> = new Set(['adjusted', 'counted']);

/** Past tense: a movement is a fact, and `stock.<kind>` is its event. */
export type MovementKind = keyof typeof ROUTES;

export interface Movement {
  readonly kind: MovementKind;
  readonly sku: Sku;
  /** Whole units, 1 or more; only a correction or a count's variance may be below zero. */
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
  if (!Number.isSafeInteger(quantity)) fail(movement, 'is not a whole number of units');
  if (quantity <= 0 && (quantity === 0 || !SIGNED.has(kind))) fail(movement, 'moves nothing');
  const { from, to } = ROUTES[kind];
  const enters = isSource(from);
  const after = { ...level };
  after[from] += enters ? quantity : -quantity;
  after[to] += quantity;
  const drained = enters ? to : from;
  const remaining = enters ? level[to] + quantity : level[from] - quantity;
  if (remaining < 0) return err({ code: 'OVERDRAWN', kind, sku, quantity, left: level[drained] });
  if (conservationGap(after) !== conservationGap(level)) fail(movement, 'loses units');
  return ok(after);
}

/** Only a bug gets here. Its words are made when it does: this is passed for every line of every basket. */
function fail({ kind, sku, quantity }: Movement, what: string): never {
  throw new Error(`invariant broken: ${kind} ${quantity} of ${sku} ${what}`);
}

function isSource(bucket: Bucket): boolean {
  return bucket === 'received' || bucket === 'adjusted' || bucket === 'transferredIn';
}

/** Posts movements in order, all of them or none; a SKU that has no account yet starts empty. */
export function post<M extends Movement>(
  accounts: ReadonlyMap<Sku, Account>,
  movements: readonly M[],
): Result<readonly Posted<M>[], Overdraw> {
  const working = new Map(accounts);
  for (const { sku } of movements) if (!working.has(sku)) working.set(sku, NO_ACCOUNT);
  return postOnto(working, movements);
}

/** Posts onto accounts that are being worked on, which has one for every SKU: they are brought up to date, unless one is refused. */
export function postOnto<M extends Movement, A extends Account>(
  working: Map<Sku, A>,
  movements: readonly M[],
): Result<readonly Posted<M>[], Overdraw> {
  const changed = new Map<Sku, A>();
  const posted: Posted<M>[] = [];
  for (const movement of movements) {
    const account = changed.get(movement.sku) ?? working.get(movement.sku);
    invariant(account !== undefined, `${movement.sku} has no account`);
    const after = applyMovement(account.level, movement);
    if (!after.ok) return after;
    const sequence = account.sequence + 1;
    changed.set(movement.sku, { ...account, level: after.value, sequence });
    posted.push({ ...movement, sequence, after: after.value });
  }
  for (const [sku, account] of changed) working.set(sku, account);
  return ok(posted);
}

/** The level that a SKU's history adds up to, from the units moved by kind: what its stored level must equal. */
export function levelOf(unitsByKind: ReadonlyMap<MovementKind, number>, start: StockLevel = NO_STOCK): StockLevel {
  const level: { -readonly [B in Bucket]: number } = { ...start };
  for (const [kind, units] of unitsByKind) {
    const { from, to } = ROUTES[kind];
    level[from] += isSource(from) ? units : -units;
    level[to] += units;
  }
  return level;
}

/** Units by which a stored level differs from what its history adds up to, over all buckets; 0 when they agree. */
export function differenceUnits(stored: StockLevel, history: StockLevel): number {
  return [...SOURCES, ...PLACES].reduce((units, bucket) => units + Math.abs(stored[bucket] - history[bucket]), 0);
}
