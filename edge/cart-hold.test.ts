import { describe, expect, test } from 'vitest';
import type { CartChanged, CartHoldRef } from '../contracts/rpc/customer.ts';
import type { HoldStock, ReleaseHold } from '../contracts/rpc/store.ts';
import { asHoldId, asSku } from '../domain/shared/ids.ts';
import { ACTORS, emptyEdgeEnv, STORE_ID, ZONE_ID } from '../test/support/edge-env.ts';
import { holdCart } from './cart-hold.ts';

const [FIRST, SECOND, THIRD] = [ref(1), ref(2), ref(3)];

function ref(n: number): CartHoldRef {
  return { storeId: STORE_ID, holdId: asHoldId(`hld_${'0'.repeat(25)}${n}`) };
}
function cartWith(hold: CartHoldRef, superseded: CartHoldRef | null): CartChanged {
  const line = { sku: asSku('TEA'), quantity: 2, note: '', preference: null };
  const serving = { storeId: STORE_ID, deliverTo: { lat: 1, lng: 2 } };
  return { cart: { version: 4, lines: [line], avoidAllergens: [], serving }, hold, cut: [], superseded };
}

/** A store that answers each hold with the next of these codes, `HELD` being one, and a customer whose next name is `SECOND`. */
async function world(...answers: readonly string[]) {
  const asked: string[] = [];
  const left = [...answers];
  const store = {
    release: ({ holdId }: ReleaseHold) => {
      asked.push(`release ${holdId.slice(-1)}`);
      return Promise.resolve({ ok: true, value: null });
    },
    hold: ({ holdId, lines }: HoldStock) => {
      asked.push(`hold ${holdId.slice(-1)}`);
      const code = left.shift() ?? 'HELD';
      if (code !== 'HELD') return Promise.resolve({ ok: false, error: { code, detail: '' } });
      return Promise.resolve({ ok: true, value: { holdId, kind: 'cart', status: 'HELD', lines, setAside: lines } });
    },
  };
  const customer = {
    renameCartHold: () => {
      asked.push('rename');
      return Promise.resolve({ ok: true, value: cartWith(SECOND, null) });
    },
  };
  const entry = { id: STORE_ID, zoneId: ZONE_ID, location: { lat: 1, lng: 2 }, radiusM: 1, open: true };
  const network = JSON.stringify({ version: 1, cities: [], zones: [], stores: [entry] });
  const env = await emptyEdgeEnv({
    STORE: { getByName: () => store },
    CUSTOMER: { getByName: () => customer },
    CATALOG: { get: () => Promise.resolve(network) },
  });
  return { asked, reader: { env, executionCtx: { waitUntil: () => undefined } } };
}

describe('holding a cart that has changed', () => {
  test('gives back what was held before it holds anew: its own units must be free [K2]', async () => {
    const { asked, reader } = await world('HELD');
    const held = await holdCart(reader, ACTORS.customer, cartWith(FIRST, THIRD));
    expect(asked).toEqual(['release 3', 'hold 1']);
    expect(held.hold?.status).toBe('HELD');
  });

  test.each(['HOLD_EXPIRED', 'HOLD_RELEASED', 'HOLD_ID_REUSED'])(
    'takes the next name when its own is over (%s), once [K2]',
    async (code) => {
      const { asked, reader } = await world(code);
      const held = await holdCart(reader, ACTORS.customer, cartWith(FIRST, null));
      expect(asked).toEqual(['hold 1', 'rename', 'hold 2']);
      expect(held).toMatchObject({ snapshot: { hold: SECOND }, hold: { status: 'HELD' } });
      const again = await world(code, code);
      await holdCart(again.reader, ACTORS.customer, cartWith(FIRST, null));
      expect(again.asked.filter((call) => call.startsWith('hold'))).toHaveLength(2);
    },
  );

  test('leaves a cart without a hold when the store is short, closed or busy [K2]', async () => {
    for (const code of ['INSUFFICIENT_STOCK', 'STORE_CLOSED', 'STORE_BUSY']) {
      const { asked, reader } = await world(code);
      expect((await holdCart(reader, ACTORS.customer, cartWith(FIRST, null))).hold).toBeNull();
      expect(asked).toEqual(['hold 1']);
    }
  });
});
