import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asOrderId } from '../shared/ids.ts';
import type { OrderId } from '../shared/ids.ts';
import { isBalanced, postedTo } from './ledger.ts';
import type { Account, Entry } from './ledger.ts';
import { BALANCE_MAX_MINOR, capture, credit, declined, EMPTY_WALLET, refund, reserve, voidPayment } from './wallet.ts';
import type { Wallet, WalletPayment } from './wallet.ts';

const ORDER = asOrderId(`ord_${'0'.repeat(26)}`);
const RUPEES = { currency: 'INR' } as const;

function walletOf(amountMinor: number): Wallet {
  const credited = credit(EMPTY_WALLET, { amountMinor, ...RUPEES, from: 'top_up', orderId: null });
  if (!credited.ok) throw new Error(credited.error);
  return credited.value.wallet;
}
function must<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }): T {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}
function reserved(balanceMinor: number, amountMinor: number): { wallet: Wallet; payment: WalletPayment } {
  return must(reserve(walletOf(balanceMinor), null, { orderId: ORDER, amountMinor, ...RUPEES }));
}

describe('a payment from the wallet', () => {
  test('sets the amount aside, takes what is due and lets go of the rest in one entry [Y6]', () => {
    const { wallet, payment } = reserved(1000, 700);
    expect(wallet).toEqual({ currency: 'INR', availableMinor: 300, reservedMinor: 700 });
    const taken = must(capture(wallet, payment, { amountMinor: 600, ...RUPEES }));
    expect(taken.wallet).toEqual({ currency: 'INR', availableMinor: 400, reservedMinor: 0 });
    expect(taken.entry?.postings).toEqual([
      { account: 'reserved', amountMinor: -700 },
      { account: `order:${ORDER}`, amountMinor: 600 },
      { account: 'available', amountMinor: 100 },
    ]);
  });

  test('is declined when the balance does not cover it, in another currency, or of no amount [Y4] [Y6]', () => {
    const wallet = walletOf(1000);
    function ask(amountMinor: number, currency = 'INR') {
      return reserve(wallet, null, { orderId: ORDER, amountMinor, currency });
    }
    expect(ask(1001)).toEqual({ ok: false, error: 'insufficient_funds' });
    expect(ask(1, 'EUR')).toEqual({ ok: false, error: 'currency_mismatch' });
    for (const amountMinor of [-1, 0.5, Number.NaN])
      expect(ask(amountMinor)).toEqual({ ok: false, error: 'bad_amount' });
    expect(reserve(EMPTY_WALLET, null, { orderId: ORDER, amountMinor: 1, ...RUPEES })).toMatchObject({ ok: false });
  });

  test('never takes more than was set aside, and never gives back more than was taken [Y6]', () => {
    const { wallet, payment } = reserved(1000, 700);
    expect(capture(wallet, payment, { amountMinor: 701, ...RUPEES })).toEqual({ ok: false, error: 'above_authorized' });
    const taken = must(capture(wallet, payment, { amountMinor: 600, ...RUPEES }));
    const part = must(refund(taken.wallet, taken.payment, { amountMinor: 200, ...RUPEES }));
    expect(part.payment).toMatchObject({ status: 'CAPTURED', refundedMinor: 200 });
    expect(refund(part.wallet, part.payment, { amountMinor: 401, ...RUPEES })).toMatchObject({
      error: 'above_captured',
    });
    const rest = must(refund(part.wallet, part.payment, { amountMinor: 400, ...RUPEES }));
    expect(rest).toMatchObject({ payment: { status: 'REFUNDED' }, wallet: { availableMinor: 1000, reservedMinor: 0 } });
  });

  test('that was let go of comes back whole, also when the void came first [Y6]', () => {
    const { wallet, payment } = reserved(1000, 700);
    const voided = must(voidPayment(wallet, payment, ORDER));
    expect(voided.wallet).toMatchObject({ availableMinor: 1000, reservedMinor: 0 });
    expect(capture(voided.wallet, voided.payment, { amountMinor: 1, ...RUPEES })).toMatchObject({
      error: 'already_ended',
    });
    const early = must(voidPayment(walletOf(1000), null, ORDER));
    const late = reserve(early.wallet, early.payment, { orderId: ORDER, amountMinor: 1, ...RUPEES });
    expect(late).toEqual({ ok: false, error: 'already_ended' });
  });

  test('asked for again moves nothing', () => {
    const { wallet, payment } = reserved(1000, 700);
    expect(must(reserve(wallet, payment, { orderId: ORDER, amountMinor: 700, ...RUPEES }))).toMatchObject({
      entry: null,
    });
    const taken = must(capture(wallet, payment, { amountMinor: 600, ...RUPEES }));
    expect(must(capture(taken.wallet, taken.payment, { amountMinor: 600, ...RUPEES }))).toMatchObject({ entry: null });
    expect(capture(wallet, declined(ORDER), { amountMinor: 0, ...RUPEES })).toMatchObject({ error: 'not_authorized' });
  });
});

