import { onPrivateSystem } from '../../bench/system.ts';
import type { Proof, ProofResult, ProofSettings } from '../proof.ts';
import { runControl } from './control.ts';
import { exploreInterleavings } from './explore-interleavings.ts';
import { exploreSequences } from './explore-sequences.ts';
import type { Found, Look } from '../history/found.ts';
import { crowdTheSystem } from './live/running-system.ts';

/** What share of the time each way of looking gets. */
const SEQUENCES_SHARE = 0.4;
const INTERLEAVINGS_SHARE = 0.2;
const LIVE_SHARE = 0.4;
/** Histories between two looks at the clock. */
const RUNS_AT_ONCE = 5;

/** Nobody is promised a unit that is not there: in the core, over HTTP, and not so where the guard is off. */
export const oversell: Proof = {
  name: 'oversell',
  what: 'no unit is promised twice and none is lost, whatever comes in whatever order',
  async run(settings: ProofSettings, say: (line: string) => void): Promise<ProofResult> {
    const { seed, seconds } = settings;
    say('crowds where nothing guards the stock');
    const control = await runControl(seed);
    const sequences = await lookFor(seconds * SEQUENCES_SHARE, seed, exploreSequences, (done) =>
      say(`${done} histories of commands`),
    );
    const interleavings = await lookFor(seconds * INTERLEAVINGS_SHARE, seed, exploreInterleavings, (done) =>
      say(`${done} crowds in every order`),
    );
    const live = await onPrivateSystem(say, (system) =>
      crowdTheSystem(system, { seed, untilMs: performance.now() + seconds * LIVE_SHARE * 1000, say }),
    );
    const broken = [sequences.counterexample, interleavings.counterexample, ...live.broken].filter(
      (found) => found !== null,
    );
    const [counterexample] = broken;
    return {
      cases: sequences.cases + interleavings.cases + live.rounds,
      violations: broken.length + control.takenIn,
      // Each kind of control must break by itself.
      controlViolations: Math.min(control.coreViolations, control.httpViolations),
      ...(counterexample !== undefined && { counterexample }),
      figures: {
        histories: sequences.cases,
        history_acts: sequences.acts,
        crowds: interleavings.cases,
        live_rounds: live.rounds,
        live_requests: live.requests,
        control_core_violations: control.coreViolations,
        control_http_violations: control.httpViolations,
        control_wrong_histories_taken: control.takenIn,
      },
    };
  },
};

/** Looks again with other seeds until the time is up or something is found. */
async function lookFor(
  seconds: number,
  seed: number,
  explore: (look: Look) => Promise<Found>,
  say: (done: number) => void,
): Promise<Found> {
  const untilMs = performance.now() + seconds * 1000;
  let cases = 0;
  let acts = 0;
  const tally = new Map<string, number>();
  for (let round = 0; ; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const found = await explore({ seed: (seed + round * SEED_STEP) % SEED_MAX, runs: RUNS_AT_ONCE });
    cases += found.cases;
    acts += found.acts;
    for (const [kind, times] of found.tally) tally.set(kind, (tally.get(kind) ?? 0) + times);
    say(cases);
    if (found.counterexample !== null || performance.now() >= untilMs) {
      return { cases, acts, tally, counterexample: found.counterexample };
    }
  }
}
const SEED_STEP = 1_000_003;
const SEED_MAX = 2 ** 31 - 1;
