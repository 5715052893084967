import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPROVED, APPROVED_COD, COURIER, OrderLife } from '../../test/support/order-life.ts';
import { live, lives, outcomeOf } from '../../test/support/order-lives.ts';
import { asSku } from '../shared/ids.ts';
import { ledgerOf } from './ledger.ts';
import type { Account, Ledger } from './ledger.ts';

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

function open({ balances }: Ledger): Partial<Record<Account, number>> {
  return Object.fromEntries(Object.entries(balances).filter(([, amountMinor]) => amountMinor !== 0));
}

describe('the books of any order', () => {
  test('add up to zero after every event, whatever happens [Y7]', () => {
    fc.assert(
      fc.property(lives, (script) => {
        const { journal, balances } = ledgerOf(live(script).log);
        for (const { postings } of journal) expect(sum(postings.map(({ amountMinor }) => amountMinor))).toBe(0);
        expect(sum(Object.values(balances))).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('owe the customer nothing, and are owed nothing, once everyone has answered [Y7] [O9]', () => {
    fc.assert(
      fc.property(lives, (script) => {
        const life = live(script);
        for (let answers = 0; life.order.call !== null; answers += 1) {
          expect(answers).toBeLessThan(100);
          life.answer(outcomeOf(life.order, life.nowMs, 'good', script.pays));
        }
        const { balances } = ledgerOf(life.log);
        const { status, packed, payment, collectedMinor, handedInMinor } = life.order;
        const isCashToCome = packed !== null && payment.at === 'AUTHORIZED' && payment.onDelivery;
        const dueMinor = status !== 'CANCELLED' && isCashToCome ? packed.finalMinor : 0;
        const takenEarlyMinor = packed === null && payment.at === 'CAPTURED' ? payment.amountMinor : 0;
        expect(balances.customer).toBe(dueMinor - takenEarlyMinor);
        const isGoneBack = payment.at === 'REFUNDED' || status === 'CANCELLED';
        expect(isGoneBack ? balances.clearing + balances.wallet : 0).toBe(0);
        expect(balances.cash_in_hand).toBe(collectedMinor - handedInMinor);
      }),
      { numRuns: 1000 },
    );
  });
});

function pack(life: OrderLife, milk: number): OrderLife {
  life.tell({ do: 'report_pick', step: 'claimed' });
  life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  const picked = [
    { sku: asSku('MILK-1L'), quantity: milk },
    { sku: asSku('EGGS-6'), quantity: 1 },
  ];
  life.tell({ do: 'report_pick', step: 'packed', picked });
  return life;
}

test('what was captured is what was sold, and a line that goes back is no loss of the customer’s [Y7]', () => {
  const life = pack(new OrderLife().assign(), 2).answer({ ...APPROVED, amountMinor: 5000 });
  expect(open(ledgerOf(life.log))).toEqual({ clearing: 5000, sales: -4500, delivery_fees: -500 });
  const lines = [{ sku: asSku('MILK-1L'), quantity: 1 }];
  life.tell({ do: 'refund', refundId: 'sour-milk', to: 'source', reason: 'sour', lines });
  expect(ledgerOf(life.log).balances).toMatchObject({ customer: -1000, refunds: 1000, clearing: 5000 });
  life.answer(APPROVED);
  expect(open(ledgerOf(life.log))).toEqual({ clearing: 4000, sales: -4500, delivery_fees: -500, refunds: 1000 });
});

test('a refund into the wallet leaves the money with the provider, and us in the customer’s debt [Y6]', () => {
  const life = pack(new OrderLife().assign(), 3).answer(APPROVED);
  life.tell({ do: 'refund', refundId: 'goodwill', to: 'wallet', reason: 'late', amountMinor: 700, currency: 'INR' });
  life.answer(APPROVED);
  expect(ledgerOf(life.log).balances).toMatchObject({ customer: 0, clearing: 6000, wallet: -700, refunds: 700 });
});

test('cash is in the courier’s hand until it is counted [Y8]', () => {
  const life = pack(new OrderLife({ method: 'cod' }).assign(APPROVED_COD), 3);
  life.tell({ do: 'report_pick', step: 'handed_over' });
  life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321', collectedMinor: 6000 });
  life.answer(APPROVED_COD);
  expect(open(ledgerOf(life.log))).toMatchObject({ cash_in_hand: 6000 });
  expect(life.tell({ do: 'hand_in_cash', amountMinor: 5900, currency: 'INR' })).toMatchObject({
    error: { code: 'CASH_MISCOUNTED', dueMinor: 6000 },
  });
  expect(life.tell({ do: 'hand_in_cash', amountMinor: 6000, currency: 'EUR' })).toMatchObject({
    error: { code: 'CURRENCY_MISMATCH' },
  });
  expect(life.tell({ do: 'hand_in_cash', amountMinor: 6000, currency: 'INR' }).ok).toBe(true);
  expect(life.tell({ do: 'hand_in_cash', amountMinor: 6000, currency: 'INR' })).toMatchObject({
    error: { code: 'NO_CASH' },
  });
  expect(open(ledgerOf(life.log))).toEqual({ cash_office: 6000, sales: -5500, delivery_fees: -500 });
});
