import fc from 'fast-check';
import { seededRandom } from '../../scripts/shared/seeded-random.ts';
import type { Act } from '../history/act.ts';
import { anyStretch } from '../history/any-act.ts';
import type { Proof, ProofResult, ProofSettings } from '../proof.ts';
import { inWords } from '../history/found.ts';
import { differ, playEvicted, playStraight } from './play-twice.ts';
import type { Evicts } from './play-twice.ts';

const STRETCHES_MAX = 15;

const anyActs: fc.Arbitrary<readonly Act[]> = fc
  .array(anyStretch, { minLength: 3, maxLength: STRETCHES_MAX, size: 'max' })
  .map((stretches) => stretches.flat());

/** An object that is thrown out of memory between any two operations ends as if it never was. */
export const eviction: Proof = {
  name: 'eviction',
  what: 'a history with evictions between its operations ends byte by byte as without',
  async run({ seed, seconds }: ProofSettings, say: (line: string) => void): Promise<ProofResult> {
    const untilMs = performance.now() + seconds * 1000;
    let cases = 0;
    let acts = 0;
    let evictions = 0;
    let controlViolations = 0;
    for (let round = 0; round === 0 || performance.now() < untilMs; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const found = await tryEvictions(seed + round);
      cases += 1;
      acts += found.acts;
      evictions += found.evictions;
      if (found.controlDiffers) controlViolations += 1;
      say(`${cases} histories, ${evictions} evictions`);
      if (found.counterexample !== null) {
        const figures = { history_acts: acts, evictions };
        return { cases, violations: 1, controlViolations, counterexample: found.counterexample, figures };
      }
    }
    return { cases, violations: 0, controlViolations, figures: { history_acts: acts, evictions } };
  },
};

interface Tried {
  readonly acts: number;
  readonly evictions: number;
  /** Whether a history that lacks one act was told apart. */
  readonly controlDiffers: boolean;
  readonly counterexample: string | null;
}

/** One history with an eviction before every act, and with some drawn by chance; the smallest that differs is told. */
export async function tryEvictions(seed: number): Promise<Tried> {
  const [wanted = []] = fc.sample(anyActs, { seed, numRuns: 1 });
  const random = seededRandom(seed);
  const drawn = new Set(wanted.flatMap((_, i) => (random() < 0.3 ? [i] : [])));
  const straight = await playStraight(wanted);
  const { acts } = straight;
  const control = await playEvicted(acts.slice(0, -1), () => false);
  const controlDiffers = acts.length === 0 || differ(straight, control) !== null;
  for (const evicts of [() => true, (act: number) => drawn.has(act)]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const found = differ(straight, await playEvicted(acts, evicts));
    if (found === null) continue;
    // oxlint-disable-next-line no-await-in-loop -- the end of it
    const counterexample = await smallest(seed, evicts);
    return { acts: acts.length, evictions: acts.length, controlDiffers, counterexample: counterexample ?? found };
  }
  return { acts: acts.length, evictions: acts.length + drawn.size, controlDiffers, counterexample: null };
}

/** Cuts the history down as long as it still differs. */
async function smallest(seed: number, evicts: Evicts): Promise<string | null> {
  const property = fc.asyncProperty(anyActs, async (wanted) => {
    const straight = await playStraight(wanted);
    const found = differ(straight, await playEvicted(straight.acts, evicts));
    if (found !== null) throw new Error([...straight.lines, found].join('\n'));
  });
  const { failed, numShrinks, errorInstance } = await fc.check(property, { seed, numRuns: 1 });
  if (!failed || !(errorInstance instanceof Error)) return null;
  return inWords(seed, numShrinks, errorInstance.message);
}
