import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { providersFor, ProviderTable } from './provider-choice.ts';

const CITY = `cit_${'0'.repeat(26)}`;
const OTHER = `cit_${'1'.repeat(26)}`;

describe('the providers of a method [Y2]', () => {
  const table = v.parse(ProviderTable, {
    '*': { card: ['stripe', 'razorpay'], upi: ['razorpay'] },
    [CITY]: { card: ['razorpay'] },
  });

  test("are the city's own, else everybody's", () => {
    expect(providersFor(table, CITY, 'card')).toEqual(['razorpay']);
    expect(providersFor(table, CITY, 'upi')).toEqual(['razorpay']);
    expect(providersFor(table, OTHER, 'card')).toEqual(['stripe', 'razorpay']);
    expect(providersFor(table, null, 'card')).toEqual(['stripe', 'razorpay']);
  });

  test('are none where the method is not offered, and itself where it is its own', () => {
    expect(providersFor({}, CITY, 'card')).toEqual([]);
    expect(providersFor({}, CITY, 'cod')).toEqual(['cod']);
  });

  test.each([{ '*': { card: [] } }, { '*': { card: ['paypal'] } }, { '*': { upi: ['stripe'] } }, { mumbai: {} }])(
    'are not taken from %j',
    (wrong) => {
      expect(v.safeParse(ProviderTable, wrong).success).toBe(false);
    },
  );
});
