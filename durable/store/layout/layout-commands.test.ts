import { expect, it } from 'vitest';
import { execute } from '../../../test/support/goods-commands.ts';
import { booksOver, eventsIn, openStoreWorld } from '../../../test/support/store-world.ts';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { DEFAULT_MEASURES } from '../../../domain/picking/layout.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import { askLayout } from './layout-table.ts';

const LAYOUT = { ...DEFAULT_MEASURES, aisles: ['A01', 'A02'], racks: 6 };

it('a layout stays as it was set, also when the object died since [F9]', () => {
  const world = openStoreWorld({ TEA: 1 });
  expect(askLayout(world.books)).toBeNull();
  const set = execute(world, { do: 'SetLayout', layout: LAYOUT }, 500);
  expect(set).toEqual({ ok: true, value: { layout: LAYOUT, version: 1, setAtMs: 500, unplacedSkus: 0 } });
  expect(askLayout(booksOver(world.sql, world.books.storeId))).toEqual(set.ok && set.value);
});

it('a changed layout has the next version and is told; the same again is neither', () => {
  const world = openStoreWorld({ TEA: 1 });
  const wider = { ...LAYOUT, aislePitchM: 3 };
  const versions = [LAYOUT, { ...LAYOUT }, wider, LAYOUT].map((layout, i) => {
    execute(world, { do: 'SetLayout', layout }, i);
    const now = askLayout(world.books);
    return [now?.version, now?.setAtMs];
  });
  expect(versions).toEqual([
    [1, 0],
    [1, 0],
    [2, 2],
    [3, 3],
  ]);
  expect(eventsIn(world, STORE_EVENTS, 'store.layout_changed')).toEqual([
    { version: 1, aisles: 2, racks: 6 },
    { version: 2, aisles: 2, racks: 6 },
    { version: 3, aisles: 2, racks: 6 },
  ]);
});

it('says how many SKUs lie where the layout knows no place, by where they lie now', () => {
  const world = openStoreWorld({ TEA: 1, EGGS: 1 });
  execute(world, { do: 'SetLayout', layout: { ...LAYOUT, aisles: ['A01'], racks: 1 } });
  expect(askLayout(world.books)).toMatchObject({ unplacedSkus: 0 });
  execute(world, { do: 'PutAwayStock', sku: asSku('EGGS'), bin: 'C09-1-1' });
  expect(askLayout(world.books)).toMatchObject({ unplacedSkus: 1 });
});
