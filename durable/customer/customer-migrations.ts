import type { Migration } from '../kit/migrate.ts';

/** Tables of a customer: the cart, its checkouts, the wallet's ledger. */
export const CUSTOMER_MIGRATIONS: readonly Migration[] = [
  {
    id: '001_init',
    sql: `
      -- The one cart, read and written as a whole: at most 100 lines.
      CREATE TABLE cart (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        version INTEGER NOT NULL CHECK (version > 0),
        hold_no INTEGER NOT NULL CHECK (hold_no >= 0),
        content TEXT NOT NULL
      ) STRICT;

      -- Which order is, or was, made of which version. checkout: what the order was told, and is told again.
      CREATE TABLE checkouts (
        order_id TEXT PRIMARY KEY,
        cart_version INTEGER NOT NULL,
        body_digest TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('OPEN', 'CONFIRMED', 'FAILED', 'LAPSED')),
        checkout TEXT NOT NULL,
        opened_at_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX checkouts_one_open ON checkouts (cart_version) WHERE status = 'OPEN';
      CREATE INDEX checkouts_by_age ON checkouts (opened_at_ms);

      -- Sums of the postings below; the checks stop a wallet from going below zero whatever the code does.
      CREATE TABLE wallet (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        currency TEXT,
        available_minor INTEGER NOT NULL CHECK (available_minor >= 0),
        reserved_minor INTEGER NOT NULL CHECK (reserved_minor >= 0)
      ) STRICT;
      CREATE TABLE wallet_payments (
        order_id TEXT PRIMARY KEY,
        status TEXT NOT NULL CHECK (status IN ('AUTHORIZED', 'DECLINED', 'CAPTURED', 'VOIDED', 'REFUNDED')),
        authorized_minor INTEGER NOT NULL,
        captured_minor INTEGER NOT NULL CHECK (captured_minor <= authorized_minor),
        refunded_minor INTEGER NOT NULL CHECK (refunded_minor <= captured_minor)
      ) STRICT, WITHOUT ROWID;

      -- The ledger: entries are appended and never changed. postings: accounts and amounts that sum to zero.
      CREATE TABLE wallet_entries (
        seq INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        order_id TEXT,
        postings TEXT NOT NULL,
        by_kind TEXT NOT NULL,
        by_id TEXT NOT NULL,
        reason TEXT,
        at_ms INTEGER NOT NULL
      ) STRICT;
    `,
  },
];
