import * as v from 'valibot';
import { OfferIdText, OrderIdText, ZoneIdText } from '../wire.ts';
import { defineTopic } from './topic.ts';

const ShiftMoved = v.object({ zoneId: ZoneIdText });
const OfferMoved = v.object({ offerId: OfferIdText, orderId: OrderIdText, zoneId: ZoneIdText });

/** Subject: the courier. Key: courierId. */
export const COURIER_EVENTS = defineTopic({
  name: 'couriers.events.v1',
  partitions: 12,
  retentionDays: 365,
  schemas: {
    'courier.shift_started': ShiftMoved,
    'courier.shift_ended': ShiftMoved,
    'courier.offered': OfferMoved,
    'courier.offer_accepted': OfferMoved,
    'courier.offer_rejected': OfferMoved,
    'courier.offer_timed_out': OfferMoved,
    'courier.delivered': v.object({ orderId: OrderIdText }),
  },
});
