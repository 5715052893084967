import { describe, expect, test } from 'vitest';
import { gtinKind } from '../../domain/catalog/gtin.ts';
import { rejectRows } from '../queries/assortment.ts';
import { demoAssortment, openingStock } from './assortment.ts';
import { DEMO_LOGINS } from './demo-logins.ts';
import { DEMO_STORES } from './network.ts';
import { DEMO_COURIERS, DEMO_USERS } from './people.ts';
import { DEMO_PRODUCTS } from './products.ts';

test('about 400 products, each with its own SKU, name with size, and code', () => {
  expect(DEMO_PRODUCTS.length).toBeGreaterThan(380);
  expect(DEMO_PRODUCTS.length).toBeLessThan(440);
  for (const key of ['sku', 'barcodes', 'name and size'] as const) {
    const values = DEMO_PRODUCTS.flatMap((product) => {
      if (key === 'barcodes') return [...product.barcodes];
      return [key === 'sku' ? product.sku : `${product.name} ${product.size}`];
    });
    expect(new Set(values).size).toBe(values.length);
  }
  for (const code of DEMO_PRODUCTS.flatMap(({ barcodes }) => barcodes)) expect(gtinKind(code)).toBe('ean13');
});

describe.each(DEMO_STORES)('$name', (store) => {
  const assortment = demoAssortment(store);

  test('has an assortment the database will take, each SKU in its own bin', () => {
    expect(assortment.length).toBeGreaterThan(350);
    expect(rejectRows(assortment, store.city.currency, new Map())).toEqual([]);
    expect(new Set(assortment.map(({ bin }) => bin)).size).toBe(assortment.length);
    for (const { priceMinor, mrpMinor } of assortment) {
      expect(Number.isInteger(priceMinor) && priceMinor > 0 && mrpMinor >= priceMinor).toBe(true);
    }
  });

  test('opens with plenty of most SKUs, a few scarce ones and some sold out', () => {
    const sold = new Set(assortment.map(({ sku }) => sku));
    const stock = openingStock(store.id);
    expect(stock.every(({ sku, quantity }) => sold.has(sku) && Number.isInteger(quantity) && quantity > 0)).toBe(true);
    expect(stock.length).toBeLessThan(assortment.length);
    const scarce = stock.filter(({ quantity }) => quantity <= 5).length;
    expect(scarce).toBeGreaterThan(10);
    expect(scarce).toBeLessThan(stock.length / 4);
  });
});

test('one user a role and store, twelve couriers a city, nobody twice', () => {
  const counts = ['customer', 'staff', 'courier', 'operator'].map(
    (role) => DEMO_LOGINS.filter((login) => login.role === role).length,
  );
  expect(counts).toEqual([2, 4, 24, 1]);
  for (const key of ['id', 'phone', 'email'] as const) {
    expect(new Set(DEMO_USERS.map((user) => user[key])).size).toBe(DEMO_USERS.length);
  }
  expect(new Set(DEMO_LOGINS.flatMap(({ storeId }) => storeId ?? []))).toEqual(
    new Set(DEMO_STORES.map(({ id }) => id)),
  );
  expect(new Set(DEMO_LOGINS.flatMap(({ courierId }) => courierId ?? []))).toEqual(
    new Set(DEMO_COURIERS.map(({ id }) => id)),
  );
});

test('the data is the same on every machine', () => {
  expect(DEMO_STORES.map(({ id }) => id)).toEqual([
    'sto_E7A0DXTZBKT9184Y0PB3689H2G',
    'sto_CX6DGNSD9FJRRMJZ9VEPSBW0H8',
    'sto_J7KK832DGXSDDBM731RQ0QQE68',
    'sto_F1M8EEKEB0MYE8AT620AW599R8',
  ]);
  expect(DEMO_STORES.map(({ id }) => openingStock(id).reduce((units, { quantity }) => units + quantity, 0))).toEqual([
    25115, 22843, 23514, 24101,
  ]);
});
