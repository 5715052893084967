import type { Migration } from '../kit/migrate.ts';

/** Tables of a zone: who could carry, which orders wait, who was asked. */
export const ZONE_MIGRATIONS: readonly Migration[] = [
  {
    id: '001_init',
    sql: `
      -- A courier as its object last told. silent_since_ms: an offer went unanswered past all grace; nothing was heard since.
      CREATE TABLE candidates (
        courier_id TEXT PRIMARY KEY,
        version INTEGER NOT NULL CHECK (version > 0),
        on_shift INTEGER NOT NULL CHECK (on_shift IN (0, 1)),
        lat REAL,
        lng REAL,
        load INTEGER NOT NULL CHECK (load >= 0),
        capacity INTEGER NOT NULL CHECK (capacity >= 0),
        told_at_ms INTEGER NOT NULL,
        silent_since_ms INTEGER,
        CHECK ((lat IS NULL) = (lng IS NULL))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX candidates_on_shift ON candidates (courier_id) WHERE on_shift = 1;

      -- An order that has no courier yet. round counts from 1; rest_until_ms is set while nobody is left to ask.
      CREATE TABLE searches (
        order_id TEXT PRIMARY KEY,
        store_id TEXT NOT NULL,
        store_name TEXT NOT NULL,
        pickup_lat REAL NOT NULL,
        pickup_lng REAL NOT NULL,
        trip_m INTEGER NOT NULL,
        ready_at_ms INTEGER NOT NULL,
        requested_at_ms INTEGER NOT NULL,
        round INTEGER NOT NULL DEFAULT 1 CHECK (round >= 1),
        rest_until_ms INTEGER,
        traceparent TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX searches_by_urgency ON searches (ready_at_ms, requested_at_ms, order_id);

      -- The offers of the searches that still run. LOST: unanswered; if it was accepted after all, that counts.
      CREATE TABLE offers (
        offer_id TEXT PRIMARY KEY,
        order_id TEXT NOT NULL,
        courier_id TEXT NOT NULL,
        round INTEGER NOT NULL CHECK (round >= 1),
        status TEXT NOT NULL CHECK (status IN ('OPEN', 'DECLINED', 'UNAVAILABLE', 'LOST')),
        expires_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX offers_one_open ON offers (order_id) WHERE status = 'OPEN';
      CREATE INDEX offers_by_order ON offers (order_id, round);
      CREATE INDEX offers_by_courier ON offers (courier_id, status);
    `,
  },
];
