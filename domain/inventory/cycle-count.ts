/** A count within this share of what was expected is accurate: APICS gives 0.2 % to 5 % by class of item, 1 % for the middle one. */
const TOLERANCE_SHARE = 0.01;
/** A first count that is off by more than both of these is counted again before it is believed. */
const RECOUNT_UNITS = 2;
const RECOUNT_SHARE = 0.1;
/** The third count of a task is believed whatever it says: a shelf that cannot be counted is the shift lead's, not the ledger's. */
const ATTEMPTS_MAX = 3;

/** A SKU's units that should lie on the shelf, by what the ledger knows of them. Picked units have left it. */
export interface ShelfUnits {
  readonly available: number;
  /** Blocked since someone could not find the SKU: nobody knows whether they are there. */
  readonly inDoubt: number;
  /** Blocked for a reason that is known, such as expiry. */
  readonly setAside: number;
  readonly held: number;
  readonly allocated: number;
}

export function expectedUnits({ available, inDoubt, setAside, held, allocated }: ShelfUnits): number {
  return available + inDoubt + setAside + held + allocated;
}

/** Units that one scan can put in doubt: a facing. A shelf that has more has it in other places too, so the rest stays for sale. */
const DOUBT_MAX_UNITS = 12;

/** Of the units for sale, those that nobody is sold any more after a scan that found nothing. */
export function doubtedUnits(available: number): number {
  return Math.min(available, DOUBT_MAX_UNITS);
}

/** One count of a shelf, as it was made. */
export interface CountMade {
  readonly attempt: number;
  /** Counted less expected, at the moment the count came in. */
  readonly varianceUnits: number;
}

/**
 * Whether a count is believed. A small variance is, at once. A large one is counted again, and believed when two counts in a row
 * found the same variance, or at the third. Variances are compared, not quantities: units are picked between two counts.
 */
export function isBelieved(count: CountMade, before: CountMade | null, expected: number): boolean {
  const off = Math.abs(count.varianceUnits);
  if (off <= Math.max(RECOUNT_UNITS, expected * RECOUNT_SHARE)) return true;
  return count.attempt >= ATTEMPTS_MAX || before?.varianceUnits === count.varianceUnits;
}

/** What a believed count asks of the ledger. */
export interface CountVerdict {
  readonly expectedUnits: number;
  readonly varianceUnits: number;
  /** Units in doubt that are for sale again before the variance is posted; what is missing is in the variance. */
  readonly clearedUnits: number;
  /** Units missing beyond what is free: they were promised to someone, see `coverShortfall`. */
  readonly shortfallUnits: number;
  /** Units missing even beyond the promises: they can only be missing from what was set aside. */
  readonly missingSetAside: number;
}

/** Judges a count that is believed. `countedUnits` is what lies on the shelf now: for sale, promised or set aside. */
export function judgeCount(shelf: ShelfUnits, countedUnits: number): CountVerdict {
  const expected = expectedUnits(shelf);
  const missing = Math.max(0, expected - countedUnits);
  const beyondFree = Math.max(0, missing - shelf.available - shelf.inDoubt);
  const shortfallUnits = Math.min(beyondFree, shelf.held + shelf.allocated);
  return {
    expectedUnits: expected,
    varianceUnits: countedUnits - expected,
    clearedUnits: shelf.inDoubt,
    shortfallUnits,
    missingSetAside: beyondFree - shortfallUnits,
  };
}

/** Sums over the counts of some time. */
export interface CountSums {
  readonly counts: number;
  readonly accurateCounts: number;
  readonly expectedUnits: number;
  /** Surplus and loss do not cancel out. */
  readonly absoluteVarianceUnits: number;
}

/** Inventory accuracy, both ways it is measured; `null` while nothing was counted. */
export interface Accuracy {
  /** Share of counts within tolerance. */
  readonly countAccuracy: number | null;
  /** 1 - sum of absolute variances / sum of expected units, never below 0. */
  readonly unitAccuracy: number | null;
}

export function isAccurate({ expectedUnits: expected, varianceUnits }: CountVerdict): boolean {
  return Math.abs(varianceUnits) <= Math.floor(expected * TOLERANCE_SHARE);
}

/** Counts go where trouble is expected, so this is a lower bound of what counting every shelf would give. */
export function accuracyOf(sums: CountSums): Accuracy {
  if (sums.counts === 0) return { countAccuracy: null, unitAccuracy: null };
  const off = sums.absoluteVarianceUnits;
  const unitAccuracy = sums.expectedUnits === 0 ? Number(off === 0) : Math.max(0, 1 - off / sums.expectedUnits);
  return { countAccuracy: sums.accurateCounts / sums.counts, unitAccuracy };
}
