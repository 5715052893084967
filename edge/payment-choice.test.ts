import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { PaymentChoiceBody } from '../contracts/http/orders.ts';
import { paymentChoice } from './payment-choice.ts';

describe('the means of payment of an order [Y1]', () => {
  it.each([
    [
      { method: 'card', token: 'pm_card_visa' },
      { method: 'card', token: 'pm_card_visa' },
    ],
    [{ method: 'upi' }, { method: 'upi' }],
    [{ method: 'wallet' }, { method: 'wallet' }],
    [{ method: 'cod' }, { method: 'cod' }],
    [
      { method: 'sandbox', token: 'tok_approve' },
      { method: 'sandbox', token: 'tok_approve' },
    ],
  ])('%j', (body, choice) => {
    expect(paymentChoice(v.parse(PaymentChoiceBody, body))).toEqual(choice);
  });

  it.each([
    { method: 'card', token: '4242424242424242' },
    { method: 'card', number: '4242424242424242', cvc: '123' },
    { method: 'card', token: 'pm_card_visa', number: '4242424242424242' },
    { method: 'upi', vpa: 'asha@okbank' },
    { method: 'cod', token: 'tok_approve' },
    { method: 'cheque' },
  ])('refuses %j', (body) => {
    expect(v.safeParse(PaymentChoiceBody, body).success).toBe(false);
  });
});
