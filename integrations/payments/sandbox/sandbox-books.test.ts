import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asOpId, asOrderId, idFromBytes } from '../../../domain/shared/ids.ts';
import {
  approveLate,
  authorizeCharge,
  behaviourOf,
  captureCharge,
  refundCharge,
  sandboxShard,
  voidCharge,
} from './sandbox-books.ts';
import type { Charge } from './sandbox-books.ts';

const ORDER = asOrderId('ord_00000000000000000000000001');
const CALL = {
  opId: asOpId('op-0000001'),
  orderId: ORDER,
  amountMinor: 6000,
  currency: 'INR',
  token: 'tok_approve',
  providerRef: '',
};

function charged(token = 'tok_approve'): Charge {
  const { charge } = authorizeCharge(null, CALL, behaviourOf(token));
  if (charge === null) throw new Error('nothing booked');
  return charge;
}

describe('the books of the sandbox provider', () => {
  test.each([
    ['tok_approve', 'approved', 'AUTHORIZED'],
    ['tok_timeout_after_charge', 'approved', 'AUTHORIZED'],
    ['tok_approve_late', 'pending', 'PENDING'],
    ['tok_stays_pending', 'pending', 'PENDING'],
    ['tok_decline', 'declined', 'DECLINED'],
    ['tok_of_nobody', 'declined', 'DECLINED'],
    ['toString', 'declined', 'DECLINED'],
  ])('answer %s with %s', (token, outcome, status) => {
    const booking = authorizeCharge(null, CALL, behaviourOf(token));
    expect(booking).toMatchObject({ answer: { outcome }, charge: { status } });
  });

  test('take one authorization an order', () => {
    expect(authorizeCharge(charged(), CALL, 'approve').answer.outcome).toBe('declined');
  });

  test('capture up to what was authorized, once', () => {
    const captured = captureCharge(charged(), { ...CALL, amountMinor: 4500 });
    expect(captured).toMatchObject({ charge: { status: 'CAPTURED', capturedMinor: 4500 } });
    expect(captureCharge(captured.charge, CALL).answer.outcome).toBe('declined');
    expect(captureCharge(charged(), { ...CALL, amountMinor: 6001 }).answer.outcome).toBe('declined');
    expect(captureCharge(charged(), { ...CALL, currency: 'USD' }).answer.outcome).toBe('declined');
    expect(captureCharge(null, CALL).answer.outcome).toBe('declined');
  });

  test('void what is reserved, and refuse an authorization whose void came first', () => {
    expect(voidCharge(charged(), CALL)).toMatchObject({ charge: { status: 'VOIDED', authorizedMinor: 0 } });
    const tombstone = voidCharge(null, CALL).charge;
    expect(authorizeCharge(tombstone, CALL, 'approve')).toEqual({
      charge: null,
      answer: { outcome: 'declined', reason: 'voided before it came' },
    });
    expect(approveLate(voidCharge(charged('tok_approve_late'), CALL).charge ?? charged()).status).toBe('VOIDED');
  });

  test('never give back more than they took', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -100, max: 7000 }), { maxLength: 20 }), (amounts) => {
        let books = captureCharge(charged(), { ...CALL, amountMinor: 5000 }).charge;
        for (const amountMinor of amounts) books = refundCharge(books, { ...CALL, amountMinor }).charge ?? books;
        expect(books?.refundedMinor).toBeLessThanOrEqual(5000);
        expect(books?.refundedMinor).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('are spread over 16 objects, an order always in the same one', () => {
    const shards = new Set<string>();
    for (let n = 0; n < 500; n += 1) {
      const bytes = new Uint8Array(16).fill(n % 256);
      bytes[15] = n >> 8;
      shards.add(sandboxShard(asOrderId(idFromBytes('OrderId', bytes))));
    }
    expect(shards.size).toBe(16);
    expect(sandboxShard(ORDER)).toBe(sandboxShard(ORDER));
  });
});
