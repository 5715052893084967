import type { Guard } from './guard.ts';

/** What stands between the money of an order and a broken promise. */
export const MONEY_GUARDS: readonly Guard[] = [
  {
    name: 'no more goes back than is left of what was taken',
    file: 'domain/order/refund.ts',
    intact: 'amountMinor > leftMinor) {',
    broken: 'amountMinor > leftMinor + 1) {',
    tests: ['domain/order/refund.test.ts'],
  },
  {
    name: 'one refund id is one refund',
    file: 'domain/order/refund.ts',
    intact: 'if (state.refunds.some(({ refundId }) => refundId === wish.refundId)) return done([]);',
    broken: '',
    tests: ['domain/order/refund.test.ts'],
  },
  {
    name: 'what is taken beyond what is owed goes back',
    file: 'domain/order/saga.ts',
    intact: 'if (surplus !== null) return [surplus];',
    broken: '',
    tests: ['domain/order/refund.test.ts'],
  },
  {
    name: 'what is in the bags is said once',
    file: 'domain/order/decide.ts',
    intact: 'if (state.packed !== null) return refused({',
    broken: 'if (state.packed === undefined) return refused({',
    tests: ['domain/order/order-money.test.ts'],
  },
  {
    name: 'the books of a sale hold every part of it',
    file: 'domain/money/ledger.ts',
    intact: "credit('tips', charge.tipMinor),",
    broken: '',
    tests: ['domain/money/ledger.test.ts'],
  },
  {
    name: 'nobody pays for weight above the ceiling',
    file: 'domain/pricing/catch-weight.ts',
    intact: 'return Math.min(grams, ceilingGrams(weighed, units));',
    broken: 'return grams;',
    tests: ['domain/pricing/catch-weight.test.ts'],
  },
  {
    name: 'what is weighed is charged by its weight',
    file: 'domain/order/charge.ts',
    intact: 'if (weighed === undefined || grams === undefined) {',
    broken: 'if (weighed === undefined || grams === undefined || units > 0) {',
    tests: ['domain/order/charge.test.ts'],
  },
  {
    name: 'what is reserved is the ceiling',
    file: 'domain/order/saga.ts',
    intact: 'return ceilingOf(quoteOf(state));',
    broken: 'return quoteOf(state).totalMinor;',
    tests: ['domain/order/order-money.test.ts'],
  },
  {
    name: 'a higher ceiling than was quoted needs a new consent',
    file: 'domain/pricing/quote.ts',
    intact: 'ceilingOf(offer) <= quotedCeilingMinor(quote) &&',
    broken: '',
    tests: ['domain/pricing/quote.test.ts'],
  },
  {
    name: 'what is sold by weight is in no tote before it is weighed',
    file: 'domain/picking/scan.ts',
    intact: 'if (needsWeight && scannedMg === 0)',
    broken: 'if (needsWeight && scannedMg < 0)',
    tests: ['domain/picking/scan.test.ts'],
  },
  {
    name: 'a refund is in the currency of its order',
    file: 'domain/order/refund.ts',
    intact: 'if (wish.currency !== currency)',
    broken: 'if (wish.currency === undefined)',
    tests: ['domain/order/refund.test.ts'],
  },
  {
    name: 'a sweep takes back what nobody wants',
    file: 'domain/order/reconcile.ts',
    intact: "if (books.status === 'CAPTURED' && books.refundedMinor === 0) {",
    broken: 'if (books.refundedMinor < 0) {',
    tests: ['domain/order/reconcile.test.ts'],
  },
];
