import { Hono } from 'hono';
import * as v from 'valibot';
import {
  ReceiveTransferBody,
  SendTransferBody,
  TransferAnswer,
  TransfersView,
} from '../../contracts/http/transfers.ts';
import { StoreIdText, toTimestamp, TransferIdText } from '../../contracts/wire.ts';
import type { TransferView } from '../../contracts/rpc/store-transfers.ts';
import type { TransferLot } from '../../domain/inventory/transfer-lots.ts';
import { asSku, asStoreId, asTransferId } from '../../domain/shared/ids.ts';
import { dayEndingAt } from '../best-before.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { askStore, RETRY_KEY_HEADER, signedBy, tellStore } from '../store-call.ts';
import { Storefront } from '../storefront.ts';
import { body, params } from '../validate.ts';

const access = ['staff', 'operator'] as const;
const tag = 'Floor';
const StoreParams = v.strictObject({ storeId: StoreIdText });
const TransferParams = v.strictObject({ storeId: StoreIdText, transferId: TransferIdText });

/** Goods between two stores. */
export const transfers = new Hono<AppEnv>()
  .get(
    '/stores/:storeId/transfers',
    endpoint({
      access,
      tag,
      summary: 'Transfers of a store, out and in, those under way first',
      answers: { 200: TransfersView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    async (c) => {
      const asked = await askStore(c, c.req.valid('param').storeId, { ask: 'ListTransfers', actor: c.var.actor });
      if (!asked.ok) return problem(c, asked.error);
      const listed = asked.value.transfers.map(({ changedAtMs, ...transfer }) => ({
        ...answerOf(transfer),
        changedAt: toTimestamp(changedAtMs),
      }));
      return c.json({ transfers: listed }, 200);
    },
  )
  .post(
    '/stores/:storeId/transfers',
    endpoint({
      access,
      tag,
      summary: 'Send goods to another store',
      description:
        'Takes them off this store’s ledger; they are in transit until the other store receives them. The same number with the same goods is the same transfer.',
      answers: { 200: TransferAnswer },
      refuses: [
        'INVALID_INPUT',
        'NOT_FOUND',
        'UNKNOWN_SKU',
        'INSUFFICIENT_STOCK',
        'TRANSFER_ID_REUSED',
        'OP_ID_REUSED',
        'UNAVAILABLE',
      ],
      headers: RETRY_KEY_HEADER,
    }),
    params(StoreParams),
    body(SendTransferBody),
    async (c) => {
      const { transferId, toStoreId, lines } = c.req.valid('json');
      // Goods that are sent to a store that is not there would be on the road for ever.
      const to = await new Storefront(c).store(asStoreId(toStoreId));
      if (!to.ok) return problem(c, to.error);
      const told = await tellStore(c, c.req.valid('param').storeId, {
        ...signedBy(c),
        do: 'SendTransfer',
        transferId: asTransferId(transferId),
        toStoreId: to.value.id,
        lines: lines.map(({ sku, quantity }) => ({ sku: asSku(sku), quantity })),
      });
      return told.ok ? c.json(answerOf(told.value), 200) : problem(c, told.error);
    },
  )
  .post(
    '/stores/:storeId/transfers/:transferId/receive',
    endpoint({
      access,
      tag,
      summary: 'Receive what another store sent',
      description:
        'Less than was sent is a loss that is named, by lot too: what is missing is taken to be of no known lot first, then of the lots that last longest. A line left out came with nothing.',
      answers: { 200: TransferAnswer },
      refuses: [
        'INVALID_INPUT',
        'NOT_FOUND',
        'UNKNOWN_SKU',
        'TRANSFER_NOT_FOUND',
        'TRANSFER_STATE',
        'OP_ID_REUSED',
        'UNAVAILABLE',
      ],
      headers: RETRY_KEY_HEADER,
    }),
    params(TransferParams),
    body(ReceiveTransferBody),
    async (c) => {
      const { storeId, transferId } = c.req.valid('param');
      const { fromStoreId, lines } = c.req.valid('json');
      const told = await tellStore(c, storeId, {
        ...signedBy(c),
        do: 'ReceiveTransfer',
        transferId: asTransferId(transferId),
        fromStoreId: asStoreId(fromStoreId),
        lines: lines.map(({ sku, quantity }) => ({ sku: asSku(sku), quantity })),
      });
      return told.ok ? c.json(answerOf(told.value), 200) : problem(c, told.error);
    },
  )
  .post(
    '/stores/:storeId/transfers/:transferId/cancel',
    endpoint({
      access,
      tag,
      summary: 'Call back what was sent to another store',
      description:
        'The other store decides: what it has received stays received; otherwise the goods are on this store’s ledger again as soon as it has closed the transfer.',
      answers: { 200: TransferAnswer },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'TRANSFER_NOT_FOUND', 'TRANSFER_STATE', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    params(TransferParams),
    async (c) => {
      const { storeId, transferId } = c.req.valid('param');
      const command = { ...signedBy(c), do: 'CancelTransfer', transferId: asTransferId(transferId) } as const;
      const told = await tellStore(c, storeId, command);
      return told.ok ? c.json(answerOf(told.value), 200) : problem(c, told.error);
    },
  );

function answerOf({ lines, lots = [], received, lost, lostLots = [], ...transfer }: TransferView): TransferAnswer {
  return {
    ...transfer,
    lines: [...lines],
    lots: lots.map(lotView),
    received: received === null ? null : [...received],
    lost: [...lost],
    lostLots: lostLots.map(lotView),
  };
}

function lotView({ bestBeforeMs, ...lot }: TransferLot): TransferAnswer['lots'][number] {
  return { ...lot, bestBefore: bestBeforeMs === null ? null : dayEndingAt(bestBeforeMs) };
}
