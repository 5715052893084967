import type { UpdateCandidate, ZoneView } from '../../contracts/rpc/zone.ts';
import type { Candidate } from '../../domain/dispatch/score.ts';
import type { CourierId } from '../../domain/shared/ids.ts';
import type { SqlPort } from '../kit/sql.ts';

/** Couriers in one answer to an operator. */
const VIEW_MAX = 500;

// Ids in our own tables were checked on the way in, so rows are typed as branded.
type PoolRow = {
  readonly courier_id: CourierId;
  readonly lat: number;
  readonly lng: number;
  readonly load: number;
  readonly capacity: number;
  readonly offered: number;
};

/** The couriers of a zone, each as its own object last told; written inside a transaction only. */
export class CandidateRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** Takes over what a courier's object says of itself. False when something newer is known. */
  apply({ courierId, version, onShift, position, load, capacity }: UpdateCandidate, nowMs: number): boolean {
    const applied = this.#sql.all(
      `INSERT INTO candidates (courier_id, version, on_shift, lat, lng, load, capacity, told_at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (courier_id) DO UPDATE SET
         version = excluded.version, on_shift = excluded.on_shift, lat = excluded.lat, lng = excluded.lng,
         load = excluded.load, capacity = excluded.capacity, told_at_ms = excluded.told_at_ms
       WHERE excluded.version > candidates.version
       RETURNING 1 AS applied`,
      courierId,
      version,
      onShift ? 1 : 0,
      position?.lat ?? null,
      position?.lng ?? null,
      load,
      capacity,
      nowMs,
    );
    return applied.length === 1;
  }

  /** Nothing came from this courier's object in time: it is asked no more until it is heard again. */
  fellSilent(courierId: CourierId, nowMs: number): void {
    this.#sql.run('UPDATE candidates SET silent_since_ms = ? WHERE courier_id = ?', nowMs, courierId);
  }

  heard(courierId: CourierId): void {
    this.#sql.run(
      'UPDATE candidates SET silent_since_ms = NULL WHERE courier_id = ? AND silent_since_ms IS NOT NULL',
      courierId,
    );
  }

  /** Those who may be asked, with the offers that already wait for their answer. */
  pool(): Candidate[] {
    return this.#sql
      .all<PoolRow>(
        `SELECT courier_id, lat, lng, load, capacity,
           (SELECT count(*) FROM offers WHERE offers.courier_id = candidates.courier_id AND status = 'OPEN') AS offered
         FROM candidates WHERE on_shift = 1 AND lat IS NOT NULL AND silent_since_ms IS NULL ORDER BY courier_id`,
      )
      .map(({ courier_id, lat, lng, load, capacity, offered }) => ({
        courierId: courier_id,
        onShift: true,
        position: { lat, lng },
        load,
        capacity,
        offered,
      }));
  }

  /** For operators: those on shift first. */
  view(): ZoneView['candidates'] {
    return this.#sql
      .all<{ courier_id: CourierId; on_shift: number; load: number; capacity: number }>(
        'SELECT courier_id, on_shift, load, capacity FROM candidates ORDER BY on_shift DESC, courier_id LIMIT ?',
        VIEW_MAX,
      )
      .map((row) => ({
        courierId: row.courier_id,
        onShift: row.on_shift === 1,
        load: row.load,
        capacity: row.capacity,
      }));
  }
}
