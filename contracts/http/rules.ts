import * as v from 'valibot';
import type { AssignmentRules } from '../../domain/assignment/store-strategy.ts';
import { PPM } from '../../domain/money/share.ts';
import type { PromiseRules } from '../../domain/promise/promise.ts';
import { Count, CurrencyText } from '../wire.ts';

/** No fee, discount or bound of a basket is above this, minor units. */
const AMOUNT_MAX = 100_000_000;
const STEPS_MAX = 20;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

const Amount = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(AMOUNT_MAX));
const Ppm = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(PPM));

/** What a city or a store charges beside its prices, in minor units of `currency`; what is absent is not charged. */
export const ChargesBody = v.strictObject({
  /** The city's own: amounts in another one are refused. */
  currency: CurrencyText,
  /** A basket whose items come to less pays the fee. */
  smallCart: v.optional(v.strictObject({ belowMinor: Amount, feeMinor: Amount })),
  /** Nearest first. The first tier that reaches the door goes; the last one for all beyond it. Without tiers: the store's flat fee. */
  deliveryTiers: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          upToM: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50_000)),
          feeMinor: Amount,
        }),
      ),
      v.minLength(1),
      v.maxLength(STEPS_MAX),
    ),
  ),
  freeDeliveryFromMinor: v.optional(Amount),
  /** Off the items from an amount on, parts per million, never more than the cap. */
  offer: v.optional(v.strictObject({ fromMinor: Amount, offPpm: Ppm, maxMinor: Amount })),
  /** On items less discount and on fees. `included`: prices and fees contain it. */
  tax: v.optional(v.strictObject({ ratePpm: Ppm, included: v.boolean() })),
  /** How far a weight may be from the nominal one, parts per million: so much more is reserved and charged. Absent: a tenth. */
  weightTolerancePpm: v.optional(Ppm),
  /** By the store's ready time at p90, least first; the last step bounds the fee. */
  surgeSteps: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          fromReadyP90Ms: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(DAY_MS)),
          feeMinor: Amount,
        }),
      ),
      v.minLength(1),
      v.maxLength(STEPS_MAX),
    ),
  ),
});
export type ChargesBody = v.InferOutput<typeof ChargesBody>;

const Weight = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));

/** How a city chooses stores and keeps its promises; what is absent is as by default. */
export const FulfilmentBody = v.strictObject({
  assignment: v.optional(
    v.variant('strategy', [
      v.strictObject({ strategy: v.picklist(['soonest', 'proximity', 'capacity', 'inventory']) }),
      v.strictObject({
        strategy: v.literal('hybrid'),
        /** 1,000 is a usual weight; 0 leaves the matter out. */
        weights: v.strictObject({ proximity: Weight, capacity: Weight, inventory: Weight }),
      }),
    ]),
  ),
  promise: v.optional(
    v.strictObject({
      /** No order is taken on a promise that is broken more often than this. */
      latePpmMax: v.pipe(v.number(), v.integer(), v.minValue(1_000), v.maxValue(500_000)),
      /** Where the city's own time would be broken more often: a later promise, that and the last choice, or none. */
      whenLate: v.picklist(['widen', 'throttle', 'refuse']),
      promiseMaxMs: v.pipe(v.number(), v.integer(), v.minValue(60_000), v.maxValue(WEEK_MS)),
    }),
  ),
});
export type FulfilmentBody = v.InferOutput<typeof FulfilmentBody>;

/** Rules of a city as they are published with the network. */
export interface FulfilmentRules {
  readonly assignment?: AssignmentRules | undefined;
  readonly promise?: PromiseRules | undefined;
}

/** The version that goes from the next publication of the network on; `changed` is false when it said the same already. */
export const RulesView = v.strictObject({ version: Count, changed: v.boolean() });
export type RulesView = v.InferOutput<typeof RulesView>;
