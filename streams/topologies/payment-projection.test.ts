import { expect, test } from 'vitest';
import { fold } from '../../test/support/fold.ts';
import { paymentLife, type TestEvent } from '../../test/support/stream-events.ts';
import { paymentProjection } from './payment-projection.ts';

/** A payment with these moves, in minor units. */
function payment(...moves: readonly (readonly [string, number, Record<string, unknown>?])[]): TestEvent[] {
  const [first] = paymentLife(1);
  if (first === undefined) throw new Error('no payment');
  return moves.map(([type, amountMinor, more], index) => ({
    ...first,
    type: `payment.${type}`,
    sequence: index + 1,
    data: { method: 'sandbox', provider: 'sandbox', amountMinor, currency: 'INR', ...more },
  }));
}

const CAPTURED = [
  ['requested', 500],
  ['authorized', 500, { providerRef: 'psp-1' }],
  ['captured', 400],
] as const;

test('keeps each amount, and the reference that the provider gave [E4]', () => {
  expect(fold(paymentProjection, payment(...CAPTURED)).state).toMatchObject({
    status: 'CAPTURED',
    requestedMinor: 500,
    authorizedMinor: 500,
    capturedMinor: 400,
    refundedMinor: 0,
    providerRef: 'psp-1',
    version: 3,
  });
});

test.each([
  [[100], 'PARTIALLY_REFUNDED', 100],
  [[100, 300], 'REFUNDED', 400],
  [[400], 'REFUNDED', 400],
])('adds up what is given back: %j', (refunds, status, refundedMinor) => {
  const moves = refunds.map((amount) => ['refunded', amount] as const);
  expect(fold(paymentProjection, payment(...CAPTURED, ...moves)).state).toMatchObject({ status, refundedMinor });
});

test('refuses to give back more than was taken [E3]', () => {
  const moves = [...CAPTURED, ['refunded', 300], ['refunded', 101]] as const;
  const { state, refusal } = fold(paymentProjection, payment(...moves));
  expect(refusal).toMatchObject({ code: 'REFUND_EXCEEDS_CAPTURE' });
  expect(state).toMatchObject({ refundedMinor: 300 });
});

test('a declined one says why, and another try takes the reason away', () => {
  const declined = [
    ['requested', 500],
    ['declined', 500, { reason: 'insufficient funds' }],
  ] as const;
  expect(fold(paymentProjection, payment(...declined)).state).toMatchObject({
    status: 'DECLINED',
    reason: 'insufficient funds',
  });
  expect(fold(paymentProjection, payment(...declined, ['requested', 500])).state).toMatchObject({
    status: 'REQUESTED',
    reason: null,
  });
});

test('cash is captured without ever having been authorized', () => {
  const cash = { method: 'cod', provider: 'cod' };
  expect(fold(paymentProjection, payment(['requested', 500, cash], ['captured', 480, cash])).state).toMatchObject({
    method: 'cod',
    status: 'CAPTURED',
    authorizedMinor: 0,
    capturedMinor: 480,
  });
});

test('a voided one keeps what had been authorized', () => {
  expect(
    fold(paymentProjection, payment(['requested', 500], ['authorized', 500], ['voided', 500])).state,
  ).toMatchObject({
    status: 'VOIDED',
    authorizedMinor: 500,
    capturedMinor: 0,
  });
});

test('keeps every movement, with the customer, the refund and the cash that was handed in [Y5] [Y8]', () => {
  const customerId = 'usr_00000000000000000000000001';
  const cash = { method: 'cod', provider: 'cod', customerId };
  const moves = payment(['requested', 500, cash], ['captured', 480, cash], ['settled', 480, cash]);
  const back = payment(...CAPTURED, ['refunded', 100, { refundId: 'sour-1', refundTo: 'wallet' }]);
  const settled = fold(paymentProjection, moves);
  expect(settled.state).toMatchObject({ status: 'CAPTURED', settledMinor: 480, customerId });
  expect((settled.outputs ?? []).map(({ sequence, kind, customerId: whose }) => [sequence, kind, whose])).toEqual([
    [1, 'requested', customerId],
    [2, 'captured', customerId],
    [3, 'settled', customerId],
  ]);
  const refunded = fold(paymentProjection, back).outputs?.at(-1);
  expect(refunded).toMatchObject({ kind: 'refunded', amountMinor: 100, refundId: 'sour-1', providerRef: 'psp-1' });
  const twice = fold(paymentProjection, payment(['captured', 480, cash], ['settled', 480, cash], ['settled', 1, cash]));
  expect(twice.refusal).toMatchObject({ code: 'SETTLED_EXCEEDS_CAPTURE' });
});
