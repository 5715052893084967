import type { Guard } from './guard.ts';

/** What stands between a customer's object and a broken promise. */
export const CUSTOMER_GUARDS: readonly Guard[] = [
  {
    name: 'a cart that is being ordered is not ordered again',
    file: 'domain/cart/checkout.ts',
    intact: "if (open !== null) return err({ code: 'CHECKOUT_OPEN', orderId: open.orderId });",
    broken: '',
    tests: ['domain/cart/checkout.test.ts'],
  },
  {
    name: 'a cart that holds something else has another hold',
    file: 'domain/cart/change.ts',
    intact: 'holdNo: holdsTheSame ? holdNo : holdNo + 1',
    broken: 'holdNo',
    tests: ['domain/cart/change.test.ts'],
  },
  {
    name: 'the hold of a cart that is gone is made anew',
    file: 'durable/order/store-hold.ts',
    intact: 'if (!isGone(promoted)) return promoted;',
    broken: 'return promoted;',
    tests: ['durable/order/store-hold.test.ts'],
  },
  {
    name: 'an order asks what became of its promote before it holds',
    file: 'durable/order/store-hold.ts',
    intact: 'return promoted === null || isGone(promoted) ? null : promoted;',
    broken: 'return promoted;',
    tests: ['durable/order/store-hold.test.ts'],
  },
  {
    name: 'a wallet gives out no more than it has',
    file: 'domain/wallet/wallet.ts',
    intact: "if (amountMinor > wallet.availableMinor) return err('insufficient_funds');",
    broken: '',
    tests: ['domain/wallet/wallet.test.ts'],
  },
  {
    name: 'no more comes back into a wallet than was taken',
    file: 'domain/wallet/wallet.ts',
    intact: "if (refundedMinor > known.capturedMinor) return err('above_captured');",
    broken: '',
    tests: ['domain/wallet/wallet.test.ts'],
  },
  {
    name: 'the table of a wallet keeps it from going below zero',
    file: 'durable/customer/customer-migrations.ts',
    intact: 'available_minor INTEGER NOT NULL CHECK (available_minor >= 0),',
    broken: 'available_minor INTEGER NOT NULL,',
    tests: ['durable/customer/customer-migrations.test.ts'],
  },
  {
    name: 'two orders of one cart are refused by the table',
    file: 'durable/customer/customer-migrations.ts',
    intact: "CREATE UNIQUE INDEX checkouts_one_open ON checkouts (cart_version) WHERE status = 'OPEN';",
    broken: '',
    tests: ['durable/customer/customer-migrations.test.ts'],
  },
];
