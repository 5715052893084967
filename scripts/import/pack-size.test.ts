import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePackSize } from '../../domain/catalog/pack-size.ts';
import { inspectFile } from './inventory-file.ts';
import { readBatches } from './read-batches.ts';

const FIXTURE = join(import.meta.dirname, '../../test/fixtures/marketplace-inventory.csv');

test('the size that an import gives an article can be compared', async () => {
  const sizes: string[] = [];
  for await (const { lines } of readBatches(FIXTURE, await inspectFile(FIXTURE), 'INR')) {
    sizes.push(...lines.map(({ row }) => row.size));
  }
  expect(sizes).toHaveLength(40);
  expect(sizes.filter((size) => parsePackSize(size) === undefined)).toEqual([]);
});
