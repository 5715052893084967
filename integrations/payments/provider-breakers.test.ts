import { expect, test } from 'vitest';
import { asOrderId } from '../../domain/shared/ids.ts';
import { CASH_ON_DELIVERY } from './cod.ts';
import type { PaymentGateway } from './port.ts';
import { ProviderBreakers } from './provider-breakers.ts';

const ORDER = asOrderId(`ord_${'0'.repeat(26)}`);

test('a provider that is away comes second at the next placing, and first again when it is back [Y2] [X5]', async () => {
  let nowMs = 0;
  let isAway = true;
  let asked = 0;
  const breakers = new ProviderBreakers(() => nowMs);
  const stripe: PaymentGateway = breakers.guard({
    ...CASH_ON_DELIVERY,
    provider: 'stripe',
    find: () => {
      asked += 1;
      return isAway ? Promise.reject(new Error('away')) : Promise.resolve(null);
    },
  });
  expect(breakers.order(['stripe', 'razorpay'])).toEqual(['stripe', 'razorpay']);
  for (let calls = 0; calls < 5; calls += 1) {
    // oxlint-disable-next-line no-await-in-loop -- failures in a row
    await expect(stripe.find(ORDER)).rejects.toThrow('away');
  }
  expect(breakers.order(['stripe', 'razorpay'])).toEqual(['razorpay', 'stripe']);
  expect(breakers.order(['stripe'])).toEqual([]);
  await expect(stripe.find(ORDER)).rejects.toThrow('asked again in 10000 ms');
  expect(asked).toBe(5);
  nowMs = 10_000;
  isAway = false;
  expect(breakers.order(['stripe', 'razorpay'])).toEqual(['stripe', 'razorpay']);
  await stripe.find(ORDER);
  await stripe.find(ORDER);
  expect(asked).toBe(7);
});
