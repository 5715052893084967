import { beforeAll, describe, expect, test } from 'vitest';
import { ReceiptAnswer } from '../../contracts/http/admin.ts';
import {
  LotTraceView,
  MarginView,
  MovementsView,
  PlaceView,
  ScannedView,
  StockLeftView,
  StockView,
} from '../../contracts/http/stock.ts';
import { asSku } from '../../domain/shared/ids.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { bearer, bodyOf, call, codeOf, openShop, OPERATOR_BEARER, publishNetwork } from './support/api.ts';
import {
  by,
  levelOf,
  line,
  must,
  newStoreId,
  OPERATOR as OPERATOR_ACTOR,
  newUserId,
  placeOnFloor,
  rowsOf,
} from './support/store.ts';
import type { TestStore } from './support/store.ts';

const OPERATOR = { authorization: OPERATOR_BEARER };
/** The stores of this file, each with the same goods: the network is published once, and each test takes a store of its own. */
const shops: TestStore[] = [];

beforeAll(async () => {
  for (let i = 0; i < 18; i += 1) {
    // oxlint-disable-next-line no-await-in-loop -- ids in order
    shops.push(await openShop({ TEA: 9, MILK: 0, PEAS: 2 }));
  }
  await publishNetwork(
    1,
    shops.map(({ storeId }) => ({ storeId, metresSouth: 300 })),
  );
});

/** A shop of the network, and its staff's headers. */
async function openFloor(): Promise<TestStore & { staff: Record<string, string> }> {
  const store = shops.pop();
  if (store === undefined) throw new Error('more tests than shops');
  return { ...store, staff: await bearer(staffOf(store.storeId)) };
}
/** For tests that change nothing: the same store for all of them. */
function last(): TestStore {
  const [store] = shops;
  if (store === undefined) throw new Error('more tests than shops');
  return store;
}
function staffOf(storeId: TestStore['storeId']): SignedInActor {
  return { kind: 'staff', userId: newUserId(), storeId };
}
function post(path: string, body: unknown, headers: Record<string, string>, method = 'POST'): Promise<Response> {
  return call(`/api/v1${path}`, { method, body, headers });
}
function receive(store: TestStore, lines: readonly object[], receiptId = 'GRN-LOTS-1'): Promise<Response> {
  return post(`/admin/stores/${store.storeId}/receipts`, { receiptId, lines }, OPERATOR);
}

describe('goods on the shelf, by the staff of the store [I6]', () => {
  test('are blocked, unblocked, written off and adjusted', async () => {
    const { storeId, staff, ...store } = await openFloor();
    const tea = `/stores/${storeId}/stock/TEA`;
    const blocked = await bodyOf(StockLeftView, await post(`${tea}/block`, { quantity: 4, reason: 'DAMAGED' }, staff));
    expect(blocked).toEqual({ sku: 'TEA', quantity: 4, sequence: 2, available: 5, blocked: 4 });
    await bodyOf(StockLeftView, await post(`${tea}/unblock`, { quantity: 1, reason: 'CHECKED' }, staff));
    const off = { quantity: 3, reason: 'DAMAGE', from: 'blocked' };
    expect(await bodyOf(StockLeftView, await post(`${tea}/write-off`, off, staff))).toMatchObject({ blocked: 0 });
    await bodyOf(StockLeftView, await post(`${tea}/write-off`, { quantity: 1, reason: 'THEFT' }, staff));
    const adjusted = await post(`${tea}/adjust`, { quantity: 2, reason: 'FOUND' }, staff);
    expect(await bodyOf(StockLeftView, adjusted)).toEqual({
      sku: 'TEA',
      quantity: 2,
      sequence: 6,
      available: 7,
      blocked: 0,
    });
    expect(
      await rowsOf({ storeId, ...store }, "SELECT adjusted, blocked, written_off FROM stock WHERE sku = 'TEA'"),
    ).toEqual([{ adjusted: 2, blocked: 0, written_off: 4 }]);
  });

  test('a retry with the same key is done once, and another body under it is refused [X3]', async () => {
    const store = await openFloor();
    const path = `/stores/${store.storeId}/stock/TEA/block`;
    const headers = { ...store.staff, 'idempotency-key': 'block-1' };
    const answers = [
      await post(path, { quantity: 4, reason: 'DAMAGED' }, headers),
      await post(path, { quantity: 4, reason: 'DAMAGED' }, headers),
    ];
    const [first, again] = await Promise.all(answers.map((answer) => bodyOf(StockLeftView, answer)));
    expect(again).toEqual(first);
    expect(await codeOf(await post(path, { quantity: 5, reason: 'DAMAGED' }, headers))).toBe('OP_ID_REUSED');
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 5 });
  });

  test('of which something moved since they were looked at are left as they are, and shown [I5]', async () => {
    const store = await openFloor();
    const path = `/stores/${store.storeId}/stock/TEA/block`;
    const { sequence } = await bodyOf(StockLeftView, await post(path, { quantity: 1, reason: 'DAMAGED' }, store.staff));
    const body = { quantity: 2, reason: 'DAMAGED', expectedSequence: sequence };
    expect(await bodyOf(StockLeftView, await post(path, body, store.staff))).toMatchObject({
      sequence: sequence + 1,
    });
    const late = await post(path, body, store.staff);
    expect(late.status).toBe(409);
    expect(await late.json()).toMatchObject({
      code: 'STOCK_CHANGED',
      numbers: { sku: 'TEA', expectedSequence: sequence, sequence: sequence + 1, level: { available: 6, blocked: 3 } },
    });
  });

  test('lie in the bin that they were put away to', async () => {
    const store = await openFloor();
    const put = { bin: 'F01-2-3', temperatureZone: 'frozen', quantity: 2 };
    const place = await post(`/stores/${store.storeId}/stock/PEAS/putaway`, put, store.staff);
    expect(await bodyOf(PlaceView, place)).toEqual({ sku: 'PEAS', bin: 'F01-2-3', temperatureZone: 'frozen' });
  });
});

