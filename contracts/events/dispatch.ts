import * as v from 'valibot';
import { Count, CourierIdText, OfferIdText, OrderIdText, StoreIdText } from '../wire.ts';
import { defineTopic } from './topic.ts';

/** Every candidate with the terms of its score, so that a decision can be explained and replayed. */
const DispatchProposed = v.object({
  orderId: OrderIdText,
  storeId: StoreIdText,
  offerId: OfferIdText,
  round: Count,
  strategy: v.string(),
  chosen: CourierIdText,
  candidates: v.array(
    v.object({
      courierId: CourierIdText,
      distanceM: Count,
      load: Count,
      score: v.number(),
      terms: v.record(v.string(), v.number()),
    }),
  ),
});

/** Subject: the zone. Key: zoneId. */
export const DISPATCH_DECISIONS = defineTopic({
  name: 'dispatch.decisions.v1',
  partitions: 12,
  retentionDays: 90,
  schemas: {
    'dispatch.proposed': DispatchProposed,
    'dispatch.exhausted': v.object({ orderId: OrderIdText, round: Count }),
  },
});
