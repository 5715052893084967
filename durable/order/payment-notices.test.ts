import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HoldStock, HoldView, StoreRpc } from '../../contracts/rpc/store.ts';
import { notePayment } from '../../domain/order/decide.ts';
import { ok } from '../../domain/shared/result.ts';
import type { PaymentGateway, ProviderPayment } from '../../integrations/payments/port.ts';
import { nodeSql } from '../../test/support/node-sql.ts';
import { terms } from '../../test/support/order-life.ts';
import { Deadlines } from '../kit/deadlines.ts';
import { KIT_MIGRATIONS } from '../kit/kit-migrations.ts';
import { migrate } from '../kit/migrate.ts';
import { Outbox } from '../kit/outbox.ts';
import { OrderBook } from './order-book.ts';
import { OrderLog } from './order-log.ts';
import { ORDER_MIGRATIONS } from './order-migrations.ts';
import { PaymentInbox } from './payment-inbox.ts';
import { SagaRunner } from './saga-runner.ts';

const NOW_MS = 1_700_000_000_000;
function notAsked(): Promise<never> {
  return Promise.reject(new Error('not asked for here'));
}
const NO_WALLET = { creditWallet: notAsked };
const BY = { kind: 'test', id: 'notices' };

/** An order that waits for its customer to pay, and the provider's books. */
class WaitingOrder {
  paid = false;
  readonly #sql = nodeSql();
  readonly #book: OrderBook;
  readonly #inbox: PaymentInbox;
  readonly #runner: SagaRunner;

  constructor() {
    const sql = this.#sql;
    migrate(sql, 'kit', KIT_MIGRATIONS);
    migrate(sql, 'order', ORDER_MIGRATIONS);
    this.#book = new OrderBook({
      sql,
      outbox: new Outbox(sql, 'order/x'),
      deadlines: new Deadlines(sql),
      transaction: (body) => sql.transaction(body),
    });
    this.#inbox = new PaymentInbox(sql);
    this.#runner = new SagaRunner({
      book: this.#book,
      parties: { store: () => STORE, gateway: () => this.#gateway(), wallet: () => NO_WALLET },
      nowMs: () => NOW_MS,
      jitter: () => 0,
      recorded: () => undefined,
      rested: () => undefined,
    });
    const providers = ['razorpay'] as const;
    this.#book.transaction(() => {
      this.#book.record([{ type: 'order.placed', ...terms({ method: 'upi', providers }) }], BY, NOW_MS);
    });
  }

  run(): Promise<void> {
    return this.#runner.run();
  }

  /** As `OrderParts.hearProvider` does. */
  async hear(eventId: string): Promise<void> {
    this.#book.transaction(() => {
      if (!this.#inbox.take('razorpay', eventId, NOW_MS)) return;
      this.#book.record(notePayment(this.#book.placed).events, BY, NOW_MS);
    });
    await this.run();
  }

  count(type: string): number {
    return new OrderLog(this.#sql).all().filter(({ event }) => event.type === type).length;
  }

  #gateway(): PaymentGateway {
    return {
      provider: 'razorpay',
      onDelivery: false,
      partialCapture: false,
      authorize: () => Promise.resolve({ outcome: 'pending', providerRef: 'order_1' }),
      capture: notAsked,
      void: notAsked,
      refund: notAsked,
      find: () => Promise.resolve(this.#books()),
    };
  }

  #books(): ProviderPayment {
    const status = this.paid ? 'AUTHORIZED' : 'PENDING';
    const authorizedMinor = this.paid ? 6000 : 0;
    return { providerRef: 'pay_1', status, authorizedMinor, capturedMinor: 0, refundedMinor: 0, currency: 'INR' };
  }
}

function view(status: HoldView['status'], command: { readonly holdId: HoldStock['holdId'] }): HoldView {
  const expiresAtMs = NOW_MS + 600_000;
  return { holdId: command.holdId, kind: 'order', status, lines: [], setAside: [], expiresAtMs };
}
const STORE = {
  hold: (command: HoldStock) => Promise.resolve(ok(view('HELD', command))),
  commit: (command: Parameters<StoreRpc['commit']>[0]) => Promise.resolve(ok(view('COMMITTED', command))),
} as Partial<StoreRpc> as StoreRpc;

test('whatever comes of the notices, in whatever order and number, the payment counts once [X8] [Y4]', async () => {
  const happening = fc.oneof(fc.constant('the customer pays' as const), fc.integer({ min: 1, max: 4 }));
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (script) => {
      const order = new WaitingOrder();
      await order.run();
      for (const what of script) {
        if (what === 'the customer pays') order.paid = true;
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        else await order.hear(`evt_${what}`);
        // Nothing is believed that the provider does not say itself.
        expect(order.count('payment.authorized')).toBeLessThanOrEqual(order.paid ? 1 : 0);
      }
      order.paid = true;
      await order.hear('evt_last');
      await order.hear('evt_last');
      expect([order.count('payment.authorized'), order.count('order.confirmed')]).toEqual([1, 1]);
    }),
    { numRuns: 60 },
  );
});
