import * as v from 'valibot';
import { TRANSFER_LINES_MAX, TRANSFER_QUANTITY_MAX } from '../rpc/store-transfers.ts';
import { DayText } from './stock.ts';
import { LotIdText, SkuText, StoreIdText, Timestamp, TransferIdText } from '../wire.ts';

const TransferLine = v.strictObject({
  sku: SkuText,
  quantity: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(TRANSFER_QUANTITY_MAX)),
});
const TransferLines = v.pipe(v.array(TransferLine), v.maxLength(TRANSFER_LINES_MAX));

const TransferLotView = v.strictObject({
  ...TransferLine.entries,
  lotId: LotIdText,
  /** The last day on which it is at its best. */
  bestBefore: v.nullable(DayText),
});

export const SendTransferBody = v.strictObject({
  /** The number on the transfer note. The same number again is the same transfer. */
  transferId: TransferIdText,
  toStoreId: StoreIdText,
  lines: v.pipe(TransferLines, v.minLength(1)),
});
export const ReceiveTransferBody = v.strictObject({
  /** Notes are numbered by the store that sends. */
  fromStoreId: StoreIdText,
  /** What was on the van; a line left out came with nothing. */
  lines: TransferLines,
});

const transferEntries = {
  transferId: TransferIdText,
  direction: v.picklist(['OUT', 'IN']),
  /** At the store that sends: in transit, then received, or cancelling and cancelled. At the other: expected, then received or closed. */
  status: v.picklist(['IN_TRANSIT', 'CANCELLING', 'CANCELLED', 'EXPECTED', 'CLOSED', 'RECEIVED']),
  /** The store at the other end. */
  otherStoreId: StoreIdText,
  lines: v.array(TransferLine),
  /** The lots on the van, as the store that sent them knows them. */
  lots: v.array(TransferLotView),
  /** null until it is received. */
  received: v.nullable(v.array(TransferLine)),
  /** Units that were sent and neither arrived nor came back. */
  lost: v.array(TransferLine),
  /** Lots that the lost units are taken to be of: those that last longest, once the units of no known lot are missing. */
  lostLots: v.array(TransferLotView),
};
export const TransferAnswer = v.strictObject(transferEntries);
export type TransferAnswer = v.InferOutput<typeof TransferAnswer>;
export const TransfersView = v.strictObject({
  transfers: v.array(v.strictObject({ ...transferEntries, changedAt: Timestamp })),
});
