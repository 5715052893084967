import { expect, test } from 'vitest';
import { openShelves } from '../world/shelves.ts';
import { live, STORIES } from './life.ts';
import { crashTwice, cutOnce, guessOnPurpose, Tally } from './saga.ts';

/** Machines differ; how long it takes is no part of it. */
const PATIENCE_MS = 120_000;
const UNITS = 20;

test(
  'an order that is declined ends with nothing held and nothing charged, whatever is cut at any moment, and at any two [O10] [Y4]',
  async () => {
    const tally = new Tally(await openShelves(UNITS), () => undefined);
    for (const story of STORIES.filter(({ name }) => name === 'declined')) {
      // oxlint-disable-next-line no-await-in-loop -- one world in a process at a time
      await cutOnce(tally, story);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await crashTwice(tally, story);
    }
    expect(tally.broken).toEqual([]);
    expect(tally.result().cases).toBeGreaterThan(100);
  },
  PATIENCE_MS,
);

test(
  'each story comes to its end by itself, delivered or taken back',
  async () => {
    const opening = await openShelves(UNITS);
    const ends = [];
    // oxlint-disable-next-line no-await-in-loop -- one world in a process at a time
    for (const story of STORIES) ends.push((await live(opening, story, new Map())).end);
    expect(ends.map(({ wrong }) => wrong)).toEqual(STORIES.map(() => []));
    expect(ends.map(({ status }) => status)).toEqual([
      'CLOSED',
      'CLOSED',
      'CLOSED',
      'CLOSED',
      'CANCELLED',
      'CANCELLED',
      'CANCELLED',
      'REFUNDED',
    ]);
  },
  PATIENCE_MS,
);

test(
  'a saga that takes silence for a no is seen to leave money bound',
  async () => {
    expect(await guessOnPurpose(await openShelves(UNITS))).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);