describe('a scan is one call', () => {
  const EAN = '4006381333931';
  const NEXT_YEAR = String(new Date().getUTCFullYear() + 1).slice(2);
  const ELEMENTS = `]C1010${EAN}10L-7\u001D17${NEXT_YEAR}1231`;

  async function openScannedFloor() {
    const store = await openFloor();
    const packs = [{ barcode: '9780306406157', units: 4 }];
    const cards = [{ sku: asSku('TEA'), name: 'Assam', bin: 'A-1', barcodes: [EAN], packs }];
    must(await store.rpc.publishCatalog({ ...by(OPERATOR_ACTOR), storeName: 'Indiranagar', catalogVersion: 9, cards }));
    return { store, path: (code: string) => `/stores/${store.storeId}/scanned/${encodeURIComponent(code)}` };
  }

  test('that says what it is, how many there are and where, whatever the scanner sent [I6]', async () => {
    const { store, path } = await openScannedFloor();
    const item = { sku: 'TEA', name: 'Assam', bin: 'A-1', units: 1, sequence: 1 };
    for (const code of [EAN, `0${EAN}`, ELEMENTS]) {
      // oxlint-disable-next-line no-await-in-loop -- one store, one after the other
      const seen = await bodyOf(ScannedView, await call(`/api/v1${path(code)}`, { headers: store.staff }));
      expect(seen).toMatchObject({ items: [{ ...item, level: { available: 9 } }], sellable: true });
    }
    const elements = await bodyOf(ScannedView, await call(`/api/v1${path(ELEMENTS)}`, { headers: store.staff }));
    expect(elements).toMatchObject({ lotId: 'L-7', lotStatus: null, lastDay: expect.stringMatching(/-12-31$/) });
    const four = await bodyOf(ScannedView, await call(`/api/v1${path('9780306406157')}`, { headers: store.staff }));
    expect(four.items).toMatchObject([{ sku: 'TEA', units: 4 }]);
  });

  test('that changes its stock, once for a retry, and not on what has moved since [I5] [I6] [X3]', async () => {
    const { store, path } = await openScannedFloor();
    const headers = { ...store.staff, 'idempotency-key': 'scan-1' };
    const off = { do: 'write-off', quantity: 1, reason: 'DAMAGE', expectedSequence: 1 };
    const left = { sku: 'TEA', quantity: 4, sequence: 2, available: 5, blocked: 0 };
    expect(await bodyOf(StockLeftView, await post(path('9780306406157'), off, headers))).toEqual(left);
    expect(await bodyOf(StockLeftView, await post(path('9780306406157'), off, headers))).toEqual(left);
    expect(await codeOf(await post(path('9780306406157'), off, store.staff))).toBe('STOCK_CHANGED');
    for (const [body, blocked] of [
      [{ do: 'block', quantity: 2, reason: 'DAMAGED' }, 2],
      [{ do: 'unblock', quantity: 1, reason: 'CHECKED' }, 1],
      [{ do: 'adjust', quantity: -1, reason: 'MISCOUNTED' }, 1],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one store, one after the other
      expect(await bodyOf(StockLeftView, await post(path(EAN), body, store.staff))).toMatchObject({ blocked });
    }
    expect(await levelOf(store, 'TEA')).toMatchObject({ received: 9, available: 3 });
  });

  const block = { do: 'block', quantity: 1, reason: 'DAMAGED' };
  test.each<[string, string, unknown, string]>([
    ['a misread code', '4006381333932', block, 'UNREADABLE_BARCODE'],
    ['a web page', 'https://example.com/tea?a=1', block, 'UNREADABLE_BARCODE'],
    ['an unknown code', '96385074', block, 'UNKNOWN_BARCODE'],
    ['a code without end', '1'.repeat(129), block, 'INVALID_INPUT'],
    ['nothing that can be done', EAN, { ...block, do: 'eat' }, 'INVALID_INPUT'],
    ['a reason of another act', EAN, { ...block, reason: 'THEFT' }, 'INVALID_INPUT'],
    ['a field of another act', EAN, { ...block, from: 'available' }, 'INVALID_INPUT'],
  ])('by %s is refused [X8]', async (_, code, body, problem) => {
    const path = `/stores/${last().storeId}/scanned/${encodeURIComponent(code)}`;
    expect(await codeOf(await post(path, body, OPERATOR))).toBe(problem);
  });

  test.each([
    ['4006381333932', 'UNREADABLE_BARCODE'],
    ['https://example.com/tea?a=1', 'UNREADABLE_BARCODE'],
    ['96385074', 'UNKNOWN_BARCODE'],
    ['1'.repeat(129), 'INVALID_INPUT'],
  ])('that asks for %s is told why it is nothing [X8]', async (code, problem) => {
    const path = `/api/v1/stores/${last().storeId}/scanned/${encodeURIComponent(code)}`;
    expect(await codeOf(await call(path, { headers: OPERATOR }))).toBe(problem);
  });

  test('of the staff of the store only [U4]', async () => {
    const path = `/stores/${last().storeId}/scanned/${EAN}`;
    const foreign = await bearer(staffOf(newStoreId()));
    expect(await codeOf(await call(`/api/v1${path}`, { headers: foreign }))).toBe('FORBIDDEN');
    expect(await codeOf(await post(path, block, foreign))).toBe('FORBIDDEN');
  });
});

describe('lots', () => {
  test('come with a note, are called back in one call, and say who got them [I7]', async () => {
    const store = await openFloor();
    const lot = { sku: 'MILK', lotId: 'L-42', bestBefore: '2099-12-31' };
    expect(await bodyOf(ReceiptAnswer, await receive(store, [{ ...lot, quantity: 5 }]))).toMatchObject({ units: 5 });
    await placeOnFloor(store, [line('MILK', 2)]);
    const path = `/stores/${store.storeId}/stock/MILK/lots/L-42`;
    const recalled = await bodyOf(LotTraceView, await post(`${path}/recall`, { reason: 'FOREIGN_BODY' }, store.staff));
    expect(recalled).toMatchObject({
      status: 'RECALLED',
      bestBefore: '2099-12-31',
      sellBy: '2099-12-31T00:00:00.000Z',
      received: 5,
      onShelf: 5,
      blocked: 5,
      orderCount: 0,
    });
    expect(await bodyOf(LotTraceView, await call(`/api/v1${path}`, { headers: store.staff }))).toEqual(recalled);
    // Nobody gets any more of it, not even who was promised some.
    expect(await levelOf(store, 'MILK')).toMatchObject({ available: 0, held: 0, allocated: 0 });
    const late = await receive(store, [{ ...lot, quantity: 3 }], 'GRN-LOTS-2');
    expect(late.status).toBe(200);
    expect(await levelOf(store, 'MILK')).toMatchObject({ received: 8, available: 0 });
  });

  test('are sold no longer than operators say', async () => {
    const store = await openFloor();
    await receive(store, [{ sku: 'MILK', lotId: 'L-1', bestBefore: '2099-12-31', quantity: 5 }]);
    const all = await post(`/stores/${store.storeId}/sell-by-margin`, { days: 2 }, OPERATOR, 'PUT');
    expect(await bodyOf(MarginView, all)).toEqual({ sku: null, days: 2, movedLots: 1 });
    const own = await post(`/stores/${store.storeId}/stock/MILK/sell-by-margin`, { days: 3 }, OPERATOR, 'PUT');
    expect(await bodyOf(MarginView, own)).toEqual({ sku: 'MILK', days: 3, movedLots: 1 });
    const trace = await call(`/api/v1/stores/${store.storeId}/stock/MILK/lots/L-1`, { headers: OPERATOR });
    expect(await bodyOf(LotTraceView, trace)).toMatchObject({ sellBy: '2099-12-29T00:00:00.000Z' });
  });

  test.each([
    [
      'a day that there is not',
      [{ sku: 'MILK', lotId: 'L-1', bestBefore: '2099-02-30', quantity: 1 }],
      'INVALID_INPUT',
    ],
    ['a date without a lot', [{ sku: 'MILK', bestBefore: '2099-02-28', quantity: 1 }], 'INVALID_INPUT'],
    ['a lot number too long', [{ sku: 'MILK', lotId: 'x'.repeat(21), quantity: 1 }], 'INVALID_INPUT'],
    [
      'a lot of two dates',
      [
        { sku: 'MILK', lotId: 'L-1', bestBefore: '2099-02-28', quantity: 1 },
        { sku: 'MILK', lotId: 'L-1', bestBefore: '2099-02-27', quantity: 1 },
      ],
      'LOT_DATE_DIFFERS',
    ],
  ])('are not received with %s [X8]', async (_, lines, code) => {
    const store = last();
    expect(await codeOf(await receive(store, lines))).toBe(code);
    expect(await levelOf(store, 'MILK')).toMatchObject({ received: 0 });
  });
});

describe('GET stores/:storeId/stock/:sku', () => {
  test('is the stock as it is, and as of any past moment [I7]', async () => {
    const store = await openFloor();
    const path = `/api/v1/stores/${store.storeId}/stock/TEA`;
    const before = await bodyOf(StockView, await call(path, { headers: store.staff }));
    expect(before).toMatchObject({ sku: 'TEA', basis: 'MOMENT', sequence: 1, level: { received: 9, available: 9 } });
    await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(before.asOf));
    const block = { quantity: 4, reason: 'DAMAGED', expectedSequence: before.sequence };
    await bodyOf(StockLeftView, await post(`/stores/${store.storeId}/stock/TEA/block`, block, store.staff));
    const then = await bodyOf(StockView, await call(`${path}?at=${before.asOf}`, { headers: OPERATOR }));
    expect(then).toEqual(before);
    const now = await bodyOf(StockView, await call(path, { headers: store.staff }));
    expect(now).toMatchObject({ sequence: 2, level: { available: 5, blocked: 4 } });
    const first = await call(`${path}?at=2020-01-01T00:00:00.000Z`, { headers: store.staff });
    expect(await bodyOf(StockView, first)).toMatchObject({ basis: 'MOMENT', sequence: 0, level: { received: 0 } });
  });

  test.each([
    ['TEA?at=2099-01-01T00:00:00.000Z', 'INVALID_INPUT'],
    ['TEA?at=yesterday', 'INVALID_INPUT'],
    ['TEA?at=2026-02-31T25:00:00.000Z', 'INVALID_INPUT'],
    ['COFFEE', 'NOT_FOUND'],
    ['COFFEE?at=2026-01-01T00:00:00.000Z', 'NOT_FOUND'],
  ])('%s is refused [X8]', async (path, code) => {
    expect(await codeOf(await call(`/api/v1/stores/${last().storeId}/stock/${path}`, { headers: OPERATOR }))).toBe(
      code,
    );
  });
});

