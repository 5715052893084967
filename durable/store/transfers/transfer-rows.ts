import { readOwnJson } from '../../../contracts/own-json.ts';
import type { ListedTransfer, TransferView } from '../../../contracts/rpc/store-transfers.ts';
import type { BasketLine } from '../../../domain/inventory/basket-lines.ts';
import { lostLines, lostLots } from '../../../domain/inventory/transfer.ts';
import type { Incoming, IncomingStatus, Outgoing, OutgoingStatus } from '../../../domain/inventory/transfer.ts';
import type { TransferLot } from '../../../domain/inventory/transfer-lots.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import type { StoreId, TransferId } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

// Ids in our own tables were checked on their way in, so rows are typed as branded.
type Row<Status> = {
  readonly transfer_id: TransferId;
  readonly other_store_id: StoreId;
  readonly status: Status;
  readonly lines: string;
  readonly lots: string;
  readonly received: string | null;
  readonly changed_at_ms: number;
};
type OutRow = Row<OutgoingStatus>;
type InRow = Row<IncomingStatus>;

const OUT =
  'transfer_id, to_store_id AS other_store_id, status, lines, lots, received, changed_at_ms FROM transfers_out';
const IN =
  'transfer_id, from_store_id AS other_store_id, status, lines, lots, received, changed_at_ms FROM transfers_in';

/** Transfers as rows, those that this store sent and those that it gets. None is deleted: a message may come late. */
export class TransferRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  outgoing(transferId: TransferId): Outgoing | undefined {
    const row = this.#sql.all<OutRow>(`SELECT ${OUT} WHERE transfer_id = ?`, transferId)[0];
    return row === undefined ? undefined : toOutgoing(row);
  }

  incoming(fromStoreId: StoreId, transferId: TransferId): Incoming | undefined {
    const row = this.#sql.all<InRow>(
      `SELECT ${IN} WHERE from_store_id = ? AND transfer_id = ?`,
      fromStoreId,
      transferId,
    )[0];
    return row === undefined ? undefined : toIncoming(row);
  }

  saveOutgoing(transfer: Outgoing, nowMs: number): void {
    this.#sql.run(
      `INSERT INTO transfers_out (transfer_id, to_store_id, status, lines, lots, received, changed_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (transfer_id) DO UPDATE SET status = excluded.status, received = excluded.received,
        changed_at_ms = excluded.changed_at_ms`,
      transfer.transferId,
      transfer.toStoreId,
      transfer.status,
      JSON.stringify(transfer.lines),
      JSON.stringify(transfer.lots),
      receivedJson(transfer),
      nowMs,
    );
  }

  saveIncoming(transfer: Incoming, nowMs: number): void {
    this.#sql.run(
      `INSERT INTO transfers_in (from_store_id, transfer_id, status, lines, lots, received, changed_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (from_store_id, transfer_id) DO UPDATE SET status = excluded.status, received = excluded.received,
        changed_at_ms = excluded.changed_at_ms`,
      transfer.fromStoreId,
      transfer.transferId,
      transfer.status,
      JSON.stringify(transfer.lines),
      JSON.stringify(transfer.lots),
      receivedJson(transfer),
      nowMs,
    );
  }

  /** Those under way first, then the latest; out and in together, at most `limit` each. */
  list(limit: number): ListedTransfer[] {
    const outgoing = this.#sql.all<OutRow>(
      `SELECT ${OUT} ORDER BY status IN ('IN_TRANSIT', 'CANCELLING') DESC, changed_at_ms DESC, transfer_id LIMIT ?`,
      limit,
    );
    const incoming = this.#sql.all<InRow>(
      `SELECT ${IN} ORDER BY status = 'EXPECTED' DESC, changed_at_ms DESC, transfer_id LIMIT ?`,
      limit,
    );
    return [
      ...outgoing.map((row) => ({ ...outgoingView(toOutgoing(row)), changedAtMs: row.changed_at_ms })),
      ...incoming.map((row) => ({ ...incomingView(toIncoming(row)), changedAtMs: row.changed_at_ms })),
    ];
  }
}

export function outgoingView(transfer: Outgoing): TransferView {
  return { ...viewOf(transfer), direction: 'OUT', otherStoreId: transfer.toStoreId };
}

export function incomingView(transfer: Incoming): TransferView {
  return { ...viewOf(transfer), direction: 'IN', otherStoreId: transfer.fromStoreId };
}

function viewOf(transfer: Outgoing | Incoming): Omit<TransferView, 'direction' | 'otherStoreId'> {
  const { transferId, status, lines, lots } = transfer;
  const received = transfer.status === 'RECEIVED' ? transfer.received : null;
  return { transferId, status, lines, lots, received, lost: lostLines(transfer), lostLots: lostLots(transfer) };
}

function toOutgoing({ transfer_id: transferId, other_store_id: toStoreId, status, ...row }: OutRow): Outgoing {
  const terms = { transferId, toStoreId, ...cargoOf(row) };
  return status === 'RECEIVED' ? { ...terms, status, received: receivedOf(row.received) } : { ...terms, status };
}

function toIncoming({ transfer_id: transferId, other_store_id: fromStoreId, status, ...row }: InRow): Incoming {
  const terms = { transferId, fromStoreId, ...cargoOf(row) };
  return status === 'RECEIVED' ? { ...terms, status, received: receivedOf(row.received) } : { ...terms, status };
}

function cargoOf({ lines, lots }: Pick<OutRow, 'lines' | 'lots'>): Pick<Outgoing, 'lines' | 'lots'> {
  return { lines: readOwnJson<BasketLine[]>(lines), lots: readOwnJson<TransferLot[]>(lots) };
}

function receivedOf(json: string | null): BasketLine[] {
  invariant(json !== null, 'a transfer was received with nothing said of what');
  return readOwnJson<BasketLine[]>(json);
}

function receivedJson(transfer: Outgoing | Incoming): string | null {
  return transfer.status === 'RECEIVED' ? JSON.stringify(transfer.received) : null;
}
