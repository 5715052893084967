import type { IncomingStatus, OutgoingStatus, TransferEnd } from '../../domain/inventory/transfer.ts';
import type { TransferLot } from '../../domain/inventory/transfer-lots.ts';
import type { StoreId, TransferId } from '../../domain/shared/ids.ts';
import type { Actor, Command } from '../actor.ts';
import type { StockLine } from './store.ts';

/** Lines of one transfer: a van of small goods. */
export const TRANSFER_LINES_MAX = 500;
/** Lots of one transfer, over all its lines: a row and a message of half a megabyte. */
export const TRANSFER_LOTS_MAX = 5_000;
/** Units of one line. */
export const TRANSFER_QUANTITY_MAX = 100_000;

/** At the origin: takes the goods off its ledger and tells the other store. The same note again is the same transfer. */
export interface SendTransfer extends Command {
  readonly do: 'SendTransfer';
  readonly transferId: TransferId;
  readonly toStoreId: StoreId;
  readonly lines: readonly StockLine[];
}
/** At the destination: what was on the van. Less than was sent is a loss that is named; a line left out came with nothing. */
export interface ReceiveTransfer extends Command {
  readonly do: 'ReceiveTransfer';
  readonly transferId: TransferId;
  /** Notes are numbered by the store that sends. */
  readonly fromStoreId: StoreId;
  readonly lines: readonly StockLine[];
}
/** At the origin: asks for the goods back. The destination decides: what it has received stays received. */
export interface CancelTransfer extends Command {
  readonly do: 'CancelTransfer';
  readonly transferId: TransferId;
}

/** From the origin's object. */
export interface ExpectTransfer extends Command {
  readonly do: 'ExpectTransfer';
  readonly transferId: TransferId;
  readonly fromStoreId: StoreId;
  readonly lines: readonly StockLine[];
  /** Absent from a store of the version before, which tells no lots. */
  readonly lots?: readonly TransferLot[];
}
/** From the origin's object: do not receive it any more, if you have not. */
export interface CloseTransfer extends Command {
  readonly do: 'CloseTransfer';
  readonly transferId: TransferId;
  readonly fromStoreId: StoreId;
}
/** From the destination's object: how it ended, said once for ever. */
export interface SettleTransfer extends Command {
  readonly do: 'SettleTransfer';
  readonly transferId: TransferId;
  readonly end: TransferEnd;
}

export interface TransferView {
  readonly transferId: TransferId;
  readonly direction: 'OUT' | 'IN';
  readonly status: OutgoingStatus | IncomingStatus;
  /** The store at the other end. */
  readonly otherStoreId: StoreId;
  readonly lines: readonly StockLine[];
  /** `null` until it is received. */
  readonly received: readonly StockLine[] | null;
  /** Units that were sent and neither arrived nor came back. */
  readonly lost: readonly StockLine[];
  /** The lots that were sent. Absent, as `lostLots`, from a store of the version before. */
  readonly lots?: readonly TransferLot[];
  /** Which lots the lost units are taken to be of; what is lost beyond them is of no known lot. */
  readonly lostLots?: readonly TransferLot[];
}
export interface ListedTransfer extends TransferView {
  readonly changedAtMs: number;
}

export interface TransferCommands {
  readonly SendTransfer: {
    readonly command: SendTransfer;
    readonly answer: TransferView;
    readonly refuses: 'UNKNOWN_SKU' | 'INSUFFICIENT_STOCK' | 'TRANSFER_ID_REUSED' | 'INVALID_INPUT';
  };
  readonly ReceiveTransfer: {
    readonly command: ReceiveTransfer;
    readonly answer: TransferView;
    readonly refuses: 'TRANSFER_NOT_FOUND' | 'TRANSFER_STATE' | 'UNKNOWN_SKU' | 'INVALID_INPUT';
  };
  readonly CancelTransfer: {
    readonly command: CancelTransfer;
    readonly answer: TransferView;
    readonly refuses: 'TRANSFER_NOT_FOUND' | 'TRANSFER_STATE';
  };
  readonly ExpectTransfer: { readonly command: ExpectTransfer; readonly answer: null; readonly refuses: never };
  readonly CloseTransfer: { readonly command: CloseTransfer; readonly answer: null; readonly refuses: never };
  readonly SettleTransfer: {
    readonly command: SettleTransfer;
    readonly answer: null;
    readonly refuses: 'TRANSFER_NOT_FOUND';
  };
}

/** Transfers out and in, those still under way first. */
export interface ListTransfers {
  readonly ask: 'ListTransfers';
  readonly actor: Actor;
}
export interface TransferQuestions {
  readonly ListTransfers: {
    readonly question: ListTransfers;
    readonly answer: { readonly transfers: readonly ListedTransfer[] };
  };
}
