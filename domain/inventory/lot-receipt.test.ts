import { describe, expect, it } from 'vitest';
import { asLotId, asSku } from '../shared/ids.ts';
import { toReceipt } from './lot-receipt.ts';
import type { ReceivedLine } from './lot-receipt.ts';

const [MILK, TEA] = [asSku('MILK'), asSku('TEA')];
const [A, B] = [asLotId('A'), asLotId('B')];

function receipt(...lines: ReceivedLine[]) {
  return toReceipt(lines, { linesMax: 5, quantityMax: 10 });
}

describe('toReceipt', () => {
  it('keeps lots apart, adds up what is of one, and is the same however it is written', () => {
    const lines = [
      { sku: TEA, quantity: 1 },
      { sku: MILK, quantity: 2, lotId: B },
      { sku: MILK, quantity: 3, lotId: A, bestBeforeMs: 9 },
      { sku: MILK, quantity: 4, lotId: A },
    ];
    const read = receipt(...lines);
    expect(read).toEqual({
      ok: true,
      value: [
        { sku: MILK, quantity: 7, lotId: A, bestBeforeMs: 9 },
        { sku: MILK, quantity: 2, lotId: B },
        { sku: TEA, quantity: 1 },
      ],
    });
    expect(receipt(...lines.toReversed())).toEqual(read);
  });

  it.each<[string, ReceivedLine[], string]>([
    ['a date without a lot', [{ sku: MILK, quantity: 1, bestBeforeMs: 9 }], 'DATE_WITHOUT_LOT'],
    [
      'two dates of one lot',
      [
        { sku: MILK, quantity: 1, lotId: A, bestBeforeMs: 9 },
        { sku: MILK, quantity: 1, lotId: A, bestBeforeMs: 8 },
      ],
      'LOT_DATE_DIFFERS',
    ],
    [
      'more of a SKU than a note may have, over its lots',
      [
        { sku: MILK, quantity: 6, lotId: A },
        { sku: MILK, quantity: 6, lotId: B },
      ],
      'BAD_QUANTITY',
    ],
    ['nothing', [], 'NO_LINES'],
  ])('refuses %s', (_, lines, code) => {
    expect(receipt(...lines)).toMatchObject({ ok: false, error: { code } });
  });
});
