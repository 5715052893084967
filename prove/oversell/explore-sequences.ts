import fc from 'fast-check';
import type { Act } from '../history/act.ts';
import { anyStretch } from '../history/any-act.ts';
import { History } from '../history/history.ts';
import { aim } from '../history/plausible.ts';
import { onStage } from '../history/stage.ts';
import { actInWords } from '../history/words.ts';
import { inWords } from '../history/found.ts';
import type { Found, Look } from '../history/found.ts';

const STRETCHES_MAX = 60;

/** A stretch of acts as a command of fast-check's models: each runs where it makes sense, and the books are looked at after it. */
class StretchCommand implements fc.AsyncCommand<History, History> {
  readonly #acts: readonly Act[];
  /** Runs even where it makes no sense: what is refused must change nothing. */
  readonly #bold: boolean;
  constructor(acts: readonly Act[], bold: boolean) {
    this.#acts = acts;
    this.#bold = bold;
  }
  check({ stage }: Readonly<History>): boolean {
    return this.#bold || this.#acts.some((act) => aim(stage, act) !== undefined);
  }
  async run(history: History): Promise<void> {
    for (const wanted of this.#acts) {
      const act = this.#bold ? wanted : aim(history.stage, wanted);
      if (act === undefined) continue;
      // oxlint-disable-next-line no-await-in-loop -- a history
      await history.perform(act);
      // oxlint-disable-next-line no-await-in-loop -- looked at after every act
      const broken = await history.broken();
      if (broken.length > 0) throw new Error([...history.lines, `then ${broken.join('; ')}`].join('\n'));
    }
  }
  toString(): string {
    return this.#acts.map(actInWords).join('; ');
  }
}

const anyHistory = fc.commands(
  [
    fc
      .tuple(anyStretch, fc.integer({ min: 0, max: 7 }))
      .map(([acts, chance]) => new StretchCommand(acts, chance === 0)),
  ],
  { maxCommands: STRETCHES_MAX, size: 'max' },
);

/** Plays histories of commands one after the other, from a seed; the smallest that breaks a rule is told. */
export async function exploreSequences({ seed, runs }: Look): Promise<Found> {
  let acts = 0;
  const tally = new Map<string, number>();
  const property = fc.asyncProperty(anyHistory, (commands) =>
    onStage(async (stage) => {
      const history = new History(stage);
      await fc.asyncModelRun(() => ({ model: history, real: history }), commands);
      acts += history.lines.length;
      for (const [kind, times] of history.tally) tally.set(kind, (tally.get(kind) ?? 0) + times);
    }),
  );
  const { failed, numRuns, numShrinks, errorInstance } = await fc.check(property, { seed, numRuns: runs });
  const said = errorInstance instanceof Error ? errorInstance.message : 'it failed without a word';
  return { cases: numRuns, acts, tally, counterexample: failed ? inWords(seed, numShrinks, said) : null };
}
