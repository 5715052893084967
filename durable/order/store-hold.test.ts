import { describe, expect, test, vi } from 'vitest';
import { asHoldId } from '../../domain/shared/ids.ts';
import { candidate } from '../../test/support/order-life.ts';
import { Bench } from '../../test/support/saga-bench.ts';

const [OWN_HOLD, CART_HOLD] = [candidate(1).holdId, asHoldId(`hld_${'9'.repeat(26)}`)];
const CART = { version: 3, hold: { storeId: candidate(1).storeId, holdId: CART_HOLD } };

describe('the hold of an order that is made of a cart', () => {
  test.each(['', 'promote:before', 'promote:after'])(
    'takes over what the store keeps for a cart, cut (%s) or not, and holds nothing besides [O10] [K3]',
    async (cut) => {
      for (const dies of [false, true]) {
        const bench = new Bench({ cart: CART });
        bench.world.holds.set(CART_HOLD, 'HELD');
        await settleCut(bench, cut, dies);
        expect(Object.fromEntries(bench.world.holds)).toEqual({ [CART_HOLD]: 'COMMITTED' });
        expect(bench.world.asked).not.toContain('hold');
        expect(settledOf(bench)).toMatchObject([{ outcome: 'CONFIRMED', tookHold: true }]);
      }
    },
  );

  test.each(['', 'promote:before', 'promote:after', 'hold:before', 'hold:after'])(
    'holds anew when the cart’s hold is gone, cut (%s) or not [O10] [K3]',
    async (cut) => {
      for (const dies of [false, true]) {
        const bench = new Bench({ cart: CART });
        await settleCut(bench, cut, dies);
        expect(Object.fromEntries(bench.world.holds)).toEqual({ [OWN_HOLD]: 'COMMITTED' });
        expect(settledOf(bench)).toMatchObject([{ outcome: 'CONFIRMED', tookHold: false }]);
      }
    },
  );
});

/** To the end, with one call cut; `dies`: the instance with it, so that another one goes on. */
async function settleCut(bench: Bench, cut: string, dies: boolean): Promise<void> {
  if (cut !== '') bench.world.cuts = [cut];
  if (cut !== '' && dies) {
    bench.world.hangs = true;
    void bench.runner.run();
    await vi.waitUntil(() => bench.world.cuts.length === 0);
    bench.wake();
  }
  await bench.settle();
  expect(bench.book.placed.status).toBe('ASSIGNED_TO_STORE');
}

/** What the customer's object was told. */
function settledOf(bench: Bench): unknown[] {
  const told = bench.outbox().filter(({ lane }) => lane.startsWith('object customer'));
  return told.map(({ body }) => (JSON.parse(body) as { readonly command: unknown }).command);
}
