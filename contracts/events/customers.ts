import * as v from 'valibot';
import { Count, CurrencyText, MinorAmount, OrderIdText, Quantity, SkuText, StoreIdText } from '../wire.ts';
import { defineTopic } from './topic.ts';

/** The cart's version after it. */
const Version = { version: Count };
const WalletMoved = v.object({
  orderId: v.optional(OrderIdText),
  amountMinor: MinorAmount,
  currency: CurrencyText,
});

/** Subject: the customer. Key: the customer's user id. No notes, no addresses, no allergens: a log cannot forget. */
export const CUSTOMER_EVENTS = defineTopic({
  name: 'customers.events.v1',
  partitions: 12,
  retentionDays: 365,
  schemas: {
    'cart.line_set': v.object({ ...Version, sku: SkuText, quantity: Quantity }),
    'cart.line_removed': v.object({ ...Version, sku: SkuText }),
    'cart.cleared': v.object(Version),
    'cart.terms_set': v.object({ ...Version, storeId: v.optional(StoreIdText) }),
    'cart.merged': v.object({ ...Version, lines: Count }),
    'cart.checkout_opened': v.object({ ...Version, orderId: OrderIdText }),
    'cart.checkout_settled': v.object({
      ...Version,
      orderId: OrderIdText,
      outcome: v.picklist(['CONFIRMED', 'FAILED', 'LAPSED']),
    }),
    'wallet.credited': WalletMoved,
    'wallet.reserved': WalletMoved,
    'wallet.captured': WalletMoved,
    'wallet.voided': WalletMoved,
    'wallet.refunded': WalletMoved,
  },
});
