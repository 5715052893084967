import type { HoldAnswer } from '../../contracts/http/holds.ts';
import { entriesOf, outcomeOf, type Entry } from './client-ledger.ts';
import { inWords, type Line } from './operation.ts';

/** A hold as the store has it; null: it knows none. */
export type FoundHold = HoldAnswer | null;

export interface HoldEvidence {
  readonly entries: readonly Entry[];
  /** By id, read after everything was decided. */
  readonly found: ReadonlyMap<string, FoundHold>;
  /** Units that the audits of a store count as held, right before and right after the holds were read. */
  readonly heldUnits: ReadonlyMap<string, readonly [before: number, after: number]>;
  readonly nowMs: number;
}

/** An expired hold gives its units back within this, whoever asks or does not ask. */
export const FREED_WITHIN_MS = 60_000;

/** A release that overtook its hold did nothing: what it was for may still come, and then stays. */
const NOT_THERE_YET = 'HOLD_NOT_FOUND';

/** What the store has against what clients were told. In words; empty when all is well. */
export function judgeHolds(evidence: HoldEvidence): readonly string[] {
  const releases = new Map(entriesOf(evidence.entries, 'release').map((entry) => [entry.operation.holdId, entry]));
  const told = entriesOf(evidence.entries, 'hold').flatMap((entry) => {
    const { holdId } = entry.operation;
    const problems = problemsOf(entry, releases.get(holdId), evidence.found.get(holdId) ?? null, evidence.nowMs);
    return problems.map((problem) => `${inWords(entry.operation)}: ${problem}`);
  });
  return [...told, ...sumProblems(evidence)];
}

function problemsOf(
  entry: Entry<'hold'>,
  release: Entry<'release'> | undefined,
  found: FoundHold,
  nowMs: number,
): readonly string[] {
  const { operation, answers } = entry;
  const outcome = outcomeOf(entry);
  if (outcome === undefined) return ['nobody knows what became of it, however often it was asked for'];
  const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer.code]));
  const held = answers.flatMap((answer) => (answer.ok ? [answer.body] : []));
  const wanted = basket(operation.lines);
  const wrong = held.filter(({ id, lines }) => id !== operation.holdId || basket(lines) !== wanted);
  if (wrong.length > 0) return [`the answer was another hold, ${JSON.stringify(wrong[0])}`];
  if (found === null) {
    const what = held.length > 0 ? 'it' : release?.answers.some(({ ok }) => ok) ? 'its release' : undefined;
    return what === undefined ? [] : [`${what} was acknowledged and is not there`];
  }
  if (release?.answers.length === 0) return ['nobody knows whether it was released'];
  if (release?.answers.some((answer) => answer.ok || answer.code !== NOT_THERE_YET))
    return afterRelease(release, found);
  if (held.length === 0)
    return refusals.includes('HOLD_EXPIRED') && found.status === 'EXPIRED'
      ? []
      : [`it was refused (${refusals.join(', ')}) and is there, ${found.status}`];
  return [
    ...(basket(found.lines) === wanted ? [] : [`it holds ${basket(found.lines)}`]),
    ...held
      .filter(({ setAside }) => basket(setAside) !== basket(found.setAside))
      .map(({ setAside }) => `${basket(setAside)} was set aside and is ${basket(found.setAside)} now`)
      .slice(0, 1),
    ...statusProblems(found, held, nowMs),
  ];
}

function afterRelease(release: Entry<'release'>, found: HoldAnswer): readonly string[] {
  const refused = release.answers.flatMap((answer) =>
    answer.ok || answer.code === NOT_THERE_YET ? [] : [answer.code],
  );
  const told = release.answers.flatMap((answer) => (answer.ok ? [answer.body.status] : []));
  return [
    ...refused.map((code) => `its release was refused (${code})`),
    ...told
      .filter((status) => status !== found.status)
      .map((status) => `its release was answered ${status}, and it is ${found.status}`),
  ];
}

/** Nobody gave it back: it is held until its time is over, and no longer than a minute after. */
function statusProblems(found: HoldAnswer, held: readonly HoldAnswer[], nowMs: number): readonly string[] {
  const expiresAtMs = Math.min(...held.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [Date.parse(expiresAt)])));
  if (found.status === 'HELD') {
    return nowMs <= expiresAtMs + FREED_WITHIN_MS
      ? []
      : [`its time was over ${nowMs - expiresAtMs} ms ago and it still holds`];
  }
  if (found.status === 'EXPIRED') return nowMs >= expiresAtMs ? [] : ['it expired before its time'];
  return [`nobody touched it, and it is ${found.status}`];
}

/** Whatever else there was, under another id or half written, would be in the sums. */
function sumProblems({ found, heldUnits }: HoldEvidence): readonly string[] {
  return [...heldUnits].flatMap(([storeId, [before, after]]) => {
    const known = [...found.values()].filter((hold) => hold?.storeId === storeId && hold.status === 'HELD');
    const units = known.reduce((sum, hold) => sum + unitsOf(hold?.setAside ?? []), 0);
    if (units > before) return [`${storeId}: its holds keep ${units} units, its stock has ${before} held`];
    return units < after ? [`${storeId}: ${after} units are held, of which clients know ${units}`] : [];
  });
}

export function unitsOf(lines: readonly Line[]): number {
  return lines.reduce((units, { quantity }) => units + quantity, 0);
}

/** One text for one basket: sums by SKU, in order. */
export function basket(lines: readonly Line[]): string {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return (
    [...sums]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([sku, quantity]) => `${quantity} x ${sku}`)
      .join(', ') || 'nothing'
  );
}
