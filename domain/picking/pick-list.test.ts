import { describe, expect, it } from 'vitest';
import { byBinPath } from './pick-list.ts';

describe('the pick list', () => {
  it('follows the bins, numbers as numbers, and lines without a bin come last [F8]', () => {
    const lines = ['', 'B-1-1', 'A-10', 'a-2-3', 'A-2', 'A', 'A-2-12'].map((bin, i) => ({ bin, sku: `SKU-${i}` }));
    expect(lines.toSorted(byBinPath).map(({ bin }) => bin)).toEqual([
      'A',
      'A-2',
      'a-2-3',
      'A-2-12',
      'A-10',
      'B-1-1',
      '',
    ]);
  });

  it('goes by SKU within a bin', () => {
    const lines = ['TEA', 'EGGS', 'MILK'].map((sku) => ({ bin: 'A-1', sku }));
    expect(lines.toSorted(byBinPath).map(({ sku }) => sku)).toEqual(['EGGS', 'MILK', 'TEA']);
  });
});
