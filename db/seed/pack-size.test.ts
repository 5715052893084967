import { expect, test } from 'vitest';
import { parsePackSize } from '../../domain/catalog/pack-size.ts';
import { DEMO_PRODUCTS } from './products.ts';

test('the size of every demo product can be compared', () => {
  const unread = DEMO_PRODUCTS.map(({ size }) => size).filter((size) => parsePackSize(size) === undefined);
  expect([...new Set(unread)]).toEqual([]);
});
