import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { GUARDS } from './guard-table.ts';

const ROOT = resolve(import.meta.dirname, '../..');

test.each(GUARDS)('$name: stands where the table says, once, and has its tests', ({ file, intact, broken, tests }) => {
  expect(readFileSync(join(ROOT, file), 'utf8').split(intact)).toHaveLength(2);
  expect(broken).not.toBe(intact);
  for (const path of tests) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
});
