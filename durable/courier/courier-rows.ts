import type { Command } from '../../contracts/actor.ts';
import type { ConfirmJob, OfferJob } from '../../contracts/rpc/courier.ts';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { JobStatus } from '../../domain/dispatch/job.ts';
import type { Offer, OfferStatus } from '../../domain/dispatch/offer.ts';
import type { Fix } from '../../domain/dispatch/position.ts';
import type { Shown } from '../../domain/order/delivery.ts';
import type { LatLng } from '../../domain/shared/geo.ts';
import type { OfferId, OrderId, StoreId, ZoneId } from '../../domain/shared/ids.ts';

/** What the courier's object knows of the courier. */
export interface Profile {
  readonly zoneId: ZoneId;
  readonly onShift: boolean;
  readonly capacity: number;
  /** Counts what the zone was told; the highest wins there. */
  readonly candidateVersion: number;
  /** Where the zone believes the courier to be. */
  readonly told: LatLng | null;
  /** The last position that became a row. */
  readonly seen: Fix;
}
type OfferTerms = Pick<OfferJob, 'zoneId' | 'storeId' | 'storeName' | 'pickup' | 'toPickupM' | 'tripM'>;
export interface OfferRecord extends Offer, OfferTerms {
  readonly traceparent: string | null;
}
/** Where to go and whom to ask for: for as long as the job lives. */
export type JobDetails = Omit<ConfirmJob, 'v' | 'actor' | 'opId' | 'traceparent' | 'orderId'>;
/** A proof of delivery as the app sent it: what the order is asked to judge. */
export interface DeliverCommand extends Command {
  readonly orderId: OrderId;
  readonly shown: Shown;
  /** Cash taken at the door, minor units. */
  readonly collectedMinor: number | null;
}
export interface Job {
  readonly offerId: OfferId;
  readonly orderId: OrderId;
  readonly storeId: StoreId;
  readonly status: JobStatus;
  readonly details: JobDetails | null;
  readonly traceparent: string | null;
}

// Ids in our own tables were checked on the way in, so rows are typed as branded. Types, not interfaces: only a type is
// assignable to the port's row, which has an index signature.
export type ProfileRow = {
  readonly zone_id: ZoneId;
  readonly on_shift: number;
  readonly capacity: number;
  readonly candidate_version: number;
  readonly told_lat: number | null;
  readonly told_lng: number | null;
  readonly lat: number;
  readonly lng: number;
  readonly seen_at_ms: number;
};
export type OfferRow = {
  readonly offer_id: OfferId;
  readonly zone_id: ZoneId;
  readonly order_id: OrderId;
  readonly store_id: StoreId;
  readonly store_name: string;
  readonly pickup_lat: number;
  readonly pickup_lng: number;
  readonly to_pickup_m: number;
  readonly trip_m: number;
  readonly status: OfferStatus;
  readonly expires_at_ms: number;
  readonly traceparent: string | null;
};
export type JobRow = {
  readonly offer_id: OfferId;
  readonly order_id: OrderId;
  readonly store_id: StoreId;
  readonly status: JobStatus;
  readonly details: string | null;
  readonly traceparent: string | null;
};

export function toProfile(row: ProfileRow): Profile {
  return {
    zoneId: row.zone_id,
    onShift: row.on_shift === 1,
    capacity: row.capacity,
    candidateVersion: row.candidate_version,
    told: row.told_lat === null || row.told_lng === null ? null : { lat: row.told_lat, lng: row.told_lng },
    seen: { lat: row.lat, lng: row.lng, atMs: row.seen_at_ms },
  };
}

export function toOffer(row: OfferRow): OfferRecord {
  return {
    offerId: row.offer_id,
    zoneId: row.zone_id,
    orderId: row.order_id,
    storeId: row.store_id,
    storeName: row.store_name,
    pickup: { lat: row.pickup_lat, lng: row.pickup_lng },
    toPickupM: row.to_pickup_m,
    tripM: row.trip_m,
    status: row.status,
    expiresAtMs: row.expires_at_ms,
    traceparent: row.traceparent,
  };
}

export function toJob(row: JobRow): Job {
  return {
    offerId: row.offer_id,
    orderId: row.order_id,
    storeId: row.store_id,
    status: row.status,
    details: row.details === null ? null : readOwnJson<JobDetails>(row.details),
    traceparent: row.traceparent,
  };
}
