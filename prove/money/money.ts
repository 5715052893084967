import { PROVIDERS } from '../../domain/order/payment-method.ts';
import type { Proof, ProofResult, ProofSettings } from '../proof.ts';
import { play } from './play.ts';
import type { Played } from './play.ts';
import { SPOILS } from './spoil.ts';
import type { Spoil } from './spoil.ts';

/** Lives of a control until it has been seen, or is not. */
const CONTROL_LIVES_MAX = 600;
/** Lives between two words about them. */
const LIVES_A_WORD = 500;
/** Far from the seeds of other runs, so that the lives of two of them differ. */
const SEED_STEP = 1_000_003;
const SEED_MAX = 2 ** 31 - 1;

/** Whatever comes in whatever order, an order's money is where its books say it is, and theirs say the same. */
export const money: Proof = {
  name: 'money',
  what: 'every ledger adds up to zero, and the books of providers and wallets are as ours',
  async run({ seed, seconds }: ProofSettings, say: (line: string) => void): Promise<ProofResult> {
    const controls = new Map<Spoil, number>();
    for (const spoil of SPOILS) {
      // oxlint-disable-next-line no-await-in-loop -- a life has the process's `fetch` to itself
      controls.set(spoil, await seenAfter(seed, spoil));
      say(`control ${spoil}: seen after ${controls.get(spoil)} lives`);
    }
    const untilMs = performance.now() + seconds * 1000;
    const tally = new Tally();
    let broken: Played | null = null;
    for (let life = 0; broken === null && (life === 0 || performance.now() < untilMs); life += 1) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      const played = await play(seedOf(seed, life), null);
      tally.add(played);
      if (played.wrong.length > 0) broken = played;
      if (tally.lives % LIVES_A_WORD === 0) say(`${tally.lives} lives`);
    }
    return {
      cases: tally.lives,
      violations: broken === null ? 0 : 1,
      // Each kind of control must be seen by itself.
      controlViolations: [...controls.values()].every((lives) => lives > 0) ? controls.size : 0,
      ...(broken !== null && { counterexample: await shortest(seedOf(seed, tally.lives - 1), broken) }),
      figures: {
        ...tally.figures(),
        ...Object.fromEntries([...controls].map(([spoil, lives]) => [`control_${spoil}_seen_after_lives`, lives])),
      },
      ...(tally.richest !== null && { shown: sideBySide(tally.richest) }),
    };
  },
};

export function seedOf(seed: number, life: number): number {
  return (seed * SEED_STEP + life) % SEED_MAX;
}

/** The number of the first life in which a control was seen, counted from 1; 0 when it was not. */
export async function seenAfter(seed: number, spoil: Spoil): Promise<number> {
  for (let life = 0; life < CONTROL_LIVES_MAX; life += 1) {
    // oxlint-disable-next-line no-await-in-loop -- a life has the process's `fetch` to itself
    if ((await play(seedOf(seed, life), spoil)).wrong.length > 0) return life + 1;
  }
  return 0;
}

/** The same life with as few of its acts as still break a promise. */
async function shortest(seed: number, broken: Played): Promise<string> {
  let told = broken;
  for (let acts = 0; acts < broken.acts; acts += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the shortest first
    const played = await play(seed, null, acts);
    if (played.wrong.length === 0) continue;
    told = played;
    break;
  }
  const log = told.life.log().map(({ seq, event }) => `  ${seq} ${event.type}`);
  return [`life of seed ${seed}, ${told.acts} acts:`, ...told.life.story, ...log, ...told.wrong].join('\n');
}

class Tally {
  lives = 0;
  /** The one whose money moved most often: worth a look. */
  richest: Played | null = null;
  readonly #counts = new Map<string, number>();

  add(played: Played): void {
    const { life, acts, swept, lapsingMinor } = played;
    this.lives += 1;
    this.#count(`lives_${life.provider}`, 1);
    this.#count('acts', acts);
    this.#count('calls_late', life.road.latecomers);
    this.#count('calls_without_answer', life.road.griefs);
    this.#count('notices_taken', life.notices.taken);
    this.#count('notices_known', life.notices.known);
    this.#count('notices_refused', life.notices.refused);
    this.#count('refunds', life.order.refunds.length);
    this.#count('swept', swept ? 1 : 0);
    this.#count('lapsing', lapsingMinor > 0 ? 1 : 0);
    if (movements(played) > movements(this.richest)) this.richest = played;
  }

  figures(): { readonly [name: string]: number } {
    const lives = PROVIDERS.map((provider) => [`lives_${provider}`, 0] as const);
    return Object.fromEntries([...lives, ...this.#counts]);
  }

  #count(name: string, by: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by);
  }
}

function movements(played: Played | null): number {
  if (played === null || played.life.provider === 'cod') return 0;
  const moved = played.life.log().filter(({ event }) => /^payment\.(?:captured|refunded)$/.test(event.type));
  return moved.length;
}

/** The books of one life, for people: minor units. */
function sideBySide({ life, theirs, ours }: Played): NonNullable<ProofResult['shown']> {
  const { provider, order } = life;
  return {
    title: `one life: ${provider}, ${order.status}, ${order.refunds.length} refunds, ${life.log().length} entries`,
    rows: [
      ['minor units', `books of ${provider}`, 'our ledger'],
      ['authorized', `${theirs.authorizedMinor}`, `${ours.authorizedMinor}`],
      ['captured', `${theirs.capturedMinor}`, `${ours.capturedMinor}`],
      ['refunded', `${theirs.refundedMinor}`, `${ours.refundedMinor}`],
      ['credited to the wallet', `${theirs.creditedMinor}`, `${ours.creditedMinor}`],
      [
        'kept',
        `${theirs.capturedMinor - theirs.refundedMinor - theirs.creditedMinor}`,
        `${ours.capturedMinor - ours.refundedMinor - ours.creditedMinor}`,
      ],
    ],
  };
}
