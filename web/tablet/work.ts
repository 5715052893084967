import type { PickLineView, PickTaskView, ProposalView, WalkPickView } from '../../contracts/ws/tablet.ts';
import { behind, isComplete, missing } from './floor-state.ts';
import type { Floor } from './floor-state.ts';

/** Units of one order. */
export interface Part {
  readonly task: PickTaskView;
  readonly line: PickLineView;
}
/** What is taken from one bin, and for whom. */
export interface BinPick {
  readonly sku: string;
  readonly bin: string;
  readonly parts: readonly Part[];
}
export interface Stop {
  /** Metres from the stop before; `null` for what is on no walk. */
  readonly walkM: number | null;
  readonly picks: readonly BinPick[];
}
/** What is in hand: an order, or the orders of a wave in the order of packing; and where to go for it. */
export interface Work {
  readonly tasks: readonly PickTaskView[];
  readonly stops: readonly Stop[];
  /** Of the whole walk, the way back included; `null` without one. */
  readonly distanceM: number | null;
}

/** As long as the store waits for an answer that is on its way. */
const ANSWER_GRACE_MS = 30_000;

/** The work that an order belongs to, as long as it is this picker's. */
export function workOf(
  tasks: readonly PickTaskView[],
  { waves }: Pick<Floor, 'waves'>,
  taskId: string | undefined,
  pickerId: string,
): Work | undefined {
  const opened = tasks.find((task) => task.taskId === taskId);
  if (opened === undefined) return undefined;
  if (opened.status === 'PACKED' || opened.status === 'RESTOCK') return { ...lonely([opened]), distanceM: null };
  if (!isPickedBy(opened, pickerId)) return undefined;
  const wave = opened.waveId === null ? undefined : waves.get(opened.waveId);
  const together = (wave?.tasks ?? []).flatMap(
    (of) => tasks.find((task) => task.taskId === of.taskId && task.waveId === opened.waveId) ?? [],
  );
  const own = wave === undefined ? [opened] : together.filter((task) => isPickedBy(task, pickerId));
  const walk = wave?.walk ?? opened.walk;
  if (walk === null) return { ...lonely(own), distanceM: null };
  const stops = [
    ...walk.stops.map(({ walkM, picks }) => ({ walkM, picks: picks.map((pick) => pickOf(pick, own)) })),
    { walkM: null, picks: walk.unplaced.map((pick) => pickOf(pick, own)) },
  ];
  const met = new Set(stops.flatMap(({ picks }) => picks.flatMap(({ parts }) => parts.map(({ line }) => line))));
  const after = lonely(own, (line) => !met.has(line)).stops;
  return { tasks: own, stops: [...stops, ...after].flatMap(withoutEmpty), distanceM: walk.distanceM };
}

export function isPickedBy({ status, pickerId }: PickTaskView, userId: string): boolean {
  return status === 'PICKING' && pickerId === userId;
}

/** Units of a part that are still to be picked, or of a cancelled order to be brought back. */
export function partLeft({ task, line }: Part): number {
  return task.status === 'RESTOCK' ? behind(line) : missing(line);
}
export function pickLeft({ parts }: BinPick): number {
  return parts.reduce((sum, part) => sum + partLeft(part), 0);
}
export function workLeft({ stops }: Work): number {
  return stops.reduce((sum, { picks }) => sum + picks.reduce((units, pick) => units + pickLeft(pick), 0), 0);
}

/** Where to go now. */
export function nextStop({ stops }: Work): Stop | undefined {
  return stops.find(({ picks }) => picks.some((pick) => pickLeft(pick) > 0));
}

/** From the last stop that is done over all others and back to packing. */
export function metresLeft(work: Work): number | null {
  if (work.distanceM === null) return null;
  const next = nextStop(work);
  const at = next === undefined ? work.stops.length : work.stops.indexOf(next);
  return work.stops.slice(0, at).reduce((m, { walkM }) => m - (walkM ?? 0), work.distanceM);
}

/** Whose line takes a scanned code: along the walk the first that still wants units, else the first that has it. */
export function partFor({ stops }: Work, code: string | undefined): Part | undefined {
  const parts = stops
    .flatMap(({ picks }) => picks.flatMap((pick) => pick.parts))
    .filter(({ line }) => code !== undefined && line.barcodes.includes(code));
  return parts.find((part) => partLeft(part) > 0) ?? parts[0];
}

/** Who gives up units that are not there: of a wave, whose bags are packed last. */
export function givenUp({ parts }: BinPick, quantity: number): { readonly part: Part; readonly quantity: number }[] {
  let left = quantity;
  return parts.toReversed().flatMap((part) => {
    const units = Math.min(left, partLeft(part));
    left -= units;
    return units > 0 ? [{ part, quantity: units }] : [];
  });
}

/** Proposals that packing waits for. When their time is long over, only the store knows what came of them. */
export function openProposals({ substitutions }: PickTaskView, nowMs: number): ProposalView[] {
  return substitutions.filter(
    ({ status, expiresAt }) => status === 'PROPOSED' && nowMs < Date.parse(expiresAt) + ANSWER_GRACE_MS,
  );
}

/** Units that were given up and have no substitute, asked for or agreed. What stands in for another gets none itself. */
export function replaceable({ task, line }: Part): number {
  if (task.status !== 'PICKING' || line.substituteFor !== null) return 0;
  const replaced = task.substitutions.filter(
    ({ sku, status, settlement }) => sku === line.sku && (status === 'PROPOSED' || settlement === 'SUBSTITUTE'),
  );
  return replaced.reduce((left, { quantity }) => left - quantity, line.shorted);
}

/** Whose bags are closed now, once the walk is done: the one that was begun, else the first that waits for nobody. */
export function toPack({ tasks }: Work, nowMs: number, begun: string | undefined): PickTaskView | undefined {
  if (tasks[0]?.status !== 'PICKING' || !tasks.every(isComplete)) return undefined;
  return (
    tasks.find(({ taskId }) => taskId === begun) ??
    tasks.find((task) => openProposals(task, nowMs).length === 0) ??
    tasks[0]
  );
}

function pickOf({ sku, bin, units }: WalkPickView, tasks: readonly PickTaskView[]): BinPick {
  const parts = units.flatMap(({ taskId }) => {
    const task = tasks.find((own) => own.taskId === taskId);
    const line = task?.lines.find((wanted) => wanted.sku === sku);
    return task === undefined || line === undefined ? [] : [{ task, line }];
  });
  return { sku, bin, parts };
}

/** A stop for each article of each order, on no walk. */
function lonely(
  tasks: readonly PickTaskView[],
  isMeant: (line: PickLineView, task: PickTaskView) => boolean = isInHand,
): Omit<Work, 'distanceM'> {
  const stops = tasks.flatMap((task) =>
    task.lines
      .filter((line) => isMeant(line, task))
      .map((line) => ({ walkM: null, picks: [{ sku: line.sku, bin: line.bin, parts: [{ task, line }] }] })),
  );
  return { tasks, stops };
}

/** Of a cancelled order what was picked; else all of it. */
function isInHand({ picked }: PickLineView, { status }: PickTaskView): boolean {
  return status !== 'RESTOCK' || picked > 0;
}

function withoutEmpty({ walkM, picks }: Stop): Stop[] {
  const wanted = picks.filter(({ parts }) => parts.length > 0);
  return wanted.length === 0 && walkM === null ? [] : [{ walkM, picks: wanted }];
}
