import type { MovementKind } from '../inventory/ledger.ts';

/**
 * Why a picker takes fewer units than were allocated. The list and the effect on stock follow HotWax Commerce's rejection
 * reasons (not in stock, mismatch, damaged, worn), with the expiry and freshness that groceries add. A wrong price is none: a
 * dark store shows no prices, and the customer pays what the order says.
 */
export const SHORT_PICK_REASONS = ['NOT_FOUND', 'WRONG_ITEM', 'DAMAGED', 'EXPIRED', 'QUALITY'] as const;
export type ShortPickReason = (typeof SHORT_PICK_REASONS)[number];

/** What a reason means for the stock of the SKU. */
export interface ShortPickEffect {
  /** Movements of the missing units, in order, starting from `allocated`. */
  readonly movements: readonly [first: Extract<MovementKind, 'shorted'>, ...then: Extract<MovementKind, 'discarded'>[]];
  /** Why units are written off; null as long as nobody knows where they are. */
  readonly writeOff: 'DAMAGE' | 'EXPIRY' | 'SPOILAGE' | null;
  /** Whether the units still counted as available are doubtful too, so that fewer of them are sold until a count. */
  readonly restInDoubt: boolean;
  /** Whether the rest of the lot must be looked at: what is wrong with one unit may be wrong with all. */
  readonly lotInDoubt: boolean;
  /** When the bin is counted: before the next picker goes there, with the next round, or not because of this. */
  readonly count: 'NOW' | 'SOON' | null;
}

export const SHORT_PICK_EFFECTS: { readonly [R in ShortPickReason]: ShortPickEffect } = {
  /** The bin is empty or has too few. */
  NOT_FOUND: { movements: ['shorted'], writeOff: null, restInDoubt: true, lotInDoubt: false, count: 'NOW' },
  /** The bin holds another SKU; the right one may be anywhere. */
  WRONG_ITEM: { movements: ['shorted'], writeOff: null, restInDoubt: true, lotInDoubt: false, count: 'NOW' },
  /** Broken, leaking, open. */
  DAMAGED: {
    movements: ['shorted', 'discarded'],
    writeOff: 'DAMAGE',
    restInDoubt: false,
    lotInDoubt: false,
    count: null,
  },
  /** Past its date, or too close to it to be sold. */
  EXPIRED: {
    movements: ['shorted', 'discarded'],
    writeOff: 'EXPIRY',
    restInDoubt: false,
    lotInDoubt: true,
    count: 'SOON',
  },
  /** Fresh goods that one would not buy: soft, mouldy, thawed. */
  QUALITY: {
    movements: ['shorted', 'discarded'],
    writeOff: 'SPOILAGE',
    restInDoubt: false,
    lotInDoubt: true,
    count: 'SOON',
  },
};
