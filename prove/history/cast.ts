import type { Actor } from '../../contracts/actor.ts';
import {
  asChannelId,
  asCourierId,
  asHoldId,
  asOrderId,
  asSku,
  asStoreId,
  asTransferId,
  asUserId,
} from '../../domain/shared/ids.ts';
import type { HoldId, OrderId, Sku, StoreId, TransferId, UserId } from '../../domain/shared/ids.ts';

// Who and what a history is about: few of each, so that they meet.

export const SKUS: readonly Sku[] = ['EGGS', 'MILK', 'TEA'].map(asSku);
/** When a history begins; its clock is its own. */
export const OPENS_AT_MS = 1_800_000_000_000;
/** Units of each on the shelf when a history begins. */
export const OPENING_UNITS = 6;

/** The store that is tried, and one that sends goods to it and gets goods from it. */
export const STORES = [storeAt(1), storeAt(2)] as const;
export type StoreIndex = 0 | 1;

export const OPERATOR: Actor = { kind: 'operator', userId: userAt(1) };
export const PICKERS = [userAt(2), userAt(3)] as const;
const CUSTOMER: Actor = { kind: 'customer', userId: userAt(4) };
const CHANNEL: Actor = { kind: 'channel', channelId: asChannelId('bazaar') };

/** Whose basket it is. */
export type Buyer = 'order' | 'customer' | 'channel';

export function actorOf(buyer: Buyer, order: number): Actor {
  switch (buyer) {
    case 'order':
      return { kind: 'object', object: 'order', id: orderAt(order) };
    case 'customer':
      return CUSTOMER;
    case 'channel':
      return CHANNEL;
  }
}
/** Customer or channel, as an order names the owner of the cart that it was made of. */
export function ownerOf(buyer: 'customer' | 'channel') {
  return buyer === 'customer' ? userAt(4) : asChannelId('bazaar');
}
export function pickerActor(picker: 0 | 1): Actor {
  return { kind: 'staff', userId: PICKERS[picker], storeId: STORES[0] };
}

/** Eight digits that a scanner reads of a SKU. */
export function barcodeOf(sku: Sku): string {
  return `2000000${SKUS.indexOf(sku)}`;
}

export const COURIER = asCourierId(`cou_${body(1)}`);
export const HANDOVER_CODE = '123456';

export function holdAt(n: number): HoldId {
  return asHoldId(`hld_${body(n)}`);
}
export function orderAt(n: number): OrderId {
  return asOrderId(`ord_${body(n)}`);
}
export function transferAt(n: number): TransferId {
  return asTransferId(`TRF-${String(n).padStart(4, '0')}`);
}
function userAt(n: number): UserId {
  return asUserId(`usr_${body(n)}`);
}
function storeAt(n: number): StoreId {
  return asStoreId(`sto_${body(n)}`);
}
function body(n: number): string {
  return String(n).padStart(26, '0');
}
