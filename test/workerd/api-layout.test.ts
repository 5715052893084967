import { beforeAll, describe, expect, test } from 'vitest';
import { LayoutView, SlottingView } from '../../contracts/http/layout.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { DEFAULT_MEASURES } from '../../domain/picking/layout.ts';
import { bearer, bodyOf, call, codeOf, openShop, OPERATOR_BEARER, publishNetwork } from './support/api.ts';
import { newStoreId, newUserId } from './support/store.ts';
import type { TestStore } from './support/store.ts';

const OPERATOR = { authorization: OPERATOR_BEARER };
const LAYOUT = { aisles: ['A', 'B01'], racks: 12 };
let store: TestStore;
let bare: TestStore;

beforeAll(async () => {
  [store, bare] = [await openShop({ ASSAM: 9, GREEN: 3 }), await openShop({ ASSAM: 1 })];
  await publishNetwork(
    1,
    [store, bare].map(({ storeId }) => ({ storeId, metresSouth: 300 })),
  );
});

function staffOf({ storeId }: TestStore): SignedInActor {
  return { kind: 'staff', userId: newUserId(), storeId };
}
async function read(of: TestStore, what: string, actor: SignedInActor = staffOf(of)): Promise<Response> {
  return call(`/api/v1/stores/${of.storeId}/${what}`, { headers: await bearer(actor) });
}
function describeFloor(body: unknown, headers: Record<string, string> = OPERATOR, of = store): Promise<Response> {
  return call(`/api/v1/stores/${of.storeId}/layout`, { method: 'PUT', body, headers });
}

describe('the layout of a floor [F9]', () => {
  test('is set by an operator and read by the staff, with its version', async () => {
    const set = await bodyOf(LayoutView, await describeFloor(LAYOUT));
    expect(set).toMatchObject({ ...DEFAULT_MEASURES, ...LAYOUT, version: 1, unplacedSkus: 0 });
    expect(await bodyOf(LayoutView, await read(store, 'layout'))).toEqual(set);
    const narrow = await bodyOf(LayoutView, await describeFloor({ ...LAYOUT, racks: 9, packingXM: -3.5 }));
    // ASSAM lies in A-10.
    expect(narrow).toMatchObject({ racks: 9, packingXM: -3.5, version: 2, unplacedSkus: 1 });
  });

  test('is not there until somebody has described it', async () => {
    expect(await codeOf(await read(bare, 'layout'))).toBe('NOT_FOUND');
    const slotting = await bodyOf(SlottingView, await read(bare, 'slotting'));
    expect(slotting).toMatchObject({ basis: 'NO_LAYOUT', layoutVersion: null, swaps: [] });
  });

  test.each<[string, unknown]>([
    ['without aisles', { ...LAYOUT, aisles: [] }],
    ['with an aisle twice', { ...LAYOUT, aisles: ['A', 'A'] }],
    ['with an aisle that no bin can name', { ...LAYOUT, aisles: ['upstairs'] }],
    ['without racks', { aisles: ['A'] }],
    ['with more racks than bins can name', { ...LAYOUT, racks: 100 }],
    ['with a picker who flies', { ...LAYOUT, walkMPerS: 30 }],
    ['with something else', { ...LAYOUT, floors: 2 }],
  ])('%s is refused [X8]', async (_what, body) => {
    expect(await codeOf(await describeFloor(body))).toBe('INVALID_INPUT');
  });

  test('is nobody’s to set but an operator’s, and no other store’s staff may see it', async () => {
    expect(await codeOf(await describeFloor(LAYOUT, await bearer(staffOf(store))))).toBe('FORBIDDEN');
    const elsewhere: SignedInActor = { kind: 'staff', userId: newUserId(), storeId: newStoreId() };
    for (const what of ['layout', 'slotting'])
      expect(await codeOf(await read(store, what, elsewhere))).toBe('FORBIDDEN');
    expect(await codeOf(await call(`/api/v1/stores/${newStoreId()}/layout`, { headers: OPERATOR }))).toBe('NOT_FOUND');
  });
});

describe('the slotting report over HTTP', () => {
  test('says what it rests on', async () => {
    await describeFloor(LAYOUT);
    expect(await bodyOf(SlottingView, await read(store, 'slotting?days=7'))).toMatchObject({
      basis: 'NO_HISTORY',
      orders: 0,
      swaps: [],
    });
    for (const days of ['0', '31', 'all']) {
      expect(await codeOf(await read(store, `slotting?days=${days}`))).toBe('INVALID_INPUT');
    }
  });
});
