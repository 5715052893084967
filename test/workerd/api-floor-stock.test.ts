import { beforeAll, describe, expect, test } from 'vitest';
import {
  AccuracyView,
  CountAnswer,
  CountTasksView,
  CountTaskView,
  ReconciliationView,
  ShelfRanking,
} from '../../contracts/http/counts.ts';
import { LowStockView, ThresholdView } from '../../contracts/http/low-stock.ts';
import { TransferAnswer, TransfersView } from '../../contracts/http/transfers.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { bearer, bodyOf, call, codeOf, openShop, OPERATOR_BEARER, publishNetwork } from './support/api.ts';
import { levelOf, newUserId } from './support/store.ts';
import type { TestStore } from './support/store.ts';

let here: TestStore;
let there: TestStore;

beforeAll(async () => {
  [here, there] = [await openShop({ ASSAM: 10, GREEN: 3 }), await openShop({ ASSAM: 2 })];
  await publishNetwork(1, [
    { storeId: here.storeId, metresSouth: 300 },
    { storeId: there.storeId, metresSouth: 1_500 },
  ]);
});

function staffOf({ storeId }: TestStore): SignedInActor {
  return { kind: 'staff', userId: newUserId(), storeId };
}
async function at(
  store: TestStore,
  path: string,
  { method = 'GET', body, actor = staffOf(store) }: { method?: string; body?: unknown; actor?: SignedInActor } = {},
): Promise<Response> {
  return call(`/api/v1/stores/${store.storeId}/${path}`, { method, body, headers: await bearer(actor) });
}

describe('counts', () => {
  test('are asked for, started, made and reported by the staff of the store [R2] [I12]', async () => {
    const asha = staffOf(here);
    const task = await bodyOf(
      CountTaskView,
      await at(here, 'counts', { method: 'POST', body: { sku: 'ASSAM' }, actor: asha }),
    );
    const open = await bodyOf(CountTasksView, await at(here, 'counts'));
    expect(open.counts).toEqual([task]);
    const path = `counts/${task.countId}`;
    expect(await bodyOf(CountTaskView, await at(here, `${path}/start`, { method: 'POST', actor: asha }))).toMatchObject(
      {
        status: 'COUNTING',
      },
    );
    const other = await at(here, `${path}/submit`, { method: 'POST', body: { quantity: 9 } });
    expect(await codeOf(other)).toBe('COUNT_TAKEN');
    const counted = await at(here, `${path}/submit`, { method: 'POST', body: { quantity: 9 }, actor: asha });
    expect(await bodyOf(CountAnswer, counted)).toMatchObject({ outcome: 'COUNTED', variance: -1, available: 9 });
    expect(await levelOf(here, 'ASSAM')).toMatchObject({ available: 9 });
    expect(await bodyOf(AccuracyView, await at(here, 'accuracy?days=7'))).toMatchObject({
      days: 7,
      counts: 1,
      unitAccuracy: 0.9,
      onTarget: false,
    });
    const reconciled = await bodyOf(ReconciliationView, await at(here, 'discrepancies'));
    expect(reconciled).toMatchObject({ ledger: [], openCounts: 0 });
    expect(await codeOf(await at(here, 'discrepancies?deep=true', { actor: asha }))).toBe('FORBIDDEN');
    const operator: SignedInActor = { kind: 'operator', userId: newUserId() };
    const deep = await bodyOf(ReconciliationView, await at(here, 'discrepancies?deep=true', { actor: operator }));
    expect(deep).toEqual({ ...reconciled, auditedAt: deep.auditedAt });
    const again = await at(here, 'discrepancies?deep=true', { actor: operator });
    expect(await bodyOf(ReconciliationView, again)).toEqual(deep);
  });

  test('are planned by risk, and the ranking says why', async () => {
    const { shelves } = await bodyOf(ShelfRanking, await at(here, 'count-ranking'));
    expect(shelves.map(({ sku }) => sku)).toContain('GREEN');
    const planned = await at(here, 'count-plan', { method: 'POST', body: { tasks: 1 } });
    expect((await bodyOf(CountTasksView, planned)).counts).toMatchObject([{ sku: 'GREEN', reason: 'PLANNED' }]);
  });

  test.each([
    ['of no SKU', 'counts', { sku: '' }, 'INVALID_INPUT'],
    ['of a SKU that is not sold here', 'counts', { sku: 'COFFEE' }, 'UNKNOWN_SKU'],
    ['201 at once', 'count-plan', { tasks: 201 }, 'INVALID_INPUT'],
    ['of less than nothing', 'counts/1/submit', { quantity: -1 }, 'INVALID_INPUT'],
    ['of half a unit', 'counts/1/submit', { quantity: 0.5 }, 'INVALID_INPUT'],
    ['that there is not', 'counts/999/submit', { quantity: 1 }, 'COUNT_NOT_FOUND'],
    ['under no number', 'counts/first/submit', { quantity: 1 }, 'INVALID_INPUT'],
  ])('%s is refused [X8]', async (_what, path, body, code) => {
    expect(await codeOf(await at(here, path, { method: 'POST', body }))).toBe(code);
  });
});

