import { describe, expect, it } from 'vitest';
import { runControl } from './control.ts';
import { exploreInterleavings } from './explore-interleavings.ts';
import { exploreSequences } from './explore-sequences.ts';

/** Machines differ; how long it takes is no part of it. */
const PATIENCE_MS = 120_000;

describe('the store, with everybody at it', () => {
  it(
    'keeps every unit through histories of all its commands, and answers the same id the same [I1] [I3] [I6] [X3]',
    async () => {
      const { counterexample, acts, tally } = await exploreSequences({ seed: 1, runs: 15 });
      expect(counterexample).toBeNull();
      expect(acts).toBeGreaterThan(100);
      const done = ['hold', 'commit', 'floor scan', 'floor pack', 'receive', 'send', 'submitCount'];
      expect([...tally.keys()]).toEqual(expect.arrayContaining(done.map((kind) => `${kind}: yes`)));
    },
    PATIENCE_MS,
  );

  it(
    'grants no more than there is, in whatever order requests arrive, are lost and come again [I3] [X3]',
    async () => {
      const { counterexample, acts } = await exploreInterleavings({ seed: 1, runs: 15 });
      expect(counterexample).toBeNull();
      expect(acts).toBeGreaterThan(50);
    },
    PATIENCE_MS,
  );

  it(
    'would be seen to oversell: the same crowds break what nothing guards, and no wrong history is taken for a right one',
    async () => {
      const { coreViolations, httpViolations, takenIn } = await runControl(1);
      expect(coreViolations).toBeGreaterThan(0);
      expect(httpViolations).toBeGreaterThan(0);
      expect(takenIn).toBe(0);
    },
    PATIENCE_MS,
  );
});
