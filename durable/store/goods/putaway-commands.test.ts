import { expect, it } from 'vitest';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import { execute, operation } from '../../../test/support/goods-commands.ts';
import { eventsIn, openStoreWorld } from '../../../test/support/store-world.ts';
import { takeOverCatalog } from './operator-commands.ts';

const PEAS = asSku('PEAS');

it('a SKU that is put away lies there, whatever the catalog says, and is as cold as its bin [F8]', () => {
  const world = openStoreWorld({ PEAS: 6, TEA: 1 });
  const put = { do: 'PutAwayStock', sku: PEAS, bin: 'F02-1-1', temperatureZone: 'frozen', quantity: 6 } as const;
  expect(execute(world, put)).toEqual({ ok: true, value: { sku: PEAS, bin: 'F02-1-1', temperatureZone: 'frozen' } });
  const card = { sku: PEAS, name: 'Peas', bin: 'A09-1-1', barcodes: [] };
  takeOverCatalog(world.books, { ...operation(), storeName: 'Indiranagar', catalogVersion: 2, cards: [card] });
  expect(world.books.cards.of([PEAS]).get(PEAS)).toMatchObject({ bin: 'F02-1-1', temperatureZone: 'frozen' });
  expect(eventsIn(world, STORE_EVENTS, 'stock.put_away')).toEqual([
    { sku: 'PEAS', bin: 'F02-1-1', temperatureZone: 'frozen', quantity: 6 },
  ]);
});

it('a bin stays as cold as was said of it, and an unknown one is as cold as what it is for', () => {
  const world = openStoreWorld({ PEAS: 6, TEA: 1 });
  execute(world, { do: 'PutAwayStock', sku: PEAS, bin: 'C01-1-1', temperatureZone: 'chilled' });
  const tea = execute(world, { do: 'PutAwayStock', sku: asSku('TEA'), bin: 'C01-1-1' });
  expect(tea).toMatchObject({ value: { temperatureZone: 'chilled' } });
  const elsewhere = execute(world, { do: 'PutAwayStock', sku: asSku('TEA'), bin: 'C01-1-2' });
  expect(elsewhere).toMatchObject({ value: { temperatureZone: 'chilled' } });
});
