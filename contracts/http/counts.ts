import * as v from 'valibot';
import { COUNTED_UNITS_MAX, COUNTS_PLANNED_MAX, DISCREPANCY_SOURCES } from '../rpc/store-counts.ts';
import { stockLevelEntries } from '../stock-level.ts';
import { Count, SkuText, Timestamp, UserIdText } from '../wire.ts';

const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const Whole = v.pipe(v.number(), v.safeInteger());

export const CountIdText = v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/));

export const CountBody = v.strictObject({ sku: SkuText });
export const CountPlanBody = v.strictObject({
  tasks: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(COUNTS_PLANNED_MAX)),
});
export const CountedBody = v.strictObject({
  /** What lies on the shelf now: for sale, promised or set aside alike. What was picked has left it. */
  quantity: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(COUNTED_UNITS_MAX)),
});

/** A count to be made. Blind: nothing in it says what the shelf should have. */
export const CountTaskView = v.strictObject({
  countId: v.pipe(Count, v.minValue(1)),
  sku: SkuText,
  name: v.string(),
  bin: v.string(),
  reason: v.picklist(['REQUESTED', 'PLANNED', 'NOT_FOUND']),
  status: v.picklist(['OPEN', 'COUNTING', 'DONE']),
  /** 1 for the first count; more when it is to be counted again. */
  attempt: Count,
  counterId: v.nullable(UserIdText),
  requestedAt: Timestamp,
  /** What a count of this shelf is worth, 0 to 1. */
  risk: Share,
});
export type CountTaskView = v.InferOutput<typeof CountTaskView>;
export const CountTasksView = v.strictObject({ counts: v.array(CountTaskView) });

export const CountAnswer = v.variant('outcome', [
  v.strictObject({
    /** Too far off to be believed at once: count again. */
    outcome: v.literal('RECOUNT'),
    countId: Count,
    sku: SkuText,
    attempt: Count,
  }),
  v.strictObject({
    outcome: v.literal('COUNTED'),
    countId: Count,
    sku: SkuText,
    expected: Count,
    counted: Count,
    variance: Whole,
    /** Units that had been promised and are not there. */
    shortfall: Count,
    available: Count,
  }),
]);

/** Shelves without an open count, the most worth counting first, each with the terms of its score. */
export const ShelfRanking = v.strictObject({
  shelves: v.array(
    v.strictObject({
      sku: SkuText,
      score: Share,
      terms: v.strictObject({ notFound: Share, shrink: Share, value: Share, age: Share }),
    }),
  ),
});

/** 1 to 365 days, 30 when left out. */
export const AccuracyQuery = v.strictObject({
  days: v.optional(v.pipe(v.string(), v.regex(/^(?:36[0-5]|3[0-5]\d|[12]\d\d|[1-9]\d?)$/))),
});
/** How right the ledger was where it was counted. Counts go where trouble is expected: this is a lower bound. */
export const AccuracyView = v.strictObject({
  days: Count,
  counts: Count,
  /** Counts within 1 % of what was expected. */
  accurateCounts: Count,
  expectedUnits: Count,
  absoluteVarianceUnits: Count,
  shrinkUnits: Count,
  countAccuracy: v.nullable(Share),
  /** 1 - sum of absolute variances / sum of expected units; null while nothing was counted. */
  unitAccuracy: v.nullable(Share),
  target: Share,
  onTarget: v.nullable(v.boolean()),
});

export const ReconciliationQuery = v.strictObject({
  /** Adds up every movement that ever was, and not only those since the last sweep. */
  deep: v.optional(v.literal('true')),
});
/** The ledger held against itself and against what the floor found. */
export const ReconciliationView = v.strictObject({
  /** When the ledger was added up. */
  auditedAt: Timestamp,
  skus: Count,
  movements: Count,
  totals: v.strictObject(stockLevelEntries),
  /** SKUs whose level is not the sum of their movements: none, ever. */
  ledger: v.array(v.strictObject({ sku: v.string(), gapUnits: v.number() })),
  /** SKUs with units that someone could not find and nobody has counted since. */
  inDoubt: v.array(v.strictObject({ sku: SkuText, units: Count })),
  /** The latest promises that could not be kept, newest first. */
  found: v.array(
    v.strictObject({
      sku: SkuText,
      source: v.picklist(DISCREPANCY_SOURCES),
      expected: Count,
      counted: Count,
      shortfall: Count,
      endedHolds: Count,
      shortenedLines: Count,
      at: Timestamp,
    }),
  ),
  openCounts: Count,
});
