import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { ItemCard } from '../../contracts/rpc/store.ts';
import { FRESH_MS } from '../../domain/inventory/availability-feed.ts';
import { asSku } from '../../domain/shared/ids.ts';
import {
  audit,
  by,
  holdBasket,
  levelOf,
  line,
  must,
  newOrderId,
  newStoreId,
  newUserId,
  openStore,
  OPERATOR,
  orderActor,
  placeOnFloor,
  rowsOf,
  storeAt,
} from './support/store.ts';

describe('receiving', () => {
  const note = { receiptId: 'GRN-7', lines: [line('TEA', 2), line('EGGS', 6), line('TEA', 1)] };

  it('puts a note’s goods on the shelf once, whatever operation brings it [I6] [X3]', async () => {
    const store = await openStore({ TEA: 0, EGGS: 0 });
    const first = must(await store.rpc.receive({ ...by(OPERATOR), ...note }));
    expect(first).toEqual({ receiptId: 'GRN-7', lines: 2, units: 9, repeated: false });
    await evictDurableObject(store.stub);
    expect(await store.rpc.receive({ ...by(OPERATOR), ...note })).toEqual({
      ok: true,
      value: { ...first, repeated: true },
    });
    expect(await levelOf(store, 'TEA')).toMatchObject({ received: 3, available: 3 });
    expect(await store.rpc.receive({ ...by(OPERATOR), ...note, lines: [line('TEA', 1)] })).toMatchObject({
      error: { code: 'OP_ID_REUSED' },
    });
  });

  it('refuses a note with a SKU that the store does not sell, whole', async () => {
    const store = await openStore({ TEA: 0 });
    expect(await store.rpc.receive({ ...by(OPERATOR), ...note })).toMatchObject({
      error: { code: 'UNKNOWN_SKU', numbers: { skus: ['EGGS'] } },
    });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 0 });
  });

  it('takes 2,000 lines in one call and conserves them [I1]', async () => {
    const skus = Array.from({ length: 2000 }, (_, i) => `SKU-${i}`);
    const store = await openStore(Object.fromEntries(skus.map((sku) => [sku, 0])));
    must(await store.rpc.receive({ ...by(OPERATOR), receiptId: 'GRN-8', lines: skus.map((sku) => line(sku, 5)) }));
    expect(must(await store.rpc.audit(OPERATOR))).toMatchObject({
      skus: 2000,
      movements: 2000,
      totals: { received: 10_000, available: 10_000 },
      discrepancies: [],
    });
    const lines = Array.from({ length: 2001 }, () => line('SKU-0', 1));
    expect(await store.rpc.receive({ ...by(OPERATOR), receiptId: 'GRN-9', lines })).toMatchObject({
      error: { code: 'INVALID_INPUT', numbers: { lines: 2001 } },
    });
  });

  it('is for operators, like catalogs and audits', async () => {
    const store = await openStore({ TEA: 0 });
    const staff = { kind: 'staff', userId: newUserId(), storeId: store.storeId } as const;
    const forbidden = { ok: false, error: { code: 'FORBIDDEN' } };
    expect(await store.rpc.receive({ ...by(staff), ...note })).toMatchObject(forbidden);
    expect(
      await store.rpc.publishCatalog({ ...by(staff), storeName: 'Mine', catalogVersion: 9, cards: [] }),
    ).toMatchObject(forbidden);
    expect(await store.rpc.audit(orderActor(newOrderId()))).toMatchObject(forbidden);
  });
});

describe('the catalog', () => {
  function cards(count: number, bin: string): ItemCard[] {
    return Array.from({ length: count }, (_, i) => ({
      sku: asSku(`SKU-${i}`),
      name: `Item ${i}, as it is called on the shelf`,
      bin,
      barcodes: [String(2_000_000_000_000 + i)],
    }));
  }

  it('takes 10,000 cards in one call, and the newest version wins', async () => {
    const store = storeAt(newStoreId());
    const publish = { storeName: 'Indiranagar', catalogVersion: 4, cards: cards(10_000, 'A-1') };
    expect(await store.rpc.publishCatalog({ ...by(OPERATOR), ...publish })).toEqual({
      ok: true,
      value: { catalogVersion: 4 },
    });
    must(await store.rpc.publishCatalog({ ...by(OPERATOR), ...publish, catalogVersion: 5, cards: cards(3, 'B-1') }));
    const late = await store.rpc.publishCatalog({ ...by(OPERATOR), ...publish });
    expect(late).toEqual({ ok: true, value: { catalogVersion: 5 } });
    expect(await rowsOf(store, 'SELECT bin, count(*) AS cards FROM item_cards GROUP BY bin ORDER BY bin')).toEqual([
      { bin: 'A-1', cards: 9997 },
      { bin: 'B-1', cards: 3 },
    ]);
    expect(await store.rpc.publishCatalog({ ...by(OPERATOR), ...publish, cards: cards(10_001, '') })).toMatchObject({
      error: { code: 'INVALID_INPUT', numbers: { cards: 10_001 } },
    });
  });

  it('forgets barcodes that a card no longer has', async () => {
    const store = storeAt(newStoreId());
    const [card] = cards(1, 'A-1');
    if (card === undefined) throw new Error('no card');
    const publish = { storeName: 'Indiranagar', catalogVersion: 1 };
    must(await store.rpc.publishCatalog({ ...by(OPERATOR), ...publish, cards: [card] }));
    must(
      await store.rpc.publishCatalog({
        ...by(OPERATOR),
        ...publish,
        cards: [{ ...card, barcodes: ['20000001', '20000001'] }],
      }),
    );
    expect(await rowsOf(store, 'SELECT barcode FROM item_barcodes')).toEqual([{ barcode: '20000001' }]);
  });
});

