import * as v from 'valibot';
import { THRESHOLD_MAX } from '../rpc/store-counts.ts';
import { Count, SkuText } from '../wire.ts';

const Units = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(THRESHOLD_MAX));

export const ThresholdBody = v.strictObject({
  sku: SkuText,
  /** Units for sale at which the SKU is low; null for the store's policy. */
  lowAtUnits: v.nullable(Units),
  /** Units that are never promised to anyone. */
  safetyUnits: Units,
});

const thresholdEntries = {
  sku: SkuText,
  /** What is in force. */
  lowAtUnits: Count,
  /** Whether that is the SKU's own, not the policy's. */
  own: v.boolean(),
  safetyUnits: Count,
};
export const ThresholdView = v.strictObject(thresholdEntries);

/** What is out first, then what runs out soonest. */
export const LowStockView = v.strictObject({
  items: v.array(
    v.strictObject({
      ...thresholdEntries,
      state: v.picklist(['LOW', 'OUT']),
      available: Count,
      unitsPerHour: v.pipe(v.number(), v.minValue(0)),
      /** Hours until nothing is left for sale at today's demand; null when nothing is asked for. */
      runOutHours: v.nullable(v.pipe(v.number(), v.minValue(0))),
    }),
  ),
});
