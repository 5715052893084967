import * as v from 'valibot';
import { CityIdText, Count, CurrencyText, StoreIdText, ZoneIdText } from '../wire.ts';
import { LatText, LngText } from './queries.ts';

export const ResolveQuery = v.strictObject({ lat: LatText, lng: LngText });

/** Why nobody delivers to a point. */
const UNSERVICEABLE = ['OUTSIDE_EVERY_ZONE', 'TOO_FAR_FROM_EVERY_STORE', 'NO_STORE_OPEN'] as const;

/** A quoted promise in whole minutes, and what it is made of. */
export const PromiseView = v.strictObject({
  minutes: Count,
  terms: v.strictObject({ queueSeconds: Count, pickSeconds: Count, rideSeconds: Count }),
});
export type PromiseView = v.InferOutput<typeof PromiseView>;

export const ResolveView = v.strictObject({
  serviceable: v.boolean(),
  /** Null when serviceable. */
  reason: v.nullable(v.picklist(UNSERVICEABLE)),
  city: v.nullable(v.strictObject({ id: CityIdText, name: v.string(), currency: CurrencyText, timezone: v.string() })),
  zones: v.array(v.strictObject({ id: ZoneIdText, name: v.string() })),
  /** Those that deliver to the point, nearest first. */
  stores: v.array(
    v.strictObject({
      id: StoreIdText,
      name: v.string(),
      distanceM: Count,
      open: v.boolean(),
      /** Null when the store is closed or did not answer in time. */
      promise: v.nullable(PromiseView),
    }),
  ),
});
export type ResolveView = v.InferOutput<typeof ResolveView>;
