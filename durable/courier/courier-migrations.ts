import type { Migration } from '../kit/migrate.ts';

/** Tables of a courier. Positions are no rows but one: the last that was kept. */
export const COURIER_MIGRATIONS: readonly Migration[] = [
  {
    id: '001_init',
    sql: `
      -- One row, from the first shift on. told_*: where the zone believes the courier to be, as of candidate_version.
      CREATE TABLE courier (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        zone_id TEXT NOT NULL,
        on_shift INTEGER NOT NULL CHECK (on_shift IN (0, 1)),
        capacity INTEGER NOT NULL CHECK (capacity >= 1),
        candidate_version INTEGER NOT NULL DEFAULT 0 CHECK (candidate_version >= 0),
        told_lat REAL,
        told_lng REAL,
        lat REAL NOT NULL,
        lng REAL NOT NULL,
        seen_at_ms INTEGER NOT NULL,
        CHECK ((told_lat IS NULL) = (told_lng IS NULL))
      ) STRICT;

      CREATE TABLE offers (
        offer_id TEXT PRIMARY KEY,
        zone_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        store_id TEXT NOT NULL,
        store_name TEXT NOT NULL,
        pickup_lat REAL NOT NULL,
        pickup_lng REAL NOT NULL,
        to_pickup_m INTEGER NOT NULL,
        trip_m INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('OPEN', 'ACCEPTED', 'REJECTED', 'TIMED_OUT', 'WITHDRAWN')),
        expires_at_ms INTEGER NOT NULL,
        settled_at_ms INTEGER,
        traceparent TEXT,
        CHECK ((status = 'OPEN') = (settled_at_ms IS NULL))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX offers_open ON offers (order_id) WHERE status = 'OPEN';
      CREATE INDEX offers_settled ON offers (settled_at_ms) WHERE status <> 'OPEN';

      -- An accepted offer. details: where to go and whom to ask for, as JSON; forgotten when the job ends.
      CREATE TABLE jobs (
        offer_id TEXT PRIMARY KEY,
        order_id TEXT NOT NULL,
        store_id TEXT NOT NULL,
        status TEXT NOT NULL
          CHECK (status IN ('ACCEPTED', 'TO_STORE', 'PICKED_UP', 'TO_CUSTOMER', 'DELIVERED', 'WITHDRAWN')),
        details TEXT CHECK (details IS NULL OR json_valid(details)),
        accepted_at_ms INTEGER NOT NULL,
        picked_up_at_ms INTEGER,
        departed_at_ms INTEGER,
        ended_at_ms INTEGER,
        end_reason TEXT,
        traceparent TEXT,
        CHECK ((status IN ('DELIVERED', 'WITHDRAWN')) = (ended_at_ms IS NOT NULL)),
        CHECK (ended_at_ms IS NULL OR details IS NULL)
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX jobs_live ON jobs (order_id) WHERE ended_at_ms IS NULL;
      CREATE INDEX jobs_by_order ON jobs (order_id, accepted_at_ms);
      CREATE INDEX jobs_ended ON jobs (ended_at_ms) WHERE ended_at_ms IS NOT NULL;

      -- A proof of delivery that the order was asked to judge, until it has. command: as the app sent it.
      CREATE TABLE proofs (
        order_id TEXT PRIMARY KEY,
        command TEXT NOT NULL CHECK (json_valid(command))
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
