import { describe, expect, test } from 'vitest';
import { APPROVED, OrderLife } from '../../test/support/order-life.ts';
import { ledgerOf } from '../money/ledger.ts';
import { reconcile } from './reconcile.ts';
import type { ProviderBooks } from './reconcile.ts';

const NOTHING: ProviderBooks = { status: 'DECLINED', providerRef: 'psp_1', capturedMinor: 0, refundedMinor: 0 };
const RESERVED: ProviderBooks = { ...NOTHING, status: 'AUTHORIZED' };
const TAKEN: ProviderBooks = { ...NOTHING, status: 'CAPTURED', capturedMinor: 6000 };

function declined(): OrderLife {
  const life = new OrderLife().answer({ kind: 'held', expiresAtMs: 1_700_000_600_000 });
  return life.answer({ kind: 'declined', reason: 'no' });
}

describe('an order whose payment is held against the provider’s books', () => {
  test('lets go what was reserved late, after it had been declined [R3]', () => {
    const life = declined();
    expect(life.order).toMatchObject({ status: 'CANCELLED', call: null });
    expect(reconcile(life.order, NOTHING)).toBe('AGREED');
    expect(reconcile(life.order, RESERVED)).toBe('REPAIRED');
    life.tell({ do: 'repair', books: RESERVED });
    expect(life.order.call).toMatchObject({ step: 'void' });
    life.answer(APPROVED);
    expect(life.order).toMatchObject({ payment: { at: 'VOIDED' }, call: null });
    expect(reconcile(life.order, { ...NOTHING, status: 'VOIDED' })).toBe('AGREED');
  });

  test('gives back what was taken though the order was cancelled, once [R3] [Y7]', () => {
    const life = declined();
    life.tell({ do: 'repair', books: TAKEN });
    life.tell({ do: 'repair', books: TAKEN });
    expect(life.order.call).toMatchObject({ step: 'refund' });
    expect(reconcile(life.order, TAKEN)).toBe('BUSY');
    life.answer(APPROVED);
    expect(life.order).toMatchObject({ status: 'REFUNDED', payment: { at: 'REFUNDED', amountMinor: 6000 } });
    expect(ledgerOf(life.log).balances).toMatchObject({ customer: 0, clearing: 0 });
    expect(reconcile(life.order, { ...TAKEN, status: 'REFUNDED', refundedMinor: 6000 })).toBe('AGREED');
    expect(reconcile(life.order, TAKEN)).toBe('DIFFERS');
  });

  test('is left alone while it goes on, and a difference that no rule may decide is said [R3]', () => {
    const life = new OrderLife().assign();
    expect(reconcile(life.order, RESERVED)).toBe('AGREED');
    expect(reconcile(life.order, TAKEN)).toBe('DIFFERS');
    expect(reconcile(life.order, null)).toBe('DIFFERS');
    const before = life.log.length;
    life.tell({ do: 'repair', books: TAKEN });
    expect(life.log).toHaveLength(before);
    life.tell({ do: 'cancel', as: 'customer', reason: 'x' });
    expect(reconcile(life.order, TAKEN)).toBe('BUSY');
    life.answer(APPROVED);
    expect(reconcile(life.order, RESERVED)).toBe('DIFFERS');
  });

  test('differs when the provider took another amount than we know of [R3] [Y7]', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'report_pick', step: 'packed' });
    life.answer(APPROVED);
    const { payment } = life.order;
    if (payment.at !== 'CAPTURED') throw new Error(payment.at);
    const books = { ...TAKEN, capturedMinor: payment.amountMinor };
    expect(reconcile(life.order, books)).toBe('AGREED');
    expect(reconcile(life.order, { ...books, capturedMinor: payment.amountMinor + 1 })).toBe('DIFFERS');
  });
});
