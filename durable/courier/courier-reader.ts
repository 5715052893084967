import { readOwnJson } from '../../contracts/own-json.ts';
import type { Hands } from '../../domain/dispatch/offer.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { one } from '../kit/sql.ts';
import type { SqlPort } from '../kit/sql.ts';
import { toJob, toOffer, toProfile } from './courier-rows.ts';
import type { DeliverCommand, Job, JobRow, OfferRecord, OfferRow, Profile, ProfileRow } from './courier-rows.ts';

const OFFER_COLUMNS =
  'offer_id, zone_id, order_id, store_id, store_name, pickup_lat, pickup_lng, to_pickup_m, trip_m, status, expires_at_ms, traceparent';
const JOB_COLUMNS = 'offer_id, order_id, store_id, status, details, traceparent';
/** Jobs that ended are shown a little longer, so that the app can say what became of them. */
const ENDED_SHOWN = 5;

/** Questions about one courier; writes are `CourierWriter`'s. */
export class CourierReader {
  protected readonly sql: SqlPort;
  constructor(sql: SqlPort) {
    this.sql = sql;
  }

  /** `null` before the first shift. */
  profile(): Profile | null {
    const row = this.sql.all<ProfileRow>(
      'SELECT zone_id, on_shift, capacity, candidate_version, told_lat, told_lng, lat, lng, seen_at_ms FROM courier',
    )[0];
    return row === undefined ? null : toProfile(row);
  }

  offer(offerId: string): OfferRecord | null {
    const row = this.sql.all<OfferRow>(`SELECT ${OFFER_COLUMNS} FROM offers WHERE offer_id = ?`, offerId)[0];
    return row === undefined ? null : toOffer(row);
  }

  openOffers(): OfferRecord[] {
    return this.sql
      .all<OfferRow>(`SELECT ${OFFER_COLUMNS} FROM offers WHERE status = 'OPEN' ORDER BY expires_at_ms, offer_id`)
      .map(toOffer);
  }

  /** The job of an order: the live one, else the last one that ended. */
  job(orderId: OrderId): Job | null {
    const row = this.sql.all<JobRow>(
      `SELECT ${JOB_COLUMNS} FROM jobs WHERE order_id = ? ORDER BY (ended_at_ms IS NULL) DESC, accepted_at_ms DESC LIMIT 1`,
      orderId,
    )[0];
    return row === undefined ? null : toJob(row);
  }

  liveOrderIds(): OrderId[] {
    return this.sql
      .all<{ order_id: OrderId }>(
        'SELECT order_id FROM jobs WHERE ended_at_ms IS NULL ORDER BY accepted_at_ms, order_id',
      )
      .map((row) => row.order_id);
  }

  load(): number {
    return one<{ live: number }>(this.sql, 'SELECT count(*) AS live FROM jobs WHERE ended_at_ms IS NULL').live;
  }

  /** Live jobs in the order they were accepted, then the last that ended. */
  shownJobs(): Job[] {
    const live = this.sql.all<JobRow>(
      `SELECT ${JOB_COLUMNS} FROM jobs WHERE ended_at_ms IS NULL ORDER BY accepted_at_ms, offer_id`,
    );
    const ended = this.sql.all<JobRow>(
      `SELECT ${JOB_COLUMNS} FROM jobs WHERE ended_at_ms IS NOT NULL ORDER BY ended_at_ms DESC, offer_id LIMIT ?`,
      ENDED_SHOWN,
    );
    return [...live, ...ended].map(toJob);
  }

  hands(): Hands {
    const profile = this.profile();
    return {
      onShift: profile?.onShift ?? false,
      capacity: profile?.capacity ?? 0,
      liveOrderIds: this.liveOrderIds(),
      openOffers: this.openOffers(),
    };
  }

  /** The proof of delivery whose outcome is not known yet. */
  proof(orderId: OrderId): DeliverCommand | null {
    const row = this.sql.all<{ command: string }>('SELECT command FROM proofs WHERE order_id = ?', orderId)[0];
    return row === undefined ? null : readOwnJson<DeliverCommand>(row.command);
  }
}
