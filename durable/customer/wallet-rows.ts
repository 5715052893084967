import { readOwnJson } from '../../contracts/own-json.ts';
import type { WalletEntryView } from '../../contracts/rpc/customer.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { postedTo } from '../../domain/wallet/ledger.ts';
import type { Entry, EntryKind, Posting } from '../../domain/wallet/ledger.ts';
import { EMPTY_WALLET } from '../../domain/wallet/wallet.ts';
import type { Wallet, WalletPayment } from '../../domain/wallet/wallet.ts';
import type { SqlPort } from '../kit/sql.ts';

type EntryRow = {
  readonly seq: number;
  readonly kind: EntryKind;
  readonly order_id: OrderId | null;
  readonly postings: string;
  readonly at_ms: number;
};
/** Who made an entry, when, and what was said about it. */
export interface EntryStamp {
  readonly by: { readonly kind: string; readonly id: string };
  readonly reason: string | null;
  readonly atMs: number;
}

/** The wallet's books; written inside a transaction only. */
export class WalletRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  get(): Wallet {
    const row = this.#sql.all<{ currency: string | null; available_minor: number; reserved_minor: number }>(
      'SELECT currency, available_minor, reserved_minor FROM wallet',
    )[0];
    if (row === undefined) return EMPTY_WALLET;
    return { currency: row.currency, availableMinor: row.available_minor, reservedMinor: row.reserved_minor };
  }

  payment(orderId: OrderId): WalletPayment | null {
    const row = this.#sql.all<{
      status: WalletPayment['status'];
      authorized_minor: number;
      captured_minor: number;
      refunded_minor: number;
    }>(
      'SELECT status, authorized_minor, captured_minor, refunded_minor FROM wallet_payments WHERE order_id = ?',
      orderId,
    )[0];
    if (row === undefined) return null;
    const { status, authorized_minor, captured_minor, refunded_minor } = row;
    return {
      orderId,
      status,
      authorizedMinor: authorized_minor,
      capturedMinor: captured_minor,
      refundedMinor: refunded_minor,
    };
  }

  savePayment({ orderId, status, authorizedMinor, capturedMinor, refundedMinor }: WalletPayment): void {
    this.#sql.run(
      `INSERT INTO wallet_payments (order_id, status, authorized_minor, captured_minor, refunded_minor) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, authorized_minor = excluded.authorized_minor,
         captured_minor = excluded.captured_minor, refunded_minor = excluded.refunded_minor`,
      orderId,
      status,
      authorizedMinor,
      capturedMinor,
      refundedMinor,
    );
  }

  /** The balance with the entry that made it so. */
  post({ currency, availableMinor, reservedMinor }: Wallet, entry: Entry, { by, reason, atMs }: EntryStamp): void {
    this.#sql.run(
      `INSERT INTO wallet (only_row, currency, available_minor, reserved_minor) VALUES (1, ?, ?, ?)
       ON CONFLICT (only_row) DO UPDATE SET currency = excluded.currency, available_minor = excluded.available_minor,
         reserved_minor = excluded.reserved_minor`,
      currency,
      availableMinor,
      reservedMinor,
    );
    this.#sql.run(
      'INSERT INTO wallet_entries (kind, order_id, postings, by_kind, by_id, reason, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
      entry.kind,
      entry.orderId,
      JSON.stringify(entry.postings),
      by.kind,
      by.id,
      reason,
      atMs,
    );
  }

  /** Entries below a number, newest first. */
  page(before: number, limit: number): WalletEntryView[] {
    return this.#sql
      .all<EntryRow>(
        'SELECT seq, kind, order_id, postings, at_ms FROM wallet_entries WHERE seq < ? ORDER BY seq DESC LIMIT ?',
        before,
        limit,
      )
      .map(toView);
  }
}

function toView({ seq, kind, order_id: orderId, postings, at_ms: atMs }: EntryRow): WalletEntryView {
  const entry = { kind, orderId, postings: readOwnJson<readonly Posting[]>(postings) };
  const [availableMinor, reservedMinor] = [postedTo(entry, 'available'), postedTo(entry, 'reserved')];
  return { seq, kind, orderId, availableMinor, reservedMinor, atMs };
}
