import * as v from 'valibot';
import { DEFAULT_MEASURES } from '../../domain/picking/layout.ts';
import { AISLE_PATTERN, AISLES_MAX, MEASURE_BOUNDS, RACKS_MAX } from '../../domain/picking/layout-rules.ts';
import { Count, SkuText, Timestamp } from '../wire.ts';

const Aisles = v.pipe(v.array(v.pipe(v.string(), v.regex(AISLE_PATTERN))), v.minLength(1), v.maxLength(AISLES_MAX));
const Racks = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(RACKS_MAX));
const measures = {
  /** Metres from the middle of an aisle to the middle of the next. */
  aislePitchM: within(MEASURE_BOUNDS.aislePitchM),
  /** Metres along the aisle from one rack number to the next. */
  rackPitchM: within(MEASURE_BOUNDS.rackPitchM),
  /** Metres from the middle of a cross-aisle to the first rack's edge. */
  crossAisleM: within(MEASURE_BOUNDS.crossAisleM),
  /** The packing station is on the front cross-aisle, this far to the right of the first aisle. */
  packingXM: within(MEASURE_BOUNDS.packingXM),
  /** With a trolley and around corners. */
  walkMPerS: within(MEASURE_BOUNDS.walkMPerS),
  /** Stopping, finding the place and reading the label. */
  stopS: within(MEASURE_BOUNDS.stopS),
  /** One unit from the shelf over the scanner into the tote. */
  scanS: within(MEASURE_BOUNDS.scanS),
};

function within({ min, max }: { readonly min: number; readonly max: number }) {
  return v.pipe(v.number(), v.minValue(min), v.maxValue(max));
}

/** One block of parallel aisles between a front and a back cross-aisle. Measures that are left out are working figures. */
export const LayoutBody = v.strictObject({
  /** As bins name them, from left to right as seen from the front. */
  aisles: Aisles,
  /** Of every aisle; rack 1 is next to the front. */
  racks: Racks,
  aislePitchM: v.optional(measures.aislePitchM, DEFAULT_MEASURES.aislePitchM),
  rackPitchM: v.optional(measures.rackPitchM, DEFAULT_MEASURES.rackPitchM),
  crossAisleM: v.optional(measures.crossAisleM, DEFAULT_MEASURES.crossAisleM),
  packingXM: v.optional(measures.packingXM, DEFAULT_MEASURES.packingXM),
  walkMPerS: v.optional(measures.walkMPerS, DEFAULT_MEASURES.walkMPerS),
  stopS: v.optional(measures.stopS, DEFAULT_MEASURES.stopS),
  scanS: v.optional(measures.scanS, DEFAULT_MEASURES.scanS),
});
export const LayoutView = v.strictObject({
  aisles: Aisles,
  racks: Racks,
  ...measures,
  /** Counts the changes. */
  version: v.pipe(Count, v.minValue(1)),
  setAt: Timestamp,
  /** SKUs whose bin the layout does not know: last on every walk. */
  unplacedSkus: Count,
});

export type LayoutView = v.InferOutput<typeof LayoutView>;

/** 1 to 30 days, 14 when left out. */
export const SlottingQuery = v.strictObject({
  days: v.optional(v.pipe(v.string(), v.regex(/^(?:30|[12]\d|[1-9])$/))),
});
const Metres = v.pipe(v.number(), v.minValue(0));
const Move = v.strictObject({
  sku: SkuText,
  fromBin: v.string(),
  toBin: v.string(),
  /** From the packing station and back. */
  fromM: Metres,
  toM: Metres,
  picksPerDay: v.pipe(v.number(), v.minValue(0)),
});
/** SKUs that should change places, the most worthwhile first. Saved metres are of walks to one line each: an upper bound. */
export const SlottingView = v.strictObject({
  /** What it rests on: orders that were handed over; or nothing, for want of a layout or of such orders. */
  basis: v.picklist(['HANDED_OVER', 'NO_LAYOUT', 'NO_HISTORY']),
  layoutVersion: v.nullable(v.pipe(Count, v.minValue(1))),
  /** Days that were counted. */
  days: v.pipe(v.number(), v.minValue(0)),
  orders: Count,
  /** Order lines, each one visit to a bin. */
  picks: Count,
  /** SKUs that are left out: the layout does not know their bin. */
  unplacedSkus: Count,
  swaps: v.array(
    v.strictObject({
      /** Comes nearer to packing. */
      fast: Move,
      slow: Move,
      savedMPerDay: Metres,
    }),
  ),
  savedMPerDay: Metres,
});
