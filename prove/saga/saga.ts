import { seededRandom, drawWhole } from '../../scripts/shared/seeded-random.ts';
import type { Proof, ProofResult, ProofSettings } from '../proof.ts';
import { openShelves } from '../world/shelves.ts';
import type { Opening } from '../world/shelves.ts';
import { deedsAt } from './deeds.ts';
import type { Deed, Moment } from './deeds.ts';
import { live, STORIES } from './life.ts';
import type { Lived, Plan, Story } from './life.ts';

const UNITS = 20;

/** Whatever is cut in the life of an order, it comes to one of its two legal ends. */
export const saga: Proof = {
  name: 'saga',
  what: 'an order cut at any two moments is delivered and paid for, or cancelled with nothing held and nothing charged',
  async run({ seed, seconds }: ProofSettings, say: (line: string) => void): Promise<ProofResult> {
    const untilMs = performance.now() + seconds * 1000;
    const opening = await openShelves(UNITS);
    const tally = new Tally(opening, say);
    const controlViolations = await guessOnPurpose(opening);
    for (const story of STORIES) {
      // oxlint-disable-next-line no-await-in-loop -- one world in a process at a time
      await cutOnce(tally, story);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await crashTwice(tally, story);
    }
    await cutByChance(tally, seed, untilMs);
    return { ...tally.result(), controlViolations };
  },
};

type How = 'cut_once' | 'crashed_twice' | 'cut_by_chance';

/** What was lived, and what came of it. */
export class Tally {
  readonly #opening: Opening;
  readonly #say: (line: string) => void;
  readonly broken: string[] = [];
  readonly #cases: Record<How, number> = { cut_once: 0, crashed_twice: 0, cut_by_chance: 0 };
  readonly #ends = new Map<string, number>();
  #moments = 0;
  #slowestMs = 0;

  constructor(opening: Opening, say: (line: string) => void) {
    this.#opening = opening;
    this.#say = say;
  }

  async live(how: How, story: Story, plan: Plan): Promise<Lived> {
    const lived = await live(this.#opening, story, plan);
    const { status, wrong, tookMs } = lived.end;
    this.#cases[how] += 1;
    this.#moments += lived.moments.length;
    this.#slowestMs = Math.max(this.#slowestMs, tookMs);
    this.#ends.set(status, (this.#ends.get(status) ?? 0) + 1);
    if (wrong.length > 0) this.broken.push(inWords(story, plan, lived));
    if (this.#total % SAY_EVERY === 0) this.#say(`${this.#total} lives, ${this.broken.length} broken`);
    return lived;
  }

  get #total(): number {
    return Object.values(this.#cases).reduce((sum, count) => sum + count, 0);
  }

  result(): ProofResult {
    const [counterexample] = this.broken;
    return {
      cases: this.#total,
      violations: this.broken.length,
      ...(counterexample !== undefined && { counterexample }),
      figures: {
        ...this.#cases,
        moments: this.#moments,
        ...Object.fromEntries([...this.#ends].map(([status, count]) => [`ended_${status.toLowerCase()}`, count])),
        slowest_end_s: Math.round(this.#slowestMs / 1000),
      },
    };
  }
}
const SAY_EVERY = 100;

/** A life without faults, and then one for each thing that can be done at each of its moments. */
export async function cutOnce(tally: Tally, story: Story): Promise<void> {
  const { moments } = await tally.live('cut_once', story, new Map());
  for (const [i, moment] of moments.entries()) {
    for (const deed of deedsAt(moment)) {
      // oxlint-disable-next-line no-await-in-loop -- one world in a process at a time
      await tally.live('cut_once', story, new Map([[i, deed]]));
    }
  }
}

/** Every pair of moments: the instance dies at the first, and the one that goes on in its place at the second. */
export async function crashTwice(tally: Tally, story: Story): Promise<void> {
  const { moments } = await tally.live('crashed_twice', story, new Map());
  for (const first of crashesIn(moments, 0)) {
    // oxlint-disable-next-line no-await-in-loop -- one world in a process at a time
    const once = await tally.live('crashed_twice', story, new Map([[first, 'crash']]));
    for (const second of crashesIn(once.moments, first + 1)) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      await tally.live(
        'crashed_twice',
        story,
        new Map<number, Deed>([
          [first, 'crash'],
          [second, 'crash'],
        ]),
      );
    }
  }
}

function crashesIn(moments: readonly Moment[], from: number): readonly number[] {
  return [...moments.keys()].filter((i) => i >= from && moments[i]?.at !== 'call');
}

/** Two to five things at moments that are drawn, until the time is up. */
async function cutByChance(tally: Tally, seed: number, untilMs: number): Promise<void> {
  const random = seededRandom(seed);
  while (performance.now() < untilMs) {
    const story = drawOne(random, STORIES);
    const plan = new Map<number, Deed>();
    for (let deeds = drawWhole(random, 2, 5); deeds > 0; deeds -= 1) {
      const at = drawOne(random, MOMENTS);
      plan.set(drawWhole(random, 0, MOMENT_MAX), drawOne(random, deedsAt({ at, what: '' })));
    }
    // oxlint-disable-next-line no-await-in-loop -- one world in a process at a time
    await tally.live('cut_by_chance', story, plan);
  }
}
const MOMENTS = ['write', 'call', 'answer', 'told'] as const;
const MOMENT_MAX = 70;

/** A saga that takes silence for a no: how often it is seen to end wrong. */
export async function guessOnPurpose(opening: Opening): Promise<number> {
  const [story] = STORIES;
  if (story === undefined) return 0;
  const { moments } = await live(opening, story, new Map());
  let violations = 0;
  for (const [i, { at }] of moments.entries()) {
    if (at !== 'call') continue;
    // oxlint-disable-next-line no-await-in-loop -- one world in a process at a time
    const { end } = await live(opening, story, new Map([[i, 'lost back']]), true);
    if (end.wrong.length > 0) violations += 1;
  }
  return violations;
}

function inWords({ name }: Story, plan: Plan, { moments, end }: Lived): string {
  const done = [...plan].map(([i, deed]) => `${deed} at ${i} (${moments[i]?.at ?? 'never'} ${moments[i]?.what ?? ''})`);
  return `"${name}", ${done.join(', ')}: ends ${end.status}; ${end.wrong.join('; ')}`;
}

function drawOne<T>(random: () => number, from: readonly T[]): T {
  const drawn = from[Math.floor(random() * from.length)];
  if (drawn === undefined) throw new Error('there is nothing to draw from');
  return drawn;
}
