import type { OrderCursor } from '../db/queries/orders.ts';
import { asOrderId, isId } from '../domain/shared/ids.ts';

/** Where a page of orders ended, as the opaque text of `nextCursor`. */
export function toOrderCursorText({ createdAtMs, id }: OrderCursor): string {
  return `${createdAtMs}_${id}`;
}

/** `<ms>_<order id>`, or `null` for a cursor that is none of ours. */
export function readOrderCursor(text: string): OrderCursor | null {
  const [, createdAtMs, id] = /^(\d{1,15})_(ord_\w{26})$/.exec(text) ?? [];
  return createdAtMs === undefined || id === undefined || !isId('OrderId', id)
    ? null
    : { createdAtMs: Number(createdAtMs), id: asOrderId(id) };
}
