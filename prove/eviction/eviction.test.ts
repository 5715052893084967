import { expect, test } from 'vitest';
import { difference } from './dump.ts';
import { tryEvictions } from './eviction.ts';

/** Machines differ; how long it takes is no part of it. */
const PATIENCE_MS = 120_000;

test(
  'a store thrown out of memory between any two operations ends byte by byte as if it never was',
  async () => {
    const tried = [];
    // oxlint-disable-next-line no-await-in-loop -- one platform in a process at a time
    for (const seed of [1, 3, 5, 6]) tried.push(await tryEvictions(seed));
    expect(tried.map(({ counterexample }) => counterexample)).toEqual(tried.map(() => null));
    expect(tried.map(({ controlDiffers }) => controlDiffers)).toEqual(tried.map(() => true));
    expect(tried.reduce((sum, { acts }) => sum + acts, 0)).toBeGreaterThan(30);
  },
  PATIENCE_MS,
);

test('a dump that lacks a line, or has another one, is told apart', () => {
  expect(difference('a\nb', 'a\nb')).toBeNull();
  expect(difference('a\nb', 'a\nc')).toBe('straight: b\nevicted: c');
  expect(difference('a', 'a\nb')).toBe('straight: nothing more\nevicted: b');
});