describe('a credit', () => {
  test('is of the wallet’s own currency, above zero and below the limit [Y6]', () => {
    function put(amountMinor: number, currency = 'INR') {
      return credit(walletOf(1000), { amountMinor, currency, from: 'top_up', orderId: null });
    }
    expect(put(1, 'EUR')).toEqual({ ok: false, error: 'currency_mismatch' });
    expect(put(0)).toEqual({ ok: false, error: 'bad_amount' });
    expect(put(-5)).toEqual({ ok: false, error: 'bad_amount' });
    expect(put(BALANCE_MAX_MINOR - 999)).toEqual({ ok: false, error: 'above_limit' });
  });
});

type Step =
  | { readonly do: 'credit'; readonly amountMinor: number }
  | { readonly do: 'reserve' | 'capture' | 'void' | 'refund'; readonly order: number; readonly amountMinor: number };
const amountMinor = fc.integer({ min: -5, max: 500 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('credit' as const), amountMinor }),
  fc.record({
    do: fc.constantFrom('reserve' as const, 'capture' as const, 'void' as const, 'refund' as const),
    order: fc.integer({ min: 0, max: 3 }),
    amountMinor,
  }),
);

test('whatever is asked in whatever order: entries sum to zero, the balance is their sum and never below zero [Y6]', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const books = { wallet: EMPTY_WALLET, payments: new Map<OrderId, WalletPayment>(), entries: [] as Entry[] };
      for (const asked of steps) follow(books, asked);
      const { wallet, entries, payments } = books;
      function sumOf(account: Account): number {
        return entries.reduce((sum, entry) => sum + postedTo(entry, account), 0);
      }
      expect(entries.every(isBalanced)).toBe(true);
      expect([sumOf('available'), sumOf('reserved')]).toEqual([wallet.availableMinor, wallet.reservedMinor]);
      expect(Math.min(wallet.availableMinor, wallet.reservedMinor)).toBeGreaterThanOrEqual(0);
      for (const { orderId, capturedMinor, refundedMinor } of payments.values()) {
        expect(sumOf(`order:${orderId}`)).toBe(capturedMinor - refundedMinor);
      }
      const open = [...payments.values()].filter(({ status }) => status === 'AUTHORIZED');
      expect(open.reduce((sum, { authorizedMinor }) => sum + authorizedMinor, 0)).toBe(wallet.reservedMinor);
    }),
    { numRuns: 500 },
  );
});

interface Books {
  wallet: Wallet;
  readonly payments: Map<OrderId, WalletPayment>;
  readonly entries: Entry[];
}

function follow(books: Books, asked: Step): void {
  const amount = { amountMinor: asked.amountMinor, ...RUPEES };
  if (asked.do === 'credit') {
    const credited = credit(books.wallet, { ...amount, from: 'top_up', orderId: null });
    if (!credited.ok) return;
    books.wallet = credited.value.wallet;
    books.entries.push(credited.value.entry);
    return;
  }
  const orderId = asOrderId(`ord_${'0'.repeat(25)}${asked.order}`);
  const known = books.payments.get(orderId) ?? null;
  const decided = {
    reserve: () => reserve(books.wallet, known, { orderId, ...amount }),
    capture: () => capture(books.wallet, known, amount),
    void: () => voidPayment(books.wallet, known, orderId),
    refund: () => refund(books.wallet, known, amount),
  }[asked.do]();
  if (!decided.ok) return;
  books.wallet = decided.value.wallet;
  books.payments.set(orderId, decided.value.payment);
  if (decided.value.entry !== null) books.entries.push(decided.value.entry);
}
