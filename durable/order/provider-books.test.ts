import { expect, test } from 'vitest';
import type { PaymentAnswer, PaymentGateway, ProviderPayment } from '../../integrations/payments/port.ts';
import { Bench } from '../../test/support/saga-bench.ts';

/** Alarms until a void that finds no answer has reached an operator. */
const LOOKS = 15;

/** A provider that does what it is asked to, whose first answer to each kind of call is lost, and whose books say what they are told to. */
class ForgetfulProvider implements PaymentGateway {
  readonly provider = 'stripe';
  readonly onDelivery = false;
  readonly partialCapture = true;
  readonly asked: string[] = [];
  readonly #books: Omit<ProviderPayment, 'providerRef' | 'capturedMinor' | 'refundedMinor'>;

  constructor(books: Omit<ProviderPayment, 'providerRef' | 'capturedMinor' | 'refundedMinor'>) {
    this.#books = books;
  }

  authorize = (): Promise<PaymentAnswer> => this.#lose('authorize');
  capture = (): Promise<PaymentAnswer> => this.#lose('capture');
  refund = (): Promise<PaymentAnswer> => this.#lose('refund');
  void = (): Promise<PaymentAnswer> => this.#lose('void');
  find = (): Promise<ProviderPayment> =>
    Promise.resolve({ providerRef: 'pi_1', capturedMinor: 0, refundedMinor: 0, ...this.#books });

  #lose(what: string): Promise<PaymentAnswer> {
    const isFirst = !this.asked.includes(what);
    this.asked.push(what);
    if (isFirst) return Promise.reject(new Error(`${what} was cut`));
    return Promise.resolve({ outcome: 'approved', providerRef: 'pi_1', amountMinor: 0 });
  }
}

test('books in another currency are no answer: the payment is given up and shown to an operator, never taken for ours [Y4] [Y5]', async () => {
  const provider = new ForgetfulProvider({ status: 'AUTHORIZED', authorizedMinor: 6000, currency: 'USD' });
  const bench = new Bench({ method: 'card', token: 'pm_1' }, { gateway: () => provider });
  for (let looks = 0; looks < LOOKS; looks += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one alarm after the other
    await bench.alarm();
    bench.world.nowMs = Math.max(bench.world.nowMs, bench.nextLookMs());
  }
  const { book } = bench;
  const types = book.entries().map(({ event }) => event.type);
  expect(types).not.toContain('payment.authorized');
  expect(types).toContain('payment.in_doubt');
  expect(book.placed).toMatchObject({ status: 'CANCELLED', stuck: { step: 'void' } });
});

test('a payment that was declined and may be tried again is voided, not taken for void [Y7]', async () => {
  const provider = new ForgetfulProvider({ status: 'DECLINED', authorizedMinor: 0, currency: 'INR' });
  const bench = new Bench({ method: 'card', token: 'pm_1' }, { gateway: () => provider });
  const { book, world } = bench;
  book.transaction(() => {
    const cancelled = { type: 'order.cancelled', code: 'BY_CUSTOMER', reason: 'x' } as const;
    book.record([{ type: 'payment.in_doubt' }, cancelled], { kind: 'test', id: 'x' }, world.nowMs);
  });
  await bench.settle();
  expect(provider.asked).toEqual(['void', 'void']);
  expect(book.placed).toMatchObject({ status: 'CANCELLED', payment: { at: 'VOIDED' } });
});
