import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../contracts/actor.ts';
import { asLotId, asSku } from '../../../domain/shared/ids.ts';
import { DAY_MS, execute, goods, levelIn, lotDeadline, lotsOf, receive } from '../../../test/support/goods-commands.ts';
import { closePastSellBy } from '../goods/lot-closing.ts';
import {
  EAST,
  WEST,
  TwoStores,
  numbered,
  line,
  sendTo,
  receiveAt,
  callBackAt,
} from '../../../test/support/two-stores.ts';

describe('the lots of a transfer', () => {
  /** EAST sends four units of a lot that is sold until day 4, four until day 8 and one of no lot, and keeps one; WEST has ten others. */
  function underWay(): TwoStores {
    const stores = new TwoStores();
    const east = stores.at(EAST);
    execute(east, { do: 'AdjustStock', sku: asSku('TEA'), quantity: -9, reason: 'MISCOUNTED' });
    receive(east, [goods('TEA', 4, 'SOON', 5), goods('TEA', 4, 'LATE', 9)]);
    expect(sendTo(stores, EAST, 1, [line('TEA', 9)])).toMatchObject({
      value: {
        lots: [
          { lotId: 'SOON', bestBeforeMs: 5 * DAY_MS, quantity: 4 },
          { lotId: 'LATE', quantity: 4 },
        ],
      },
    });
    stores.settle();
    return stores;
  }

  it('are known where they arrive: a recall there finds them, and blocks them [I7]', () => {
    const stores = underWay();
    receiveAt(stores, WEST, 1, [line('TEA', 9)]);
    const west = stores.at(WEST);
    expect(lotsOf(west, 'TEA')).toEqual({ LATE: 'OPEN 4/0', SOON: 'OPEN 4/0' });
    const recall = { do: 'RecallLot', sku: asSku('TEA'), lotId: asLotId('SOON'), reason: 'QUALITY' } as const;
    expect(execute(west, recall)).toMatchObject({ value: { lot: { received: 4, onShelf: 4, blocked: 4 } } });
    expect(levelIn(west, 'TEA')).toMatchObject({ available: 15, blocked: 4 });
  });

  it('are blocked on arrival where the lot was recalled before', () => {
    const stores = underWay();
    const west = stores.at(WEST);
    execute(west, { do: 'RecallLot', sku: asSku('TEA'), lotId: asLotId('LATE'), reason: 'QUALITY' });
    receiveAt(stores, WEST, 1, [line('TEA', 9)]);
    expect(lotsOf(west, 'TEA')).toEqual({ LATE: 'RECALLED 4/4', SOON: 'OPEN 4/0' });
  });

  it('keep their sell-by, by the margin of the store that they come to: late ones are blocked at once, the clock is set for the others', () => {
    const stores = underWay();
    const west = stores.at(WEST);
    execute(west, { do: 'SetSellByMargin', sku: asSku('TEA'), days: 3 });
    stores.nowMs = 3 * DAY_MS;
    receiveAt(stores, WEST, 1, [line('TEA', 9)]);
    expect(lotsOf(west, 'TEA')).toEqual({ LATE: 'OPEN 4/0', SOON: 'EXPIRED 4/4' });
    expect(levelIn(west, 'TEA')).toMatchObject({ available: 15, blocked: 4 });
    closePastSellBy(west.books, stores.nowMs);
    expect(lotDeadline(west)).toBe(6 * DAY_MS);
  });

  it('have the earlier of two dates that two stores were told', () => {
    const stores = underWay();
    const west = stores.at(WEST);
    receive(west, [goods('TEA', 1, 'SOON', 7), goods('TEA', 1, 'LATE', 6)]);
    receiveAt(stores, WEST, 1, [line('TEA', 9)]);
    expect(west.sql.all('SELECT lot_id, best_before_ms FROM lots ORDER BY lot_id')).toEqual([
      { lot_id: 'LATE', best_before_ms: 6 * DAY_MS },
      { lot_id: 'SOON', best_before_ms: 5 * DAY_MS },
    ]);
  });

  it('that are missing are those of no known lot, then those that last longest, and both stores say so', () => {
    const stores = underWay();
    const lost = [{ sku: 'TEA', lotId: 'LATE', bestBeforeMs: 9 * DAY_MS, quantity: 2 }];
    expect(receiveAt(stores, WEST, 1, [line('TEA', 6)])).toMatchObject({
      value: { lost: [line('TEA', 3)], lostLots: lost },
    });
    expect(lotsOf(stores.at(WEST), 'TEA')).toEqual({ LATE: 'OPEN 2/0', SOON: 'OPEN 4/0' });
    stores.settle();
    expect(stores.listed(EAST, 'OUT')).toMatchObject([{ status: 'RECEIVED', lostLots: lost }]);
  });

  it('come back to their lots; those past their sell-by meanwhile are not sold', () => {
    const stores = underWay();
    stores.nowMs = 4 * DAY_MS;
    callBackAt(stores, EAST, 1);
    stores.settle();
    expect(lotsOf(stores.at(EAST), 'TEA')).toEqual({ LATE: 'OPEN 4/0', SOON: 'EXPIRED 4/4' });
    expect(levelIn(stores.at(EAST), 'TEA')).toMatchObject({ available: 5, blocked: 4 });
  });

  it('that are past their sell-by are not loaded though the clock is late', () => {
    const stores = new TwoStores('lots');
    stores.nowMs = 4 * DAY_MS;
    expect(sendTo(stores, EAST, 1, [line('TEA', 7)])).toMatchObject({ error: { code: 'INSUFFICIENT_STOCK' } });
    expect(sendTo(stores, EAST, 2, [line('TEA', 6)])).toMatchObject({ value: { lots: [{ lotId: 'LATE' }] } });
  });

  it('are none where a store of the version before announces: the goods come as of no known lot', () => {
    const stores = new TwoStores();
    const east: Actor = { kind: 'object', object: 'store', id: EAST };
    const said = { do: 'ExpectTransfer', transferId: numbered(1), fromStoreId: EAST, lines: [line('TEA', 4)] } as const;
    expect(stores.tell(WEST, { ...stores.by(east), ...said })).toMatchObject({ ok: true });
    expect(receiveAt(stores, WEST, 1)).toMatchObject({ value: { status: 'RECEIVED', lots: [], lostLots: [] } });
    expect(lotsOf(stores.at(WEST), 'TEA')).toEqual({});
  });
});
