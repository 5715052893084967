import { STOCK_MOVEMENTS } from '../../contracts/events/stock.ts';
import type { Act } from '../history/act.ts';
import { History } from '../history/history.ts';
import { onStage } from '../history/stage.ts';
import type { Stage } from '../history/stage.ts';
import { aim } from '../history/plausible.ts';
import { difference, dump } from './dump.ts';

/** What a history left behind. */
interface End {
  readonly acts: readonly Act[];
  readonly lines: readonly string[];
  /** What was answered, in words, and what the stores have written, the log has heard and the orders were told. */
  readonly state: string;
}

/** Before which acts everything in memory goes. */
export type Evicts = (act: number) => boolean;

/** The acts that make sense where they stand, played straight. */
export function playStraight(wanted: readonly Act[]): Promise<End> {
  return onStage(async (stage) => {
    const history = new History(stage);
    const acts: Act[] = [];
    for (const want of wanted) {
      const act = aim(stage, want);
      if (act === undefined) continue;
      acts.push(act);
      // oxlint-disable-next-line no-await-in-loop -- a history
      await history.perform(act);
    }
    return { acts, lines: history.lines, state: await stateOf(stage, history) };
  });
}

/** The same acts again, with evictions between them. */
export function playEvicted(acts: readonly Act[], evicts: Evicts): Promise<End> {
  return onStage(async (stage) => {
    const history = new History(stage);
    for (const [i, act] of acts.entries()) {
      // oxlint-disable-next-line no-await-in-loop -- a history
      if (evicts(i)) for (const index of [0, 1] as const) await stage.evict(index);
      // oxlint-disable-next-line no-await-in-loop -- a history
      await history.perform(act);
    }
    return { acts, lines: history.lines, state: await stateOf(stage, history) };
  });
}

/** Where the two end differently, in words; null when they are equal to the byte. */
export function differ(straight: End, evicted: End): string | null {
  return difference(straight.state, evicted.state);
}

async function stateOf(stage: Stage, { lines }: History): Promise<string> {
  const { platform } = stage;
  await stage.comeToRest();
  // What was sent and not marked so when the object was evicted is sent again: the same text, which every receiver knows.
  const events = [...platform.log].flatMap(([topic, records]) => [
    `log ${topic}:`,
    ...perSubject(topic, [...new Set(records)]),
  ]);
  const reports = [...new Set(platform.reports.map((report) => JSON.stringify(report)))].toSorted();
  return [...lines, dump(stage.sql(0)), dump(stage.sql(1)), ...events.toSorted(), ...reports].join('\n');
}

/** Records of different subjects have no order of their own; sorted, each subject's still are. */
function perSubject(topic: string, records: readonly string[]): readonly string[] {
  return topic === STOCK_MOVEMENTS.name ? records.toSorted() : records;
}
