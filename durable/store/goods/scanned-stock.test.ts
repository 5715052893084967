import { describe, expect, it } from 'vitest';
import type { ItemCard } from '../../../contracts/rpc/store.ts';
import { checkDigit } from '../../../domain/catalog/gtin.ts';
import { asLotId, asSku } from '../../../domain/shared/ids.ts';
import { DAY_MS, execute, goods, levelIn, lotsOf, operation, receive } from '../../../test/support/goods-commands.ts';
import { openStoreWorld } from '../../../test/support/store-world.ts';
import type { StoreWorld } from '../../../test/support/store-world.ts';
import { answerQuestion } from '../question-table.ts';

const NOW_MS = Date.UTC(2026, 5, 15);
const GS = '\u001D';
const TEA_EAN = '4006381333931';

/** What a scale prints for item 01234: prefix 21 and grams. */
function weighed(grams: number): string {
  const body = `2101234${String(grams).padStart(5, '0')}`;
  return body + checkDigit(body);
}

/** Tea by EAN-13 and a four-pack, milk by UPC-A, gum by EAN-8, loose okra by its label, and two caps with one code. */
function openGroceries(): StoreWorld {
  const world = openStoreWorld({ TEA: 0, MILK: 9, GUM: 9, OKRA: 9, RED: 2, BLUE: 3 });
  receive(
    world,
    [goods('TEA', 12, 'L-1', NOW_MS / DAY_MS + 90), goods('TEA', 12, 'L-2', NOW_MS / DAY_MS + 60)],
    NOW_MS,
  );
  const codes: Record<string, Partial<ItemCard>> = {
    TEA: { barcodes: [TEA_EAN], packs: [{ barcode: '9780306406157', units: 4 }] },
    MILK: { barcodes: ['036000291452'] },
    GUM: { barcodes: ['73513537'] },
    OKRA: { barcodes: [weighed(0)] },
    RED: { barcodes: ['5012345678900'] },
    BLUE: { barcodes: ['5012345678900'] },
  };
  const cards = Object.entries(codes).map(([sku, code], i): ItemCard => ({
    sku: asSku(sku),
    name: `${sku} of the house`,
    bin: `A01-1-${i + 1}`,
    barcodes: [],
    ...code,
  }));
  world.books.cards.publish({ storeName: 'Indiranagar', catalogVersion: 2 }, cards);
  return world;
}
function ask(world: StoreWorld, barcode: string) {
  const asked = answerQuestion(world.books, { ask: 'AskScanned', actor: operation().actor, barcode }, NOW_MS);
  if (!asked.ok) throw new Error(asked.error.code);
  return asked.value;
}

describe('what a scanner sends', () => {
  it.each([
    ['EAN-13', TEA_EAN, 'TEA', 1],
    ['a multi-pack', '9780306406157', 'TEA', 4],
    ['UPC-A', '036000291452', 'MILK', 1],
    ['UPC-A as EAN-13', '0036000291452', 'MILK', 1],
    ['EAN-8', '73513537', 'GUM', 1],
    ['ITF-14 of a unit', '04006381333931', 'TEA', 1],
    ['GS1 elements', `]C1010${TEA_EAN}`, 'TEA', 1],
    ['a scale label', weighed(412), 'OKRA', 1],
  ])('%s is resolved into SKU, units, name, bin and stock [I6]', (_, barcode, sku, units) => {
    const world = openGroceries();
    const level = levelIn(world, sku);
    const { sequence } = world.books.stock.accounts([asSku(sku)]).get(asSku(sku)) ?? {};
    const bin = expect.stringMatching(/^A01-1-\d$/);
    expect(ask(world, barcode)).toMatchObject({
      ok: true,
      value: { items: [{ sku, units, name: `${sku} of the house`, bin, sequence, level }], sellable: true },
    });
  });

  it('says what a label weighs, and which lot and day the elements name [I6]', () => {
    const world = openGroceries();
    expect(ask(world, weighed(412))).toMatchObject({ value: { weightMg: 412_000, lotId: null, lotStatus: null } });
    const known = `010${TEA_EAN}1726123110L-1`;
    expect(ask(world, known)).toMatchObject({
      value: { lotId: 'L-1', lotStatus: 'OPEN', lastDay: '2026-12-31', sellable: true },
    });
    expect(ask(world, `010${TEA_EAN}10X-9${GS}17260614`)).toMatchObject({
      value: { lotId: 'X-9', lotStatus: null, lastDay: '2026-06-14', sellable: false, items: [{ sku: 'TEA' }] },
    });
    execute(world, { do: 'RecallLot', sku: asSku('TEA'), lotId: asLotId('L-1'), reason: 'QUALITY' }, NOW_MS);
    expect(ask(world, known)).toMatchObject({ value: { lotStatus: 'RECALLED', sellable: false } });
  });

  it('is all articles that share a code, and the reason why it is none [I6]', () => {
    const world = openGroceries();
    expect(ask(world, '5012345678900')).toMatchObject({ value: { items: [{ sku: 'BLUE' }, { sku: 'RED' }] } });
    const said = { ok: false, error: { code: 'UNREADABLE_BARCODE', numbers: { why: 'BAD_CHECK_DIGIT' } } };
    expect(ask(world, '4006381333932')).toMatchObject(said);
    expect(ask(world, '96385074')).toMatchObject({ error: { code: 'UNKNOWN_BARCODE' } });
    expect(ask(world, '14006381333938')).toMatchObject({
      error: { code: 'UNKNOWN_BARCODE', numbers: { skus: ['TEA'] } },
    });
  });
});

