import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ItemCard } from '../../contracts/rpc/store.ts';
import { asLotId, asSku } from '../../domain/shared/ids.ts';
import { closeSockets } from './support/socket.ts';
import {
  audit,
  by,
  holdBasket,
  levelOf,
  line,
  must,
  openStore,
  OPERATOR,
  orderActor,
  placeOnFloor,
  rowsOf,
  storeEvents,
} from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { act, claim, done, ringAfter, tablet } from './support/tablet.ts';

beforeEach(() => {
  // The orders of these tests are ids only: the store says that nobody took its reports.
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  closeSockets();
});

const DAY_MS = 24 * 60 * 60 * 1000;
const TEA = asSku('TEA');
const BARCODE = '4006381333931';
/** A GS1 code of a pack of the lot, best before the end of 2029. */
function ofLot(lot: string): string {
  return `010${BARCODE}1529123110${lot}`;
}

/** A store with two lots of tea: five units to be sold for two days, three for four. */
async function openTeaShop(): Promise<TestStore> {
  const store = await openStore({ TEA: 0 });
  const card: ItemCard = { sku: TEA, name: 'Tea', bin: 'A01-1-1', barcodes: [BARCODE] };
  must(await store.rpc.publishCatalog({ ...by(OPERATOR), storeName: 'Indiranagar', catalogVersion: 9, cards: [card] }));
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const lines = [
    { ...line('TEA', 5), lotId: asLotId('SOON'), bestBeforeMs: today + 3 * DAY_MS },
    { ...line('TEA', 3), lotId: asLotId('LATE'), bestBeforeMs: today + 5 * DAY_MS },
  ];
  must(await store.rpc.receive({ ...by(OPERATOR), receiptId: 'GRN-TEA-1', lines }));
  return store;
}
function lots(store: TestStore): Promise<object[]> {
  return rowsOf(store, 'SELECT lot_id, status, on_shelf, blocked FROM lots ORDER BY sell_by_ms');
}

describe('an order and the lots of its goods', () => {
  it('gets what expires first, or the lot that was scanned, and gives it back to the same lots', async () => {
    const store = await openTeaShop();
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const socket = await tablet(store);
    await claim(socket, taskId);
    await done(socket, { do: 'scan', taskId, barcode: BARCODE, quantity: 2 });
    await done(socket, { do: 'scan', taskId, barcode: ofLot('LATE') });
    expect(await rowsOf(store, 'SELECT lot_id, order_id, quantity FROM order_lots ORDER BY lot_id')).toEqual([
      { lot_id: 'LATE', order_id: taskId, quantity: 1 },
      { lot_id: 'SOON', order_id: taskId, quantity: 2 },
    ]);
    must(await store.rpc.cancelPick({ ...by(orderActor(taskId)), orderId: taskId, reason: 'customer' }));
    await done(socket, { do: 'restock', taskId, barcode: BARCODE, quantity: 3 });
    expect(await lots(store)).toMatchObject([
      { lot_id: 'SOON', on_shelf: 5 },
      { lot_id: 'LATE', on_shelf: 3 },
    ]);
    expect(await rowsOf(store, 'SELECT * FROM order_lots')).toEqual([]);
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });

  it('never gets what was called back while it waited: the picker is told, and who was promised it gives way', async () => {
    const store = await openTeaShop();
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const socket = await tablet(store);
    await claim(socket, taskId);
    const recall = { do: 'RecallLot', sku: TEA, lotId: asLotId('SOON'), reason: 'CONTAMINATION' } as const;
    must(await store.rpc.execute({ ...by(OPERATOR), ...recall }));
    expect(await act(socket, { do: 'scan', taskId, barcode: ofLot('SOON') })).toMatchObject({
      problem: { code: 'LOT_EXPIRED', numbers: { lotId: 'SOON', recalled: true } },
    });
    await done(socket, { do: 'scan', taskId, barcode: BARCODE, quantity: 3 });
    expect(await rowsOf(store, 'SELECT lot_id, quantity FROM order_lots')).toEqual([{ lot_id: 'LATE', quantity: 3 }]);
  });
});

describe('the store’s own clock', () => {
  it('closes a lot at its sell-by, and one after the other', async () => {
    const store = await openTeaShop();
    await ringAfter(store, 2 * DAY_MS + 1000);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 3 });
    expect(await lots(store)).toMatchObject([
      { lot_id: 'SOON', status: 'EXPIRED', blocked: 5 },
      { lot_id: 'LATE', status: 'OPEN', blocked: 0 },
    ]);
    expect((await storeEvents(store)).filter(({ type }) => type === 'lot.expired')).toMatchObject([
      { data: { sku: 'TEA', lotId: 'SOON', shelfUnits: 5 } },
    ]);
    await ringAfter(store, 4 * DAY_MS + 1000);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 0 });
    const { answer } = await holdBasket(store, [line('TEA', 1)]);
    expect(answer).toMatchObject({ ok: false, error: { code: 'INSUFFICIENT_STOCK' } });
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });
});
