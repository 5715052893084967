import { expect, test } from 'vitest';
import { asSku, asStoreId, asUserId } from '../shared/ids.ts';
import { changesSince, isWithin } from './quote.ts';
import type { OfferNow, Quote } from './quote.ts';
import { totalsOf } from './totals.ts';

const STORE = asStoreId(`sto_${'0'.repeat(26)}`);
const OTHER = asStoreId(`sto_${'1'.repeat(26)}`);
const [TEA, MILK] = [asSku('TEA'), asSku('MILK')];
const OFFER: OfferNow = {
  storeId: STORE,
  currency: 'INR',
  lines: [
    { sku: MILK, quantity: 2, unitPriceMinor: 3_000 },
    { sku: TEA, quantity: 1, unitPriceMinor: 9_000 },
  ],
  ...totalsOf({ itemsMinor: 15_000, deliveryFeeMinor: 2_500, totalMinor: 17_500 }),
  promiseMs: 840_000,
};
const QUOTE: Quote = {
  customerId: asUserId(`usr_${'0'.repeat(26)}`),
  deliverTo: { lat: 12.9, lng: 77.6 },
  storeId: STORE,
  currency: 'INR',
  lines: OFFER.lines,
  totals: totalsOf(OFFER),
  promiseMs: OFFER.promiseMs,
  expiresAtMs: 1,
};

test('an offer that is as quoted has no changes and needs no new consent [K4]', () => {
  expect(changesSince(QUOTE, OFFER)).toEqual([]);
  expect(isWithin(QUOTE, OFFER)).toBe(true);
});

test('names exactly what changed, also what is better now [K4]', () => {
  const now: OfferNow = {
    ...OFFER,
    storeId: OTHER,
    lines: [{ sku: MILK, quantity: 1, unitPriceMinor: 3_200 }],
    itemsMinor: 3_200,
    deliveryFeeMinor: 0,
    surgeFeeMinor: 1_000,
    totalMinor: 4_200,
    promiseMs: 900_000,
  };
  expect(changesSince(QUOTE, now)).toEqual([
    { what: 'store', quoted: STORE, now: OTHER },
    { what: 'quantity', sku: MILK, quoted: 2, now: 1 },
    { what: 'price', sku: MILK, quoted: 3_000, now: 3_200 },
    { what: 'quantity', sku: TEA, quoted: 1, now: 0 },
    { what: 'deliveryFee', quoted: 2_500, now: 0 },
    { what: 'surgeFee', quoted: 0, now: 1_000 },
    { what: 'total', quoted: 17_500, now: 4_200 },
    { what: 'promise', quoted: 840_000, now: 900_000 },
  ]);
});

test.each<[string, Partial<OfferNow>, boolean]>([
  ['a lower total', { totalMinor: 17_499 }, true],
  ['a sooner promise', { promiseMs: 780_000 }, true],
  ['another store for the same', { storeId: OTHER }, true],
  ['a higher total', { totalMinor: 17_501 }, false],
  ['a later promise', { promiseMs: 840_001 }, false],
  ['another currency', { currency: 'EUR' }, false],
])('%s: goes without a new consent: %s %s [K4]', (_, now, goes) => {
  expect(isWithin(QUOTE, { ...OFFER, ...now })).toBe(goes);
});

test('the most that it may come to by weight is a part of what was agreed to [K4] [P5]', () => {
  const quote: Quote = { ...QUOTE, ceilingMinor: 18_000 };
  expect(isWithin(quote, { ...OFFER, ceilingMinor: 18_000 })).toBe(true);
  expect(isWithin(quote, OFFER)).toBe(true);
  expect(isWithin(quote, { ...OFFER, ceilingMinor: 18_001 })).toBe(false);
  expect(isWithin(QUOTE, { ...OFFER, ceilingMinor: 18_000 })).toBe(false);
  expect(changesSince(quote, { ...OFFER, ceilingMinor: 18_001 })).toEqual([
    { what: 'ceiling', quoted: 18_000, now: 18_001 },
  ]);
});
