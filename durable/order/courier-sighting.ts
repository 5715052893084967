import { KEEP_ROW_MS } from '../../domain/dispatch/position.ts';
import type { Fix } from '../../domain/dispatch/position.ts';
import type { CourierId } from '../../domain/shared/ids.ts';
import type { SqlPort } from '../kit/sql.ts';

interface Sighting {
  readonly courierId: CourierId;
  readonly fix: Fix;
}
type SightingRow = {
  readonly courier_id: CourierId;
  readonly lat: number;
  readonly lng: number;
  readonly at_ms: number;
};

/** Where the order's courier was seen last: in memory with each ping, in the one row now and then, nowhere once it is forgotten. */
export class CourierSighting {
  readonly #sql: SqlPort;
  #last: Sighting | null;
  #keptAtMs: number;

  constructor(sql: SqlPort) {
    this.#sql = sql;
    const row = sql.all<SightingRow>('SELECT courier_id, lat, lng, at_ms FROM courier_sighting')[0];
    this.#last =
      row === undefined ? null : { courierId: row.courier_id, fix: { lat: row.lat, lng: row.lng, atMs: row.at_ms } };
    this.#keptAtMs = row?.at_ms ?? 0;
  }

  /** Of this courier; what another one left behind is none. */
  of(courierId: CourierId): Fix | null {
    return this.#last?.courierId === courierId ? this.#last.fix : null;
  }

  /** False for a ping that was overtaken by a newer one. */
  see(courierId: CourierId, fix: Fix): boolean {
    const last = this.of(courierId);
    if (last !== null && fix.atMs < last.atMs) return false;
    this.#last = { courierId, fix };
    if (last === null || fix.atMs - this.#keptAtMs >= KEEP_ROW_MS) this.#keep({ courierId, fix });
    return true;
  }

  forget(): void {
    if (this.#last === null) return;
    this.#last = null;
    this.#sql.run('DELETE FROM courier_sighting');
  }

  #keep({ courierId, fix }: Sighting): void {
    this.#keptAtMs = fix.atMs;
    this.#sql.run(
      `INSERT INTO courier_sighting (only_row, courier_id, lat, lng, at_ms) VALUES (1, ?, ?, ?, ?)
       ON CONFLICT (only_row) DO UPDATE SET
         courier_id = excluded.courier_id, lat = excluded.lat, lng = excluded.lng, at_ms = excluded.at_ms`,
      courierId,
      fix.lat,
      fix.lng,
      fix.atMs,
    );
  }
}
