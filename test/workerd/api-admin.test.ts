import { describe, expect, test } from 'vitest';
import { AuditView, ReceiptAnswer } from '../../contracts/http/admin.ts';
import { bodyOf, call, codeOf, openShop, OPERATOR_BEARER } from './support/api.ts';
import { levelOf } from './support/store.ts';

const headers = { authorization: OPERATOR_BEARER };

function receive(storeId: string, body: unknown): Promise<Response> {
  return call(`/api/v1/admin/stores/${storeId}/receipts`, { method: 'POST', body, headers });
}

describe('POST admin/stores/:storeId/receipts', () => {
  test('receives a note once, for ever, and says so when it comes again [I6] [X3]', async () => {
    const store = await openShop({ ASSAM: 5 });
    const note = { receiptId: 'GRN-2026-0001', lines: [{ sku: 'ASSAM', quantity: 12 }] };
    const answers = [await receive(store.storeId, note), await receive(store.storeId, note)];
    const [first, again] = await Promise.all(answers.map((answer) => bodyOf(ReceiptAnswer, answer)));
    expect(first).toEqual({ receiptId: 'GRN-2026-0001', lines: 1, units: 12, repeated: false });
    expect(again).toMatchObject({ receiptId: 'GRN-2026-0001', repeated: true });
    expect(await levelOf(store, 'ASSAM')).toMatchObject({ received: 17, available: 17 });
  });

  test('receives nothing of a note that names a SKU the store does not keep [I6]', async () => {
    const store = await openShop({ ASSAM: 5 });
    const lines = [
      { sku: 'ASSAM', quantity: 1 },
      { sku: 'COFFEE', quantity: 1 },
    ];
    expect(await codeOf(await receive(store.storeId, { receiptId: 'GRN-2026-0002', lines }))).toBe('UNKNOWN_SKU');
    expect(await levelOf(store, 'ASSAM')).toMatchObject({ received: 5 });
  });

  test.each([
    ['no lines', { receiptId: 'GRN-2026-0003', lines: [] }],
    [
      '2,001 lines',
      { receiptId: 'GRN-2026-0003', lines: Array.from({ length: 2_001 }, () => ({ sku: 'A', quantity: 1 })) },
    ],
    ['a note without a number', { lines: [{ sku: 'ASSAM', quantity: 1 }] }],
    ['fewer than none', { receiptId: 'GRN-2026-0003', lines: [{ sku: 'ASSAM', quantity: -1 }] }],
  ])('refuses %s [X8]', async (_, body) => {
    expect(await codeOf(await receive(`sto_${'0'.repeat(26)}`, body))).toBe('INVALID_INPUT');
  });

  test('takes what would be too large anywhere else: a note of 2,000 lines [X8]', async () => {
    const units = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, i) => [`SKU-${String(i).padStart(30, '0')}`, 0]),
    );
    const store = await openShop(units);
    const lines = Object.keys(units).map((sku) => ({ sku, quantity: 3 }));
    const pad = ' '.repeat(256 * 1024);
    const body = JSON.stringify({ receiptId: 'GRN-2026-0004', lines }) + pad;
    const answer = await bodyOf(ReceiptAnswer, await receive(store.storeId, body));
    expect(answer).toMatchObject({ lines: 2_000, units: 6_000 });
  });
});

describe('GET admin/stores/:storeId/audit', () => {
  test('sums the ledger and finds nothing missing [I7] [R1]', async () => {
    const store = await openShop({ ASSAM: 5, GREEN: 3 });
    const audit = await bodyOf(AuditView, await call(`/api/v1/admin/stores/${store.storeId}/audit`, { headers }));
    expect(audit).toMatchObject({ skus: 2, totals: { received: 8, available: 8, sold: 0 }, discrepancies: [] });
  });
});