describe('GET admin/stores/:storeId/stock/:sku/movements', () => {
  test('tells the history page by page, newest first, with who and why [I6] [I7]', async () => {
    const store = await openFloor();
    const tea = `/stores/${store.storeId}/stock/TEA`;
    await post(`${tea}/block`, { quantity: 4, reason: 'DAMAGED' }, store.staff);
    await post(`${tea}/write-off`, { quantity: 4, reason: 'DAMAGE', from: 'blocked' }, store.staff);
    const path = `/api/v1/admin${tea}/movements`;
    const first = await bodyOf(MovementsView, await call(`${path}?limit=2`, { headers: store.staff }));
    expect(first.movements).toMatchObject([
      {
        kind: 'discarded',
        quantity: 4,
        reason: 'DAMAGE',
        actor: { kind: 'staff' },
        after: { blocked: 0, writtenOff: 4 },
      },
      { kind: 'blocked', quantity: 4, reason: 'DAMAGED', after: { available: 5, blocked: 4 } },
    ]);
    const rest = await call(`${path}?limit=2&before=${String(first.nextBefore)}`, { headers: OPERATOR });
    expect(await bodyOf(MovementsView, rest)).toMatchObject({
      movements: [{ sequence: 1, kind: 'received', quantity: 9 }],
      nextBefore: null,
    });
  });

  test.each(['limit=0', 'limit=201', 'before=0', 'before=x', 'page=2'])('refuses ?%s [X8]', async (query) => {
    const path = `/api/v1/admin/stores/${newStoreId()}/stock/TEA/movements?${query}`;
    expect(await codeOf(await call(path, { headers: OPERATOR }))).toBe('INVALID_INPUT');
  });
});

