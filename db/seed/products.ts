import { checkDigit } from '../../domain/catalog/gtin.ts';
import { parsePackSize } from '../../domain/catalog/pack-size.ts';
import { storageOf, type Storage, type TemperatureZone } from '../../domain/catalog/storage.ts';
import { asSku, type Sku } from '../../domain/shared/ids.ts';
import { CHILLED_SHELVES } from './shelves/chilled.ts';
import { DRY_SHELVES } from './shelves/dry.ts';
import { HOUSEHOLD_SHELVES } from './shelves/household.ts';
import { PRODUCE_SHELVES } from './shelves/produce.ts';
import type { Shelf } from './shelves/shelf.ts';
import { TREAT_SHELVES } from './shelves/treats.ts';

export interface DemoProduct {
  readonly sku: Sku;
  readonly name: string;
  readonly description: string;
  readonly category: readonly string[];
  readonly unit: string;
  readonly size: string;
  /** Base price; each store derives its own from it. */
  readonly euroCents: number;
  readonly storage: Storage;
  readonly brand: string | undefined;
  readonly gramsPerUnit: number | undefined;
  readonly aisle: string;
  /** Place along its aisle, from 0. */
  readonly place: number;
  /** Empty for loose goods: they are given an in-store code. */
  readonly barcodes: readonly string[];
}

const SHELVES: readonly Shelf[] = [
  ...PRODUCE_SHELVES,
  ...CHILLED_SHELVES,
  ...DRY_SHELVES,
  ...TREAT_SHELVES,
  ...HOUSEHOLD_SHELVES,
];

/** GS1 keeps this prefix for demonstrations: no such code is on a real pack. https://www.gs1.org/standards/id-keys/company-prefix */
const DEMO_PREFIX = '952';

/** What the better-known of two brands costs more. */
const SECOND_BRAND = 1.15;

/** By the letter of the aisle. */
const STORAGE: Readonly<Record<string, string>> = {
  P: ' Wash before use.',
  C: ' Keep below 5 degrees Celsius.',
  F: ' Keep below -18 degrees Celsius, do not refreeze.',
};

const ZONE: Readonly<Record<string, TemperatureZone>> = { C: 'chilled', F: 'frozen' };

export const DEMO_PRODUCTS: readonly DemoProduct[] = makeProducts();

function makeProducts(): DemoProduct[] {
  const products: DemoProduct[] = [];
  const places = new Map<string, number>();
  for (const shelf of SHELVES) {
    let number = 0;
    for (const variant of variantsOf(shelf)) {
      number += 1;
      const place = places.get(shelf.aisle) ?? 0;
      places.set(shelf.aisle, place + 1);
      const { label, ...rest } = variant;
      products.push({
        ...rest,
        sku: asSku(`${shelf.code}-${String(number).padStart(3, '0')}`),
        name: label,
        description: `${label}, ${rest.size}.${STORAGE[shelf.aisle.charAt(0)] ?? ''}`,
        category: shelf.category,
        storage: { ...storageOf(shelf.category), temperatureZone: ZONE[shelf.aisle.charAt(0)] ?? 'ambient' },
        gramsPerUnit: gramsOf(rest.size),
        aisle: shelf.aisle,
        place,
        barcodes: shelf.brands.length === 0 ? [] : [demoEan13(products.length + 1)],
      });
    }
  }
  return products;
}

interface Variant {
  readonly label: string;
  readonly brand: string | undefined;
  readonly size: string;
  readonly unit: string;
  readonly euroCents: number;
}

function variantsOf(shelf: Shelf): Variant[] {
  const brands = shelf.brands.length === 0 ? [undefined] : shelf.brands;
  return shelf.items.flatMap(([name, ...packs]) =>
    brands.flatMap((brand, index) =>
      packs.map(([size, unit, cents]) => ({
        label: brand === undefined ? name : `${brand} ${name}`,
        brand,
        size,
        unit,
        euroCents: Math.round(cents * (index === 0 ? 1 : SECOND_BRAND)),
      })),
    ),
  );
}

/** By what the size says: a millilitre of anything we pour is about a gram. */
function gramsOf(size: string): number | undefined {
  const pack = parsePackSize(size);
  return pack === undefined || pack.unit === 'piece' ? undefined : Math.max(1, Math.round(pack.amount));
}

function demoEan13(number: number): string {
  const body = DEMO_PREFIX + String(number).padStart(9, '0');
  return body + checkDigit(body);
}