describe('stock changed by a scan', () => {
  const off = { do: 'WriteOffStock', reason: 'DAMAGE', from: 'available' } as const;

  it('counts packs, and answers in units of the SKU [I6]', () => {
    const world = openGroceries();
    const answer = execute(world, { ...off, barcode: '9780306406157', quantity: 2 }, NOW_MS);
    expect(answer).toMatchObject({ ok: true, value: { sku: 'TEA', quantity: 8, available: 16 } });
    expect(levelIn(world, 'TEA')).toMatchObject({ available: 16, writtenOff: 8 });
  });

  it('is of the lot that the code names, unless another is said [I6]', () => {
    const world = openGroceries();
    const barcode = `010${TEA_EAN}10L-1`;
    const block = { do: 'BlockStock', reason: 'DAMAGED', barcode } as const;
    execute(world, { ...block, quantity: 3 }, NOW_MS);
    expect(lotsOf(world, 'TEA')).toEqual({ 'L-1': 'OPEN 12/3', 'L-2': 'OPEN 12/0' });
    execute(world, { ...block, quantity: 1, lotId: asLotId('L-2') }, NOW_MS);
    expect(lotsOf(world, 'TEA')).toEqual({ 'L-1': 'OPEN 12/3', 'L-2': 'OPEN 12/1' });
    expect(execute(world, { ...block, quantity: 10 }, NOW_MS)).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK', numbers: { shortages: [{ sku: 'TEA', requested: 10, available: 9 }] } },
    });
  });

  it('rests on a sequence like any other [I5] [I6]', () => {
    const world = openGroceries();
    const write = { ...off, barcode: TEA_EAN, quantity: 1, expectedSequence: 2 };
    expect(execute(world, write, NOW_MS)).toMatchObject({ ok: true, value: { sequence: 3 } });
    expect(execute(world, write, NOW_MS)).toMatchObject({ error: { code: 'STOCK_CHANGED', numbers: { sequence: 3 } } });
  });

  it('takes off what is past its day, and never puts it up for sale [I6]', () => {
    const world = openGroceries();
    const barcode = `010${TEA_EAN}17260614`;
    expect(execute(world, { do: 'BlockStock', barcode, quantity: 2, reason: 'DAMAGED' }, NOW_MS)).toMatchObject({
      ok: true,
    });
    for (const sells of [
      { do: 'UnblockStock', barcode, quantity: 1, reason: 'CHECKED' },
      { do: 'AdjustStock', barcode, quantity: 1, reason: 'FOUND' },
    ] as const) {
      const before = levelIn(world, 'TEA');
      expect(execute(world, sells, NOW_MS)).toMatchObject({
        error: { code: 'LOT_EXPIRED', numbers: { lastDay: '2026-06-14' } },
      });
      expect(levelIn(world, 'TEA')).toEqual(before);
    }
    expect(execute(world, { do: 'AdjustStock', barcode, quantity: -1, reason: 'MISCOUNTED' }, NOW_MS)).toMatchObject({
      ok: true,
    });
  });

  it.each([
    ['a code that several share', '5012345678900', 'AMBIGUOUS_BARCODE'],
    ['no code of goods', 'tea', 'UNREADABLE_BARCODE'],
    ['nothing', '', 'UNREADABLE_BARCODE'],
    ['a code of another shop', '96385074', 'UNKNOWN_BARCODE'],
    ['a text without end', '1'.repeat(129), 'INVALID_INPUT'],
  ])('by %s is refused and changes nothing [X8]', (_, barcode, code) => {
    const world = openGroceries();
    const before = world.sql.all('SELECT * FROM stock');
    expect(execute(world, { ...off, barcode, quantity: 1 }, NOW_MS)).toMatchObject({ ok: false, error: { code } });
    expect(world.sql.all('SELECT * FROM stock')).toEqual(before);
  });

  it('moves no more than a command may, also as packs [X8]', () => {
    const found = { do: 'AdjustStock', barcode: '9780306406157', quantity: 250_001, reason: 'FOUND' } as const;
    expect(execute(openGroceries(), found, NOW_MS)).toMatchObject({ error: { code: 'INVALID_INPUT' } });
  });
});