describe('availability', () => {
  it('is everything in stock first and then what changed since [I9]', async () => {
    const store = await openStore({ TEA: 3, EGGS: 5, MILK: 0 });
    const first = await store.rpc.availability({ since: 0 });
    expect(first).toMatchObject({ storeId: store.storeId, full: true, catalogVersion: 3, open: true });
    expect(Object.fromEntries(first.items)).toEqual({ TEA: 3, EGGS: 5 });
    expect(first.nextAfterMs).toBe(FRESH_MS);
    const { orderId } = await placeOnFloor(store, [line('TEA', 3)]);
    const delta = await store.rpc.availability({ since: first.version });
    expect(delta).toMatchObject({ full: false, items: [['TEA', 0]] });
    expect(delta.version).toBeGreaterThan(first.version);
    expect(await store.rpc.availability({ since: delta.version })).toMatchObject({
      full: false,
      items: [],
      version: delta.version,
    });
    must(await store.rpc.cancelPick({ ...by(orderActor(orderId)), orderId, reason: 'customer' }));
    expect(await store.rpc.availability({ since: delta.version })).toMatchObject({ items: [['TEA', 3]] });
  });

  it('answers in full when the version is from another life, and goes on after an eviction', async () => {
    const store = await openStore({ TEA: 3 });
    const { version } = await store.rpc.availability({ since: 0 });
    expect(await store.rpc.availability({ since: version + 1 })).toMatchObject({ full: true });
    await evictDurableObject(store.stub);
    await holdBasket(store, [line('TEA', 1)]);
    expect(await store.rpc.availability({ since: version })).toMatchObject({ full: false, items: [['TEA', 2]] });
  });

  it('never skips a change: deltas from any version add up to the whole', async () => {
    const store = await openStore({ TEA: 9, EGGS: 9, MILK: 9 });
    const start = await store.rpc.availability({ since: 0 });
    const copy = new Map(start.items);
    let { version } = start;
    for (const basket of [[line('TEA', 2)], [line('EGGS', 1), line('TEA', 1)], [line('MILK', 9)]]) {
      await holdBasket(store, basket);
      const delta = await store.rpc.availability({ since: version });
      for (const [sku, available] of delta.items) copy.set(sku, available);
      version = delta.version;
    }
    expect(Object.fromEntries(copy)).toEqual({ TEA: 6, EGGS: 8, MILK: 0 });
    const fromStart = await store.rpc.availability({ since: start.version });
    expect(Object.fromEntries(fromStart.items)).toEqual({ TEA: 6, EGGS: 8, MILK: 0 });
  });

  it('says how busy the floor is', async () => {
    const store = await openStore({ TEA: 9 });
    const idle = await store.rpc.load();
    await placeOnFloor(store, [line('TEA', 4)]);
    await placeOnFloor(store, [line('TEA', 1)]);
    const busy = await store.rpc.load();
    expect(idle).toMatchObject({ queuedTasks: 0, queuedUnits: 0 });
    expect(busy).toMatchObject({ queuedTasks: 2, queuedUnits: 5 });
    expect(busy.readyP50Ms).toBeGreaterThan(idle.readyP50Ms);
    expect((await store.rpc.availability({ since: 0 })).load).toEqual(busy);
  });
});

describe('an audit', () => {
  it('finds a level that the ledger does not explain', async () => {
    const store = await openStore({ TEA: 9, EGGS: 2 });
    await holdBasket(store, [line('TEA', 1)]);
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
    await runInDurableObject(store.stub, (_object, state) => {
      state.storage.sql.exec("UPDATE stock SET available = available + 1, held = held - 1 WHERE sku = 'TEA'");
    });
    expect(await audit(store)).toMatchObject({ discrepancies: [{ sku: 'TEA', gapUnits: 2 }] });
  });
});
