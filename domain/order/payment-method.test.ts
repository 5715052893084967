import { describe, expect, it } from 'vitest';
import { providerOf, providersOf } from './payment-method.ts';

describe('the provider of an order', () => {
  it('is the first that was chosen at placing [Y2]', () => {
    expect(providerOf({ method: 'card', providers: ['razorpay', 'stripe'] })).toBe('razorpay');
  });

  it("is the method's own in an order from before there was a choice", () => {
    expect(providerOf({ method: 'sandbox' })).toBe('sandbox');
    expect(providersOf('cod', [])).toEqual(['cod']);
  });
});
