import { describe, expect, it } from 'vitest';
import type { ItemCard } from '../../../contracts/rpc/store.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import { openStoreWorld } from '../../../test/support/store-world.ts';

const PEAS = asSku('PEAS');
const FULL: ItemCard = {
  sku: PEAS,
  name: 'Garden Peas',
  bin: 'F01-1-1',
  barcodes: ['20000000'],
  temperatureZone: 'frozen',
  fragile: true,
  gramsPerUnit: 510,
  soldByWeight: true,
  brand: 'Hill & Hoof',
  categoryPath: ['Frozen', 'Frozen Food'],
  size: '500 g',
  priceMinor: 9_900,
  allergens: [],
  forSale: false,
};

describe('a card of the floor', () => {
  it('gives back all that was published', () => {
    const { books } = openStoreWorld({ PEAS: 0 });
    books.cards.publish({ storeName: 'Indiranagar', catalogVersion: 2 }, [FULL]);
    expect(books.cards.of([PEAS]).get(PEAS)).toEqual(FULL);
  });

  it('says ambient, sturdy and unknown where nobody has said anything', () => {
    const { books } = openStoreWorld({ PEAS: 0 });
    books.cards.publish({ storeName: 'Indiranagar', catalogVersion: 2 }, [FULL]);
    const bare: ItemCard = { sku: PEAS, name: 'Peas', bin: 'F01-1-2', barcodes: [] };
    books.cards.publish({ storeName: 'Indiranagar', catalogVersion: 3 }, [bare]);
    expect(books.cards.of([PEAS]).get(PEAS)).toEqual({
      ...bare,
      temperatureZone: 'ambient',
      fragile: false,
      categoryPath: [],
      forSale: true,
    });
  });
});
