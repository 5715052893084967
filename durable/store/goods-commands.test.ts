import { describe, expect, it } from 'vitest';
import { RPC_VERSION } from '../../contracts/actor.ts';
import type { AdjustStock } from '../../contracts/rpc/store-goods.ts';
import { asOpId, asSku, asUserId } from '../../domain/shared/ids.ts';
import { openStoreWorld } from '../../test/support/store-world.ts';
import { adjustStock } from './goods-commands.ts';

const TEA = asSku('TEA');

function adjust(quantity: number): AdjustStock {
  return {
    do: 'AdjustStock',
    v: RPC_VERSION,
    actor: { kind: 'operator', userId: asUserId(`usr_${'0'.repeat(26)}`) },
    opId: asOpId(`adjust:${quantity}`),
    sku: TEA,
    quantity,
    reason: 'MISCOUNTED',
  };
}

describe('adjustStock', () => {
  it('takes units off and says what is left [I6]', () => {
    const { books } = openStoreWorld({ TEA: 6 });
    expect(adjustStock(books, adjust(-4), 1)).toEqual({ ok: true, value: { sku: TEA, available: 2 } });
    expect(books.stock.accounts([TEA]).get(TEA)?.level).toMatchObject({ received: 6, adjusted: -4, available: 2 });
  });

  it('refuses to take more than the shelf has, and says how much that is', () => {
    const { books } = openStoreWorld({ TEA: 3 });
    expect(adjustStock(books, adjust(-4), 1)).toMatchObject({
      ok: false,
      error: { code: 'INSUFFICIENT_STOCK', numbers: { shortages: [{ sku: 'TEA', requested: 4, available: 3 }] } },
    });
  });
});
