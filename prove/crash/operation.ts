import type * as v from 'valibot';
import { ReceiptAnswer } from '../../contracts/http/admin.ts';
import { HoldAnswer } from '../../contracts/http/holds.ts';
import { OrderView } from '../../contracts/http/orders.ts';
import { TransferAnswer } from '../../contracts/http/transfers.ts';
import type { LatLng } from '../../domain/shared/geo.ts';
import type { ApiRequest } from '../../scripts/client/http.ts';

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** Who asks: the n-th customer, another seller by its key, or the operator. */
export type Asker = number | 'channel' | 'operator';

/** One thing that a client wants done. It wants it once, however often it has to ask: whatever makes a retry known is in it. */
export type Operation =
  /** `holdId` is what the key makes of it; `forS`, a channel's choice of how long. */
  | (Common<'hold'> & {
      readonly storeId: string;
      readonly holdId: string;
      readonly lines: readonly Line[];
      readonly forS: number | null;
    })
  | (Common<'release'> & { readonly storeId: string; readonly holdId: string })
  | (Common<'receive'> & { readonly storeId: string; readonly lines: readonly Line[] })
  | (Common<'send'> & { readonly storeId: string; readonly toStoreId: string; readonly lines: readonly Line[] })
  /** `key` is not the transfer's: it is asked for at another store. */
  | (Common<'unload'> & {
      readonly storeId: string;
      readonly fromStoreId: string;
      readonly transferId: string;
      readonly lines: readonly Line[];
    })
  | (Common<'callBack'> & { readonly storeId: string; readonly transferId: string })
  | (Common<'order'> & { readonly deliverTo: LatLng; readonly lines: readonly Line[] });

interface Common<What extends string> {
  readonly do: What;
  /** Unique among all operations. */
  readonly key: string;
  readonly asker: Asker;
}

export type Do = Operation['do'];
export type OperationOf<D extends Do> = Extract<Operation, { readonly do: D }>;

/** What an operation is answered when it is done. */
export const ANSWERS = {
  hold: HoldAnswer,
  release: HoldAnswer,
  receive: ReceiptAnswer,
  send: TransferAnswer,
  unload: TransferAnswer,
  callBack: TransferAnswer,
  order: OrderView,
} as const;
export type BodyOf<D extends Do> = v.InferOutput<(typeof ANSWERS)[D]>;

export function requestOf(operation: Operation): ApiRequest {
  switch (operation.do) {
    case 'hold': {
      const { storeId, key, lines, forS } = operation;
      const headers = { 'idempotency-key': key };
      return post(`/stores/${storeId}/holds`, { lines, ...(forS === null ? {} : { forS }) }, headers);
    }
    case 'release':
      return post(`/stores/${operation.storeId}/holds/${operation.holdId}/release`);
    case 'receive':
      return post(`/admin/stores/${operation.storeId}/receipts`, { receiptId: operation.key, lines: operation.lines });
    case 'send': {
      const { storeId, key: transferId, toStoreId, lines } = operation;
      return post(`/stores/${storeId}/transfers`, { transferId, toStoreId, lines });
    }
    case 'unload': {
      const { storeId, transferId, fromStoreId, lines } = operation;
      return post(`/stores/${storeId}/transfers/${transferId}/receive`, { fromStoreId, lines });
    }
    case 'callBack':
      return post(`/stores/${operation.storeId}/transfers/${operation.transferId}/cancel`);
    case 'order': {
      const { deliverTo, lines, key } = operation;
      return post('/orders', { deliverTo, lines, payment: { method: 'cod' } }, { 'idempotency-key': key });
    }
  }
}

function post(path: string, body?: unknown, headers: Record<string, string> = {}): ApiRequest {
  return { method: 'POST', path: `/api/v1${path}`, headers, ...(body === undefined ? {} : { body }) };
}

/** As a violation tells of it. */
export function inWords(operation: Operation): string {
  const lines =
    'lines' in operation ? ` of ${operation.lines.map(({ sku, quantity }) => `${quantity} x ${sku}`).join(', ')}` : '';
  return `${operation.do} ${operation.key}${lines}`;
}