describe('bad input changes nothing [X8]', () => {
  const block = { quantity: 1, reason: 'DAMAGED' };
  test.each<[string, string, unknown, string]>([
    ['no units', 'TEA/block', { ...block, quantity: 0 }, 'INVALID_INPUT'],
    ['fewer than none', 'TEA/block', { ...block, quantity: -1 }, 'INVALID_INPUT'],
    ['half a unit', 'TEA/write-off', { quantity: 0.5, reason: 'THEFT' }, 'INVALID_INPUT'],
    ['more than anyone has', 'TEA/block', { ...block, quantity: 1_000_001 }, 'INVALID_INPUT'],
    ['an adjustment of nothing', 'TEA/adjust', { quantity: 0, reason: 'FOUND' }, 'INVALID_INPUT'],
    ['a reason that there is not', 'TEA/block', { ...block, reason: 'MOOD' }, 'INVALID_INPUT'],
    ['an unknown field', 'TEA/block', { ...block, force: true }, 'INVALID_INPUT'],
    ['an unknown SKU', 'COFFEE/block', block, 'UNKNOWN_SKU'],
    ['no SKU at all', '%20/block', block, 'INVALID_INPUT'],
    ['an unknown lot', 'TEA/block', { ...block, lotId: 'L-9' }, 'UNKNOWN_LOT'],
    ['more than is there', 'TEA/block', { ...block, quantity: 10 }, 'INSUFFICIENT_STOCK'],
    ['a bin of another house', 'TEA/putaway', { bin: 'Shelf 4' }, 'INVALID_INPUT'],
    ['a recall for no reason', 'TEA/lots/L-1/recall', {}, 'INVALID_INPUT'],
  ])('%s', async (_, path, body, code) => {
    const store = last();
    const staff = await bearer(staffOf(store.storeId));
    const before = await rowsOf(store, 'SELECT * FROM stock');
    expect(await codeOf(await post(`/stores/${store.storeId}/stock/${path}`, body, staff))).toBe(code);
    expect(await rowsOf(store, 'SELECT * FROM stock')).toEqual(before);
  });

  test('the staff of another store, customers and couriers are refused, and a made-up store is not brought into being [U4]', async () => {
    const store = await openFloor();
    const path = `/stores/${store.storeId}/stock/TEA`;
    const foreign = await bearer(staffOf(newStoreId()));
    const customer = await bearer({ kind: 'customer', userId: newUserId() });
    for (const headers of [foreign, customer]) {
      // oxlint-disable-next-line no-await-in-loop -- one store, one after the other
      expect(await codeOf(await post(`${path}/block`, block, headers))).toBe('FORBIDDEN');
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await codeOf(await call(`/api/v1/admin${path}/movements`, { headers }))).toBe('FORBIDDEN');
    }
    const margin = await post(`/stores/${store.storeId}/sell-by-margin`, { days: 1 }, store.staff, 'PUT');
    expect(await codeOf(margin)).toBe('FORBIDDEN');
    expect(await codeOf(await post(`/stores/${newStoreId()}/stock/TEA/block`, block, OPERATOR))).toBe('NOT_FOUND');
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 9 });
  });
});
