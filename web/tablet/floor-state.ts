import type {
  FloorView,
  PickLineView,
  PickTaskView,
  TabletDelta,
  TabletState,
  WaveView,
} from '../../contracts/ws/tablet.ts';
import type { Entry, FloorAct } from './device-journal.ts';

/** What the store has shown of its floor. */
export interface Floor {
  readonly storeName: string;
  readonly tasks: ReadonlyMap<string, PickTaskView>;
  /** Walks for several tasks, by their ids. */
  readonly waves: ReadonlyMap<string, WaveView>;
  readonly service: FloorView | undefined;
}
/** Before the store has shown anything. */
export const NO_FLOOR: Floor = { storeName: 'The floor', tasks: new Map(), waves: new Map(), service: undefined };

const OVER: readonly string[] = ['HANDED_OVER', 'CANCELLED', 'REJECTED'];

export function floorOf({ storeName, tasks, waves, floor }: TabletState): Floor {
  return {
    storeName,
    tasks: new Map(tasks.map((task) => [task.taskId, task])),
    waves: new Map(waves.map((wave) => [wave.waveId, wave])),
    service: floor,
  };
}

/** A task that is over leaves the floor. A delta about anything else is another version's. */
export function withDelta(floor: Floor, { task, floor: service }: Partial<TabletDelta>): Floor {
  if (service !== undefined) return { ...floor, service };
  if (task === undefined) return floor;
  const tasks = new Map(floor.tasks);
  if (OVER.includes(task.status)) tasks.delete(task.taskId);
  else tasks.set(task.taskId, task);
  return { ...floor, tasks };
}

/** A walk that was just claimed: snapshots alone have it from now on. Those of which nobody picks any more are forgotten. */
export function withWave(floor: Floor, wave: WaveView): Floor {
  const walked = new Set([...floor.tasks.values()].map(({ waveId }) => waveId));
  const waves = [...floor.waves].filter(([waveId]) => walked.has(waveId));
  return { ...floor, waves: new Map([...waves, [wave.waveId, wave]]) };
}

/** The tasks as they will be once the store has done what waits, the most urgent first: what the picker sees. */
export function asDone(floor: Floor, waiting: readonly Entry[], pickerId: string): readonly PickTaskView[] {
  const tasks = new Map(floor.tasks);
  for (const { act } of waiting) {
    const task = tasks.get(act.taskId);
    if (task !== undefined) tasks.set(act.taskId, after(task, act, pickerId));
  }
  return [...tasks.values()].toSorted((a, b) => a.urgency - b.urgency || a.taskId.localeCompare(b.taskId));
}

/** A guess at what the store will say: only shown, and never sent. */
function after(task: PickTaskView, act: FloorAct, pickerId: string): PickTaskView {
  switch (act.do) {
    case 'accept':
      return task.status === 'QUEUED' ? { ...task, status: 'ACCEPTED' } : task;
    case 'claim':
      return task.status === 'ACCEPTED' ? { ...task, status: 'PICKING', pickerId } : task;
    case 'release':
      return task.status === 'PICKING' ? { ...task, status: 'ACCEPTED', pickerId: null } : task;
    case 'scan':
      return withLine(task, lineOf(task, act.barcode, missing), (line) => ({
        ...line,
        picked: line.picked + units(act, missing(line)),
      }));
    case 'restock':
      return withLine(task, lineOf(task, act.barcode, behind), (line) => ({
        ...line,
        restocked: line.restocked + units(act, behind(line)),
      }));
    case 'short': {
      const line = task.lines.find(({ sku }) => sku === act.sku);
      return act.from === 'TOTE'
        ? withLine(task, line, (found) => ({ ...found, restocked: found.restocked + units(act, behind(found)) }))
        : withLine(task, line, (found) => ({ ...found, shorted: found.shorted + units(act, missing(found)) }));
    }
    case 'pack':
      return task.status === 'PICKING' ? { ...task, status: 'PACKED', bags: act.bags?.length ?? 0 } : task;
    default:
      return task;
  }
}

/** Units that are neither picked nor given up. */
export function missing({ quantity, picked, shorted }: PickLineView): number {
  return quantity - picked - shorted;
}
/** Units of a cancelled order that are not back yet. */
export function behind({ picked, restocked }: PickLineView): number {
  return picked - restocked;
}

/** The line that a code is on: of several the one that still wants units. Codes that only the store can read are on none. */
export function lineOf(
  { lines }: PickTaskView,
  code: string | undefined,
  left: (line: PickLineView) => number,
): PickLineView | undefined {
  const listed = lines.filter(({ barcodes }) => code !== undefined && barcodes.includes(code));
  return listed.find((line) => left(line) > 0) ?? listed[0];
}

/** Every line is picked or given up. */
export function isComplete({ lines }: PickTaskView): boolean {
  return lines.every((line) => missing(line) === 0);
}

function units(act: FloorAct, most: number): number {
  return Math.min(act.quantity ?? 1, most);
}

function withLine(
  task: PickTaskView,
  line: PickLineView | undefined,
  change: (line: PickLineView) => PickLineView,
): PickTaskView {
  if (line === undefined) return task;
  const lines = task.lines.map((other) => (other.sku === line.sku ? change(line) : other));
  return { ...task, lines };
}
