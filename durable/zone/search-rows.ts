import type { RequestCourier, ZoneView } from '../../contracts/rpc/zone.ts';
import type { Search } from '../../domain/dispatch/search.ts';
import { distanceM } from '../../domain/shared/geo.ts';
import type { CourierId, OfferId, OrderId, StoreId } from '../../domain/shared/ids.ts';
import type { SqlPort } from '../kit/sql.ts';

/** Searches looked at in one run, the most urgent ones: bounds its work; the rest follow with the next run. */
const RUN_MAX = 1000;
/** Orders in one answer to an operator. */
const VIEW_MAX = 500;

export type ZoneOfferStatus = 'OPEN' | 'DECLINED' | 'UNAVAILABLE' | 'LOST';
export interface ZoneOffer {
  readonly offerId: OfferId;
  readonly orderId: OrderId;
  readonly courierId: CourierId;
  readonly round: number;
  readonly status: ZoneOfferStatus;
  readonly expiresAtMs: number;
}
/** An order that waits and has no open offer. */
export interface WaitingOrder extends Search {
  readonly orderId: OrderId;
  readonly storeId: StoreId;
  readonly storeName: string;
  readonly tripM: number;
  readonly traceparent: string | null;
}

// Ids in our own tables were checked on the way in, so rows are typed as branded.
type SearchRow = {
  readonly order_id: OrderId;
  readonly store_id: StoreId;
  readonly store_name: string;
  readonly pickup_lat: number;
  readonly pickup_lng: number;
  readonly trip_m: number;
  readonly round: number;
  readonly rest_until_ms: number | null;
  readonly traceparent: string | null;
};
type OfferRow = {
  readonly offer_id: OfferId;
  readonly order_id: OrderId;
  readonly courier_id: CourierId;
  readonly round: number;
  readonly status: ZoneOfferStatus;
  readonly expires_at_ms: number;
};

/** The orders that need a courier and the offers made for them; written inside a transaction only. */
export class SearchRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** Begins a search, or takes over what the order says anew. Of the door only the length of the way is kept. */
  request(command: RequestCourier, nowMs: number): void {
    const { orderId, storeId, storeName, pickup, drop, readyAtMs, traceparent } = command;
    this.#sql.run(
      `INSERT INTO searches (order_id, store_id, store_name, pickup_lat, pickup_lng, trip_m, ready_at_ms, requested_at_ms, traceparent)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (order_id) DO UPDATE SET
         store_id = excluded.store_id, store_name = excluded.store_name, pickup_lat = excluded.pickup_lat,
         pickup_lng = excluded.pickup_lng, trip_m = excluded.trip_m, ready_at_ms = excluded.ready_at_ms`,
      orderId,
      storeId,
      storeName,
      pickup.lat,
      pickup.lng,
      distanceM(pickup, drop),
      readyAtMs,
      nowMs,
      traceparent ?? null,
    );
  }

  has(orderId: OrderId): boolean {
    return this.#sql.all('SELECT 1 AS found FROM searches WHERE order_id = ?', orderId).length === 1;
  }

  end(orderId: OrderId): void {
    this.#sql.run('DELETE FROM offers WHERE order_id = ?', orderId);
    this.#sql.run('DELETE FROM searches WHERE order_id = ?', orderId);
  }

  /** The orders to find a courier for now, the one that must be fetched soonest first. */
  waiting(): WaitingOrder[] {
    const rows = this.#sql.all<SearchRow>(
      `SELECT order_id, store_id, store_name, pickup_lat, pickup_lng, trip_m, round, rest_until_ms, traceparent
       FROM searches WHERE NOT EXISTS (SELECT 1 FROM offers WHERE offers.order_id = searches.order_id AND status = 'OPEN')
       ORDER BY ready_at_ms, requested_at_ms, order_id LIMIT ?`,
      RUN_MAX,
    );
    return rows.map((row) => ({
      orderId: row.order_id,
      storeId: row.store_id,
      storeName: row.store_name,
      pickup: { lat: row.pickup_lat, lng: row.pickup_lng },
      tripM: row.trip_m,
      round: row.round,
      asked: this.#asked(row.order_id, row.round),
      restUntilMs: row.rest_until_ms,
      traceparent: row.traceparent,
    }));
  }

  readyAt(orderId: OrderId, readyAtMs: number): void {
    this.#sql.run('UPDATE searches SET ready_at_ms = ? WHERE order_id = ?', readyAtMs, orderId);
  }

  rest(orderId: OrderId, untilMs: number): void {
    this.#sql.run('UPDATE searches SET rest_until_ms = ? WHERE order_id = ?', untilMs, orderId);
  }

  /** Records an offer as the open one of its order. Who declined in an earlier round is forgotten with the round. */
  propose({ offerId, orderId, courierId, round, expiresAtMs }: Omit<ZoneOffer, 'status'>): void {
    this.#sql.run('UPDATE searches SET round = ?, rest_until_ms = NULL WHERE order_id = ?', round, orderId);
    this.#sql.run("DELETE FROM offers WHERE order_id = ? AND round < ? AND status <> 'LOST'", orderId, round);
    this.#sql.run(
      "INSERT INTO offers (offer_id, order_id, courier_id, round, status, expires_at_ms) VALUES (?, ?, ?, ?, 'OPEN', ?)",
      offerId,
      orderId,
      courierId,
      round,
      expiresAtMs,
    );
  }

  offer(offerId: OfferId): ZoneOffer | null {
    return this.#offer('offer_id = ?', offerId);
  }

  openOffer(orderId: OrderId): ZoneOffer | null {
    return this.#offer("order_id = ? AND status = 'OPEN'", orderId);
  }

  settle(offerId: OfferId, status: Exclude<ZoneOfferStatus, 'OPEN'>): void {
    this.#sql.run('UPDATE offers SET status = ? WHERE offer_id = ?', status, offerId);
  }

  /** A courier who could not be asked, and now has room again, counts as a newcomer. */
  mayAskAgain(courierId: CourierId): void {
    this.#sql.run("DELETE FROM offers WHERE courier_id = ? AND status = 'UNAVAILABLE'", courierId);
  }

  view(): ZoneView['waiting'] {
    return this.#sql
      .all<{ order_id: OrderId; round: number; courier_id: CourierId | null }>(
        `SELECT searches.order_id, searches.round, offers.courier_id
         FROM searches LEFT JOIN offers ON offers.order_id = searches.order_id AND offers.status = 'OPEN'
         ORDER BY ready_at_ms, requested_at_ms, searches.order_id LIMIT ?`,
        VIEW_MAX,
      )
      .map((row) => ({ orderId: row.order_id, rounds: row.round, offeredTo: row.courier_id }));
  }

  #asked(orderId: OrderId, round: number): Set<CourierId> {
    const rows = this.#sql.all<{ courier_id: CourierId }>(
      'SELECT courier_id FROM offers WHERE order_id = ? AND round = ?',
      orderId,
      round,
    );
    return new Set(rows.map((row) => row.courier_id));
  }

  #offer(where: string, key: string): ZoneOffer | null {
    const row = this.#sql.all<OfferRow>(
      `SELECT offer_id, order_id, courier_id, round, status, expires_at_ms FROM offers WHERE ${where}`,
      key,
    )[0];
    if (row === undefined) return null;
    return {
      offerId: row.offer_id,
      orderId: row.order_id,
      courierId: row.courier_id,
      round: row.round,
      status: row.status,
      expiresAtMs: row.expires_at_ms,
    };
  }
}
