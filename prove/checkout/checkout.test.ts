import { expect, test } from 'vitest';
import { openShelves } from '../world/shelves.ts';
import { SCARCE_UNITS } from './checkout.ts';
import { crowdTheCheckout } from './crowd.ts';

/** Machines differ; how long it takes is no part of it. */
const PATIENCE_MS = 120_000;

test(
  'a crowd that doubles, reorders and loses its requests gets one order and one charge for each thing it wants [X3] [Y4]',
  async () => {
    const opening = await openShelves(SCARCE_UNITS);
    const found = await crowdTheCheckout(opening, { seed: 1, customers: 12, freshKeys: false });
    expect(found.broken).toEqual([]);
    expect(found.confirmed).toBeGreaterThan(0);
    expect(found.requests).toBeGreaterThan(2 * found.orders);
    for (const said of ['no answer', 'CHECKOUT_OPEN', 'IDEMPOTENCY_KEY_REUSED', 'INSUFFICIENT_STOCK']) {
      expect([said, found.answers.get(said) ?? 0]).not.toEqual([said, 0]);
    }
  },
  PATIENCE_MS,
);

test(
  'a crowd that makes its keys anew is seen to order twice what it wanted once',
  async () => {
    const opening = await openShelves(SCARCE_UNITS);
    const found = await crowdTheCheckout(opening, { seed: 1, customers: 20, freshKeys: true });
    expect(found.broken.filter((what) => what.includes('wanted once'))).not.toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'the same seed is the same crowd',
  async () => {
    const opening = await openShelves(SCARCE_UNITS);
    const terms = { seed: 3, customers: 4, freshKeys: false };
    const [first, again] = [await crowdTheCheckout(opening, terms), await crowdTheCheckout(opening, terms)];
    expect(again).toEqual(first);
  },
  PATIENCE_MS,
);
