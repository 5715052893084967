import { describe, expect, test, vi } from 'vitest';
import { candidate } from '../../test/support/order-life.ts';
import { Bench } from '../../test/support/saga-bench.ts';
import { moveInLine, WAIT_MAX_MS } from '../../domain/order/waiting.ts';

const NEAR = candidate(1);
const CUTS = ['before', 'after'] as const;

function patient(): Bench {
  const bench = new Bench({ candidates: [NEAR], waitMaxMs: WAIT_MAX_MS });
  bench.world.paused = true;
  return bench;
}
/** The store takes orders again, and its word has come. */
function turn({ book, world }: Bench): void {
  world.paused = false;
  book.transaction(() => {
    const { events } = moveInLine(book.placed, { storeId: NEAR.storeId, standing: null });
    book.record(events, { kind: 'object', id: NEAR.storeId }, world.nowMs);
  });
}
/** The instance gets as far as the cut; then its memory is gone, and the answer with it. */
async function crashAt(bench: Bench, cut: string): Promise<void> {
  bench.world.cuts = [cut];
  bench.world.hangs = true;
  void bench.runner.run();
  await vi.waitUntil(() => bench.world.cuts.length === 0);
  bench.world.hangs = false;
  bench.wake();
}

describe('an order that waits [O14]', () => {
  test.each(['hold', 'join'].flatMap((call) => CUTS.map((cut) => `${call}:${cut}`)))(
    'stands in line once, unpaid, after a crash on the way there (%s)',
    async (cut) => {
      const bench = patient();
      await crashAt(bench, cut);
      await bench.settle();
      expect(bench.book.placed).toMatchObject({ status: 'PENDING', line: { at: 'WAITING' }, call: null });
      expect(bench.world.line.size).toBe(1);
      expect(bench.world.charge).toBeNull();
    },
  );

  test('has its turn after a crash before it was taken, as if nothing had been', async () => {
    const bench = patient();
    await bench.settle();
    turn(bench);
    bench.wake();
    await bench.settle();
    expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
    expect([...bench.world.holds.values()]).toEqual(['COMMITTED']);
  });

  test.each(['hold', 'authorize', 'commit'].flatMap((call) => CUTS.map((cut) => `${call}:${cut}`)))(
    'is held, charged and committed once after a crash on the way from it (%s)',
    async (cut) => {
      const bench = patient();
      await bench.settle();
      expect(bench.world.charge).toBeNull();
      turn(bench);
      await crashAt(bench, cut);
      await bench.settle();
      expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
      expect([...bench.world.holds.values()]).toEqual(['COMMITTED']);
      expect(bench.world.charge).toMatchObject({ status: 'AUTHORIZED', authorizedMinor: 6000 });
      expect(bench.world.line.size).toBe(0);
    },
  );

  test.each(CUTS)('that was cancelled while it joined tells the store that it left (%s)', async (cut) => {
    const bench = patient();
    bench.world.cuts = [`join:${cut}`];
    bench.world.hangs = true;
    void bench.runner.run();
    await vi.waitUntil(() => bench.world.cuts.length === 0);
    bench.wake();
    const { book, world } = bench;
    book.transaction(() => {
      const cancelled = { type: 'order.cancelled', code: 'BY_CUSTOMER', reason: 'x' } as const;
      book.record([cancelled], { kind: 'customer', id: 'x' }, world.nowMs);
    });
    await bench.settle();
    expect(bench.book.placed).toMatchObject({ status: 'CANCELLED', call: null, payment: { at: 'NONE' } });
    const told = bench.outbox().filter(({ lane }) => lane === `object store ${NEAR.storeId}`);
    expect(told.map(({ body }) => body)).toEqual([expect.stringContaining('"do":"LeaveLine"')]);
  });
});
