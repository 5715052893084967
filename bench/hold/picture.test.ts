import { expect, test } from 'vitest';
import { picture } from './picture.ts';

const FIGURES = { hot_sku_vs_postgres_tx: 9, hot_sku_vs_postgres_tx_min: 8, hot_sku_vs_postgres_tx_max: 10 };

test('a bar for each ratio that was measured, with its whiskers and its goal', () => {
  const svg = picture({ ...FIGURES, hot_sku_vs_hello: 0.3 });
  expect(svg.match(/<rect /g)).toHaveLength(3);
  expect(svg).toContain('9× (goal 8)');
  expect(svg).toContain('0.3× (goal 0.4)');
});

test('the same figures give the same picture', () => {
  expect(picture(FIGURES)).toBe(picture(FIGURES));
  expect(picture(FIGURES)).not.toBe(picture({ ...FIGURES, hot_sku_vs_postgres_tx: 9.5 }));
});
