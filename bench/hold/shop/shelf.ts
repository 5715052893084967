export interface ShelfLine {
  readonly sku: string;
  /** Whole units, 1 or more. */
  readonly quantity: number;
}

/** One basket to set aside: SKUs in order, each once. */
export interface WantedHold {
  readonly storeId: string;
  /** Made from the caller's idempotency key, so that a repeated request finds its hold. */
  readonly holdId: string;
  readonly lines: readonly ShelfLine[];
  /** The lines as JSON: what is stored and what a repeated request is compared with. */
  readonly linesText: string;
  readonly expiresAtMs: number;
}

export interface HoldRecord {
  readonly status: 'HELD' | 'RELEASED' | 'EXPIRED';
  readonly lines: readonly ShelfLine[];
  readonly expiresAtMs: number;
}

export interface Shortage {
  readonly sku: string;
  readonly requested: number;
  readonly available: number;
}

export type HoldOutcome =
  | { readonly kind: 'held'; readonly hold: HoldRecord }
  | { readonly kind: 'short'; readonly shortages: readonly Shortage[] }
  /** The key was used with another basket. */
  | { readonly kind: 'reused' };

export interface ShelfAudit {
  readonly available: number;
  /** SKUs where what was received is not what is available and what the hold records say, together. */
  readonly discrepancies: readonly { readonly sku: string; readonly gapUnits: number }[];
}

/** What stands behind the HTTP contract of a contender: the part that is compared. */
export interface Shelf {
  /** The whole basket or nothing. */
  hold(wanted: WantedHold): Promise<HoldOutcome>;
  release(storeId: string, holdId: string): Promise<HoldRecord | null>;
  find(storeId: string, holdId: string): Promise<HoldRecord | null>;
  /** Units by SKU, in the order of the question. */
  available(storeId: string, skus: readonly string[]): Promise<readonly number[]>;
  receive(storeId: string, lines: readonly ShelfLine[]): Promise<void>;
  /** `deep` reads every hold record; otherwise stock alone. */
  audit(storeId: string, deep: boolean): Promise<ShelfAudit>;
  /** Gives back what holds whose time is over had set aside. */
  expireDue(nowMs: number): Promise<void>;
}

/** Both with SKUs in order, each once. */
export function sameLines(a: readonly ShelfLine[], b: readonly ShelfLine[]): boolean {
  return a.length === b.length && a.every((line, i) => line.sku === b[i]?.sku && line.quantity === b[i]?.quantity);
}
