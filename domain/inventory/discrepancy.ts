import type { HoldId, OrderId } from '../shared/ids.ts';

/** A hold's units of the SKU in question. */
export interface HeldUnits {
  readonly holdId: HoldId;
  readonly kind: 'cart' | 'order';
  /** When the hold took its present form: made, or promoted to an order's. */
  readonly heldAtMs: number;
  /** 1 or more. */
  readonly quantity: number;
}

/** An order's units of the SKU that are allocated and not yet picked. */
export interface AllocatedUnits {
  readonly orderId: OrderId;
  readonly promisedAtMs: number;
  /** 1 or more. */
  readonly quantity: number;
}

/** An order's line that gets fewer units than it was promised. */
export interface ShortenedLine {
  readonly orderId: OrderId;
  readonly quantity: number;
}

/** Who gives way, and what that comes to. */
export interface Recovery {
  /** Holds that end, whole, in this order. */
  readonly endedHolds: readonly HoldId[];
  /** Allocations that shrink. */
  readonly shortenedLines: readonly ShortenedLine[];
  /** Units of the SKU that are free now; may be more than was missing, because a hold ends whole. */
  readonly freedUnits: number;
  /** Units that nobody could give: more was missing than was promised to anyone. */
  readonly uncoveredUnits: number;
}

/**
 * Decides who gives way when fewer units are on the shelf than were promised. On the shelf of a SKU there should be
 * `available + blocked + held + allocated` units; what is missing is taken from `available` first, and the shortfall is what is
 * missing beyond that. Nothing is clamped: the shortfall is given up by those who lose least, in this order, until it is covered:
 *
 * 1. cart holds, the newest first: nobody has paid, and the cart is still open in front of its customer;
 * 2. order holds, the newest first: the order learns at its commit that the hold is gone, and the payment is voided;
 * 3. allocations, the latest promise first: the line goes short, with the most time left to find a substitute.
 *
 * A hold ends whole, because a hold is a basket whole or not at all and half a hold would be another basket under its id. An
 * allocation shrinks by what is missing and no more, because its other units are on the floor already. Of two that are equal
 * the greater id gives way, so that the same shelf always gives the same answer.
 */
export function coverShortfall(
  shortfallUnits: number,
  holds: readonly HeldUnits[],
  allocations: readonly AllocatedUnits[],
): Recovery {
  let missing = shortfallUnits;
  const endedHolds: HoldId[] = [];
  const shortenedLines: ShortenedLine[] = [];
  for (const { holdId, quantity } of [...newest(holds, 'cart'), ...newest(holds, 'order')]) {
    if (missing <= 0) break;
    endedHolds.push(holdId);
    missing -= quantity;
  }
  for (const { orderId, quantity } of latestPromise(allocations)) {
    if (missing <= 0) break;
    const given = Math.min(missing, quantity);
    shortenedLines.push({ orderId, quantity: given });
    missing -= given;
  }
  return {
    endedHolds,
    shortenedLines,
    freedUnits: shortfallUnits - missing,
    uncoveredUnits: Math.max(0, missing),
  };
}

function newest(holds: readonly HeldUnits[], kind: HeldUnits['kind']): HeldUnits[] {
  return holds
    .filter((hold) => hold.kind === kind)
    .toSorted((a, b) => b.heldAtMs - a.heldAtMs || descending(a.holdId, b.holdId));
}

function latestPromise(allocations: readonly AllocatedUnits[]): AllocatedUnits[] {
  return allocations.toSorted((a, b) => b.promisedAtMs - a.promisedAtMs || descending(a.orderId, b.orderId));
}

function descending(a: string, b: string): number {
  return a < b ? 1 : -1;
}