describe('stock that runs low', () => {
  test('is listed once its threshold is passed [I8]', async () => {
    const body = { sku: 'GREEN', lowAtUnits: 3, safetyUnits: 1 };
    const set = await at(here, 'stock-thresholds', { method: 'PUT', body });
    expect(await bodyOf(ThresholdView, set)).toEqual({ sku: 'GREEN', lowAtUnits: 3, own: true, safetyUnits: 1 });
    const { items } = await bodyOf(LowStockView, await at(here, 'low-stock'));
    expect(items).toMatchObject([{ sku: 'GREEN', state: 'LOW', available: 3, safetyUnits: 1, runOutHours: null }]);
  });

  test.each([
    ['below nothing', { sku: 'GREEN', lowAtUnits: -1, safetyUnits: 0 }, 'INVALID_INPUT'],
    ['of a SKU that is not sold here', { sku: 'COFFEE', lowAtUnits: 1, safetyUnits: 0 }, 'UNKNOWN_SKU'],
  ])('a threshold %s is refused', async (_what, body, code) => {
    expect(await codeOf(await at(here, 'stock-thresholds', { method: 'PUT', body }))).toBe(code);
  });
});

describe('transfers', () => {
  const note = { transferId: 'TN-2026-0007', lines: [{ sku: 'ASSAM', quantity: 4 }] };

  test('are sent, listed and received [I10]', async () => {
    const body = { ...note, toStoreId: there.storeId };
    const sent = await bodyOf(TransferAnswer, await at(here, 'transfers', { method: 'POST', body }));
    expect(sent).toMatchObject({ direction: 'OUT', status: 'IN_TRANSIT', otherStoreId: there.storeId });
    expect(await bodyOf(TransferAnswer, await at(here, 'transfers', { method: 'POST', body }))).toEqual(sent);
    await expect
      .poll(async () => (await bodyOf(TransfersView, await at(there, 'transfers'))).transfers)
      .toMatchObject([{ direction: 'IN', status: 'EXPECTED' }]);
    const receive = { fromStoreId: here.storeId, lines: note.lines };
    const received = await at(there, `transfers/${note.transferId}/receive`, { method: 'POST', body: receive });
    expect(await bodyOf(TransferAnswer, received)).toMatchObject({ status: 'RECEIVED', lost: [] });
    expect(await levelOf(there, 'ASSAM')).toMatchObject({ available: 6 });
  });

  test.each([
    ['to a store that there is not', { ...note, toStoreId: `sto_${'Z'.repeat(26)}` }, 'NOT_FOUND'],
    [
      'of more than there is',
      { ...note, transferId: 'TN-2026-0008', lines: [{ sku: 'GREEN', quantity: 99 }] },
      'INSUFFICIENT_STOCK',
    ],
    ['of nothing', { ...note, lines: [] }, 'INVALID_INPUT'],
    [
      'under a number that was used for other goods',
      { ...note, lines: [{ sku: 'ASSAM', quantity: 1 }] },
      'TRANSFER_ID_REUSED',
    ],
  ])('%s are refused [X8]', async (_what, body, code) => {
    const whole = { toStoreId: there.storeId, ...body };
    expect(await codeOf(await at(here, 'transfers', { method: 'POST', body: whole }))).toBe(code);
  });
});

describe('the floor of a store', () => {
  test('is its staff’s and operators’, not another store’s [U4] [X8]', async () => {
    for (const path of ['counts', 'low-stock', 'transfers', 'accuracy', 'discrepancies']) {
      expect(await codeOf(await at(here, path, { actor: staffOf(there) }))).toBe('FORBIDDEN');
      const asked = await call(`/api/v1/stores/${here.storeId}/${path}`, {
        headers: { authorization: OPERATOR_BEARER },
      });
      expect(asked.status).toBe(200);
    }
  });
});
