import type { OfferJob } from '../../contracts/rpc/courier.ts';
import { CAPACITY_DEFAULT } from '../../domain/dispatch/job.ts';
import type { JobStatus } from '../../domain/dispatch/job.ts';
import type { OfferStatus } from '../../domain/dispatch/offer.ts';
import type { Fix } from '../../domain/dispatch/position.ts';
import type { OfferId, OrderId, ZoneId } from '../../domain/shared/ids.ts';
import { CourierReader } from './courier-reader.ts';
import type { DeliverCommand, JobDetails, OfferRecord } from './courier-rows.ts';

/** How long a settled offer and an ended job can still be asked about; the events keep them longer. */
const HISTORY_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Old rows deleted at a time: bounds the work of one offer. */
const PRUNED_AT_ONCE = 50;

/** Writes of one courier, only inside a transaction. */
export class CourierWriter extends CourierReader {
  startShift(zoneId: ZoneId, { lat, lng, atMs }: Fix): void {
    this.sql.run(
      `INSERT INTO courier (only_row, zone_id, on_shift, capacity, lat, lng, seen_at_ms) VALUES (1, ?, 1, ?, ?, ?, ?)
       ON CONFLICT (only_row) DO UPDATE SET
         zone_id = excluded.zone_id, on_shift = 1, lat = excluded.lat, lng = excluded.lng, seen_at_ms = excluded.seen_at_ms`,
      zoneId,
      CAPACITY_DEFAULT,
      lat,
      lng,
      atMs,
    );
  }

  endShift(): void {
    this.sql.run('UPDATE courier SET on_shift = 0');
  }

  keepPosition({ lat, lng, atMs }: Fix): void {
    this.sql.run('UPDATE courier SET lat = ?, lng = ?, seen_at_ms = ? WHERE seen_at_ms < ?', lat, lng, atMs, atMs);
  }

  /** Counts one more word to the zone, which then knows the position as of this row. */
  tell(): void {
    this.sql.run('UPDATE courier SET candidate_version = candidate_version + 1, told_lat = lat, told_lng = lng');
  }

  insertOffer(offer: OfferJob, status: 'OPEN' | 'TIMED_OUT', nowMs: number): void {
    this.sql.run(
      `INSERT INTO offers (offer_id, zone_id, order_id, store_id, store_name, pickup_lat, pickup_lng, to_pickup_m, trip_m,
         status, expires_at_ms, settled_at_ms, traceparent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      offer.offerId,
      offer.zoneId,
      offer.orderId,
      offer.storeId,
      offer.storeName,
      offer.pickup.lat,
      offer.pickup.lng,
      offer.toPickupM,
      offer.tripM,
      status,
      offer.expiresAtMs,
      status === 'OPEN' ? null : nowMs,
      offer.traceparent ?? null,
    );
  }

  settleOffer(offerId: OfferId, status: Exclude<OfferStatus, 'OPEN'>, nowMs: number): void {
    this.sql.run('UPDATE offers SET status = ?, settled_at_ms = ? WHERE offer_id = ?', status, nowMs, offerId);
  }

  insertJob({ offerId, orderId, storeId, traceparent }: OfferRecord, nowMs: number): void {
    this.sql.run(
      "INSERT INTO jobs (offer_id, order_id, store_id, status, accepted_at_ms, traceparent) VALUES (?, ?, ?, 'ACCEPTED', ?, ?)",
      offerId,
      orderId,
      storeId,
      nowMs,
      traceparent,
    );
  }

  /** Stamps the time at which the job came to this status. */
  moveJob(offerId: OfferId, status: JobStatus, nowMs: number): void {
    this.sql.run(
      `UPDATE jobs SET status = ?1,
         picked_up_at_ms = CASE ?1 WHEN 'PICKED_UP' THEN ?2 ELSE picked_up_at_ms END,
         departed_at_ms = CASE ?1 WHEN 'TO_CUSTOMER' THEN ?2 ELSE departed_at_ms END
       WHERE offer_id = ?3`,
      status,
      nowMs,
      offerId,
    );
  }

  describeJob(offerId: OfferId, details: JobDetails): void {
    this.sql.run('UPDATE jobs SET details = ? WHERE offer_id = ?', JSON.stringify(details), offerId);
  }

  /** Ends a job and forgets the customer's door. */
  endJob(offerId: OfferId, status: 'DELIVERED' | 'WITHDRAWN', reason: string | null, nowMs: number): void {
    this.sql.run(
      'UPDATE jobs SET status = ?, details = NULL, ended_at_ms = ?, end_reason = ? WHERE offer_id = ?',
      status,
      nowMs,
      reason,
      offerId,
    );
  }

  insertProof(orderId: OrderId, command: DeliverCommand): void {
    this.sql.run('INSERT INTO proofs (order_id, command) VALUES (?, ?)', orderId, JSON.stringify(command));
  }

  deleteProof(orderId: OrderId): void {
    this.sql.run('DELETE FROM proofs WHERE order_id = ?', orderId);
  }

  prune(nowMs: number): void {
    const before = nowMs - HISTORY_KEPT_MS;
    this.sql.run(
      "DELETE FROM offers WHERE offer_id IN (SELECT offer_id FROM offers WHERE status <> 'OPEN' AND settled_at_ms < ? LIMIT ?)",
      before,
      PRUNED_AT_ONCE,
    );
    this.sql.run(
      'DELETE FROM jobs WHERE offer_id IN (SELECT offer_id FROM jobs WHERE ended_at_ms < ? LIMIT ?)',
      before,
      PRUNED_AT_ONCE,
    );
  }
}
