import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import type { TheirBooks } from './judge.ts';
import { seedOf, seenAfter } from './money.ts';
import { play } from './play.ts';
import type { Played } from './play.ts';
import { SPOILS } from './spoil.ts';

/** Machines differ; how long it takes is no part of it. */
const PATIENCE_MS = 120_000;
const LIVES = 80;
/** Providers with books to the unit: what Razorpay lets lapse is no error. */
const BY_VOID = new Set(['stripe', 'sandbox', 'wallet']);

test(
  'whatever comes in whatever order, ledgers are zero and the providers’ books are as ours [Y4] [Y5] [Y7] [Y8]',
  async () => {
    const wrong: string[] = [];
    const providers = new Set<string>();
    for (let life = 0; life < LIVES; life += 1) {
      // oxlint-disable-next-line no-await-in-loop -- a life has the process's `fetch` to itself
      const played = await play(seedOf(7, life), null);
      providers.add(played.life.provider);
      wrong.push(...played.wrong.map((what) => `life ${life}: ${what}`));
    }
    expect(wrong).toEqual([]);
    expect(providers.size).toBe(5);
  },
  PATIENCE_MS,
);

test(
  'a life is the same whenever it is played',
  async () => {
    function tell({ life }: Played): unknown {
      return [life.story, life.log()];
    }
    expect(tell(await play(11, null))).toEqual(tell(await play(11, null)));
  },
  PATIENCE_MS,
);

test.each(SPOILS)(
  'a shop that does it wrong is seen: %s',
  async (spoil) => {
    expect(await seenAfter(1, spoil)).toBeGreaterThan(0);
  },
  PATIENCE_MS,
);

test(
  'books that are one unit off are told apart, whichever it is',
  async () => {
    const { life, theirs } = await firstRefunded();
    expect(judge(life.log(), theirs)).toEqual([]);
    const fields = ['authorizedMinor', 'capturedMinor', 'refundedMinor', 'creditedMinor', 'walletOffMinor'] as const;
    for (const field of fields) {
      const off: TheirBooks = { ...theirs, [field]: theirs[field] + 1 };
      expect([field, judge(life.log(), off).length > 0]).toEqual([field, true]);
    }
    expect(judge(life.log(), { ...theirs, captures: 2 })).toEqual(['2 payments of one order took money']);
  },
  PATIENCE_MS,
);

async function firstRefunded(): Promise<Played> {
  for (let seed = 1; seed < 1000; seed += 1) {
    // oxlint-disable-next-line no-await-in-loop -- until one is found
    const played = await play(seed, null);
    if (BY_VOID.has(played.life.provider) && played.ours.refundedMinor > 0) return played;
  }
  throw new Error('nobody got money back');
}
