import { describe, expect, test, vi } from 'vitest';
import { candidate } from '../../test/support/order-life.ts';
import { promisedAtMs } from '../../domain/order/order.ts';
import type { OrderEvent } from '../../domain/order/order.ts';
import { Bench } from '../../test/support/saga-bench.ts';
import type { Cut } from '../../test/support/saga-bench.ts';

const CUTS: readonly Cut[] = ['before', 'after'];

describe('the runner', () => {
  test('asks for each thing once when all goes well [O10]', async () => {
    const bench = new Bench();
    await bench.settle();
    expect(bench.world.asked).toEqual(['hold', 'authorize', 'commit']);
    expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
  });

  test.each(['hold', 'authorize', 'commit'].flatMap((call) => CUTS.map((cut) => `${call}:${cut}`)))(
    'asks what became of a call that was cut (%s), and does it once in effect [X3] [Y4]',
    async (cut) => {
      const bench = new Bench();
      bench.world.cuts = [cut];
      await bench.settle();
      expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
      expect([...bench.world.holds.values()]).toEqual(['COMMITTED']);
      expect(bench.world.charge).toMatchObject({ status: 'AUTHORIZED', authorizedMinor: 6000 });
      const call = cut.slice(0, cut.indexOf(':'));
      const find = call === 'authorize' ? 'find payment' : 'find hold';
      const before = ['hold', 'authorize', 'commit'].slice(0, ['hold', 'authorize', 'commit'].indexOf(call));
      const after = ['hold', 'authorize', 'commit'].slice(before.length + 1);
      // What was done already is found and not done again; what never arrived is asked about, and then made once more.
      const again = cut.endsWith('after') ? [find] : [find, find, call];
      expect(bench.world.asked).toEqual([...before, call, ...again, ...after]);
    },
  );

  test.each(['hold', 'authorize', 'commit'].flatMap((call) => CUTS.map((cut) => `${call}:${cut}`)))(
    'goes on after a crash at a call (%s) as if nothing had been [O10]',
    async (cut) => {
      const bench = new Bench();
      bench.world.cuts = [cut];
      bench.world.hangs = true;
      // The first instance gets as far as the cut; then its memory is gone, and the answer with it.
      void bench.runner.run();
      await vi.waitUntil(() => bench.world.cuts.length === 0);
      const logged = bench.rows('order_log');
      bench.wake();
      expect(bench.book.placed.call?.opId).toContain(cut.split(':')[0] === 'authorize' ? 'pay' : cut.split(':')[0]);
      expect(bench.rows('order_log')).toBe(logged);
      await bench.settle();
      expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
      expect([...bench.world.holds.values()]).toEqual(['COMMITTED']);
      expect(bench.world.charge).toMatchObject({ status: 'AUTHORIZED' });
    },
  );

  test('after a crash asks before it does anything again', async () => {
    const bench = new Bench();
    bench.wake();
    await bench.runner.run();
    expect(bench.world.asked.slice(0, 2)).toEqual(['find hold', 'hold']);
  });

  test('does not make a call that nobody has seen and nobody wants any more', async () => {
    const bench = new Bench();
    const { book, world } = bench;
    world.cuts = ['hold:before'];
    world.hangs = true;
    void bench.runner.run();
    await vi.waitUntil(() => world.cuts.length === 0);
    book.transaction(() => {
      book.record(
        [{ type: 'order.cancelled', code: 'BY_CUSTOMER', reason: 'x' }],
        { kind: 'test', id: 'x' },
        world.nowMs,
      );
    });
    bench.wake();
    await bench.settle();
    expect(world.asked).toEqual(['hold', 'find hold']);
    expect([...world.holds.values()]).toEqual([]);
    expect(bench.book.placed).toMatchObject({ status: 'CANCELLED', call: null });
  });

  test.each(CUTS)(
    'captures once when the call is cut %s it is done, and does not ask for it twice [Y4]',
    async (cut) => {
      const bench = new Bench();
      await bench.settle();
      const { book, world } = bench;
      world.asked.length = 0;
      world.cuts = [`capture:${cut}`];
      book.transaction(() => {
        const picked = { type: 'order.ready', picked: [], finalMinor: 4500 } as const;
        book.record([{ type: 'order.picking_started' }, picked], { kind: 'test', id: 'x' }, world.nowMs);
      });
      await bench.settle();
      const find = 'find payment';
      expect(world.asked).toEqual(cut === 'after' ? ['capture', find] : ['capture', find, find, 'capture']);
      expect(world.charge).toMatchObject({ status: 'CAPTURED', capturedMinor: 4500 });
    },
  );

  test('waits for a store that is away, then passes it over and tells it to let go', async () => {
    const bench = new Bench({ candidates: [candidate(1)] });
    bench.world.away = true;
    await bench.settle();
    expect(bench.book.placed.cancellation?.code).toBe('UNAVAILABLE');
    const release = bench.outbox().find(({ lane }) => lane === `object store ${candidate(1).storeId}`);
    expect(release?.body).toContain('"method":"release"');
  });

  test('takes the next store on a shortage, with the basket’s hold there', async () => {
    const bench = new Bench();
    bench.world.refuses = {
      code: 'INSUFFICIENT_STOCK',
      detail: '',
      numbers: { shortages: [{ sku: 'MILK-1L', requested: 3, available: 1 }] },
    };
    const asked = bench.runner.run();
    await asked;
    expect(bench.book.placed.passedOver).toEqual([
      { code: 'INSUFFICIENT_STOCK', shortages: [{ sku: 'MILK-1L', requested: 3, available: 1 }] },
      { code: 'INSUFFICIENT_STOCK', shortages: [{ sku: 'MILK-1L', requested: 3, available: 1 }] },
    ]);
    expect(bench.book.keepFirstAnswer()).toMatchObject({ ok: false, error: { code: 'INSUFFICIENT_STOCK' } });
  });

  test.each(['void', 'refund'].flatMap((call) => CUTS.map((cut) => `${call}:${cut}`)))(
    'takes money back once, whatever is cut on the way (%s) [Y7]',
    async (cut) => {
      const bench = new Bench();
      await bench.settle();
      const { book, world } = bench;
      const events = cut.startsWith('refund')
        ? [{ type: 'order.picking_started' as const }, { type: 'order.ready' as const, picked: [], finalMinor: 4500 }]
        : [];
      book.transaction(() => {
        book.record(events, { kind: 'test', id: 'x' }, world.nowMs);
      });
      await bench.settle();
      world.cuts = [cut, cut];
      book.transaction(() => {
        book.record(
          [{ type: 'order.cancelled', code: 'BY_OPERATOR', reason: 'x' }],
          { kind: 'test', id: 'x' },
          world.nowMs,
        );
      });
      await bench.settle();
      expect(world.charge).toMatchObject(
        cut.startsWith('refund')
          ? { status: 'REFUNDED', capturedMinor: 4500, refundedMinor: 4500 }
          : { status: 'VOIDED', capturedMinor: 0 },
      );
      expect(book.placed.status).toBe(cut.startsWith('refund') ? 'REFUNDED' : 'CANCELLED');
    },
  );

  test.each([
    ['refund', 'source', 2000, 0],
    ['credit', 'wallet', 500, 1500],
  ] as const)(
    'gives back in parts, each once, whatever is cut on the way (%s) [Y7]',
    async (call, to, refundedMinor, creditedMinor) => {
      for (const cut of CUTS) {
        const bench = new Bench();
        await bench.settle();
        const { book, world } = bench;
        function tell(...events: readonly OrderEvent[]): Promise<void> {
          book.transaction(() => {
            book.record(events, { kind: 'test', id: 'x' }, world.nowMs);
          });
          return bench.settle();
        }
        await tell({ type: 'order.picking_started' }, { type: 'order.ready', picked: [], finalMinor: 4500 });
        world.cuts = [`refund:${cut}`, `${call}:${cut}`];
        const part = { type: 'refund.requested', cause: 'AMOUNT', reason: 'late' } as const;
        await tell(
          { ...part, refundId: 'part-1', amountMinor: 500, to: 'source' },
          { ...part, refundId: 'part-2', amountMinor: 1500, to },
        );
        expect(book.placed.refunds.every(({ doneAtMs }) => doneAtMs !== null)).toBe(true);
        expect(world.charge).toMatchObject({ status: 'CAPTURED', capturedMinor: 4500, refundedMinor });
        expect(world.creditedMinor).toBe(creditedMinor);
      }
    },
  );

  test('gives the money back when a capture that was given up comes through before the void [Y7]', async () => {
    const bench = new Bench();
    await bench.settle();
    const { book, world } = bench;
    world.cuts = ['capture:before'];
    world.captureOvertakes = true;
    book.transaction(() => {
      const ready = { type: 'order.ready', picked: [], finalMinor: 6000 } as const;
      const cancelled = { type: 'order.cancelled', code: 'BY_OPERATOR', reason: 'x' } as const;
      book.record([{ type: 'order.picking_started' }, ready], { kind: 'test', id: 'x' }, world.nowMs);
      book.record([cancelled], { kind: 'test', id: 'x' }, world.nowMs);
    });
    await bench.settle();
    expect(world.charge).toMatchObject({ status: 'REFUNDED', capturedMinor: 6000, refundedMinor: 6000 });
    expect(book.placed).toMatchObject({ status: 'REFUNDED', payment: { at: 'REFUNDED', amountMinor: 6000 } });
    const told = bench.outbox().flatMap(({ body }) => /"type":"(payment\.[a-z]+)"/.exec(body)?.[1] ?? []);
    expect(told.slice(-2)).toEqual(['payment.captured', 'payment.refunded']);
  });

  test('puts a missed promise on record while a call waits for its turn, and sleeps until then [O10]', async () => {
    const bench = new Bench();
    await bench.settle();
    const { book, world } = bench;
    world.away = true;
    book.transaction(() => {
      const ready = { type: 'order.ready', picked: [], finalMinor: 6000 } as const;
      book.record([{ type: 'order.picking_started' }, ready], { kind: 'test', id: 'x' }, world.nowMs);
    });
    // Nobody answers: a retry a minute, one of them due after the promised moment. Far fewer alarms than a clock that spins.
    for (let alarms = 0; alarms < 40 && world.nowMs < promisedAtMs(book.placed); alarms += 1) {
      world.nowMs = Math.max(world.nowMs, bench.nextLookMs());
      // oxlint-disable-next-line no-await-in-loop -- one alarm after the other
      await bench.alarm();
    }
    expect(book.placed.sla.breachedAtMs).toBe(world.nowMs);
    expect(book.placed.call?.step).toBe('capture');
    expect(bench.nextLookMs()).toBeGreaterThan(world.nowMs);
  });

  test('keeps the log, the events and the deadlines of a step in one transaction', () => {
    const bench = new Bench();
    const before = { log: bench.rows('order_log'), outbox: bench.rows('outbox') };
    expect(() =>
      bench.book.transaction(() => {
        bench.book.record([{ type: 'stock.held', expiresAtMs: 1 }], { kind: 'test', id: 'x' }, 0);
        throw new Error('the disk is full');
      }),
    ).toThrow('the disk is full');
    expect({ log: bench.rows('order_log'), outbox: bench.rows('outbox') }).toEqual(before);
    expect(bench.book.placed.stock.at).toBe('NONE');
  });

  test('gives a cash order to the store without reserving anything [Y1]', async () => {
    const bench = new Bench({ method: 'cod', token: '' });
    await bench.settle();
    expect(bench.world.asked).toEqual(['hold', 'commit']);
    expect(bench.book.placed.payment).toMatchObject({ at: 'AUTHORIZED', onDelivery: true });
  });
});
