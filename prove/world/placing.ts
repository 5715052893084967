import { createHash } from 'node:crypto';
import { RPC_VERSION } from '../../contracts/actor.ts';
import type { CheckoutView } from '../../contracts/rpc/customer.ts';
import type { PlaceOrder } from '../../contracts/rpc/order.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { OrderId, StoreId, UserId } from '../../domain/shared/ids.ts';
import { candidateAt } from './shelves.ts';
import type { BasketLine } from './shelves.ts';

/** What a customer asks for, as a body of `POST orders` says it. */
export interface Wanted {
  readonly customerId: UserId;
  readonly orderId: OrderId;
  /** In their order of preference. */
  readonly stores: readonly StoreId[];
  readonly basket: readonly BasketLine[];
  readonly token: string;
  /** What else the body says, such as a quote: another text is another body. */
  readonly also?: string;
  /** Ordered as the cart of this version. */
  readonly cartVersion?: number;
}

/** The digest of the body that asks for it. */
export function digestOf({ basket, token, also, cartVersion }: Wanted): string {
  return sha256Hex(JSON.stringify([basket, token, also ?? null, cartVersion ?? null]));
}

/** What the edge makes of a body: prices of the stores, and the checkout of a cart that was opened. */
export function placeCommand(wanted: Wanted, checkout: CheckoutView | null): PlaceOrder {
  const { customerId, orderId, stores, basket, token } = wanted;
  const lines = checkout?.lines ?? basket;
  return {
    v: RPC_VERSION,
    actor: { kind: 'customer', userId: customerId },
    opId: asOpId(`place:${orderId}`),
    orderId,
    customerId,
    bodyDigest: digestOf(wanted),
    drop: { lat: 12.98, lng: 77.6 },
    dropNote: '',
    candidates: stores.map((storeId) => candidateAt(storeId, lines)),
    payment: { method: 'sandbox', token },
    ...(checkout !== null && { cart: { version: checkout.cartVersion, hold: checkout.hold } }),
  };
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
