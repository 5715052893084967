import { describe, expect, it } from 'vitest';
import type { PickLineView, PickTaskView } from '../../contracts/ws/tablet.ts';
import { ASHA, line, onOfflineFloor, pickerActor, RAVI, scan, STORE } from '../../test/support/offline-floor.ts';
import type { Entry, FloorAct } from './device-journal.ts';
import { asDone, floorOf, isComplete, NO_FLOOR, withDelta } from './floor-state.ts';
import type { Floor } from './floor-state.ts';

// What the tablet guesses without wifi is held against what the real store says of the same acts.

function waiting(acts: readonly FloorAct[]): Entry[] {
  return acts.map((act, i) => ({ seq: i + 1, id: `id-${i}`, at: '2027-01-15T08:00:00.000Z', words: act.do, act }));
}

interface Shown {
  readonly floor: () => Floor;
  readonly guess: (acts: readonly FloorAct[]) => PickTaskView | undefined;
  readonly store: (acts: readonly FloorAct[]) => Promise<PickTaskView | undefined>;
  readonly taskId: string;
}
function shown<T>(body: (shown: Shown) => Promise<T>): Promise<T> {
  return onOfflineFloor({ TEA: 9, MILK: 9 }, async (floor) => {
    const taskId = await floor.place(1, [line('TEA', 3), line('MILK', 1)]);
    const socket = await floor.platform.openTablet(STORE, pickerActor(ASHA));
    let seen: Floor = NO_FLOOR;
    function look(): void {
      for (const frame of socket.read() as { t: string; state: never; delta: never }[]) {
        if (frame.t === 'snapshot') seen = floorOf(frame.state);
        if (frame.t === 'delta') seen = withDelta(seen, frame.delta);
      }
    }
    let commands = 0;
    look();
    return body({
      taskId,
      floor: () => seen,
      guess: (acts) => asDone(seen, waiting(acts), ASHA).find((task) => task.taskId === taskId),
      store: async (acts) => {
        for (const act of acts) {
          commands += 1;
          const frame = { t: 'command', id: `cmd-${String(commands).padStart(8, '0')}`, ...act };
          await floor.platform.sayOn(socket, STORE, JSON.stringify(frame));
        }
        look();
        return seen.tasks.get(taskId);
      },
    });
  });
}
function units(task: PickTaskView | undefined): unknown {
  return task && { status: task.status, pickerId: task.pickerId, bags: task.bags, lines: task.lines.map(unitsOf) };
}
function unitsOf({ sku, picked, shorted, restocked }: PickLineView): unknown {
  return { sku, picked, shorted, restocked };
}

describe('what a tablet shows of acts that wait', () => {
  it('is what the store says of them once it has done them [F7]', () =>
    shown(async ({ guess, store, taskId }) => {
      const acts = [
        { do: 'accept', taskId },
        { do: 'claim', taskId },
        scan(taskId, 'TEA', 2),
        { do: 'short', taskId, sku: 'TEA', quantity: 1, reason: 'DAMAGED', from: 'SHELF' },
        scan(taskId, 'MILK'),
        { do: 'pack', taskId, bags: [{ seal: 'SEAL-0001', size: 'S', zone: 'ambient' }] },
      ];
      for (const [i, act] of acts.entries()) {
        const guessed = units(guess([act]));
        expect(guessed).toEqual(units(await store([act])));
        expect(guess(acts.slice(0, i))).toBeDefined();
      }
      expect(await store([])).toMatchObject({ status: 'PACKED' });
    }));

  it('of a cancelled order are the units that are on their way back', () =>
    shown(async ({ guess, store, taskId }) => {
      await store([{ do: 'accept', taskId }, { do: 'claim', taskId }, scan(taskId, 'TEA', 3)]);
      const cancelled = { ...guess([]), status: 'RESTOCK' } as PickTaskView;
      const floor: Floor = { ...NO_FLOOR, tasks: new Map([[taskId, cancelled]]) };
      const acts: FloorAct[] = [
        { ...scan(taskId, 'TEA', 2), do: 'restock' },
        { do: 'short', taskId, sku: 'TEA', quantity: 1, reason: 'DAMAGED', from: 'TOTE' },
      ];
      expect(asDone(floor, waiting(acts), ASHA)[0]?.lines.find(({ sku }) => sku === 'TEA')).toMatchObject({
        picked: 3,
        shorted: 0,
        restocked: 3,
      });
    }));

  it('never shows more than a line takes, nor a code that only the store can read', () =>
    shown(async ({ guess, store, taskId }) => {
      await store([
        { do: 'accept', taskId },
        { do: 'claim', taskId },
      ]);
      expect(units(guess([scan(taskId, 'TEA', 9)]))).toMatchObject({
        lines: expect.arrayContaining([{ sku: 'TEA', picked: 3, shorted: 0, restocked: 0 }]),
      });
      expect(units(guess([{ ...scan(taskId, 'TEA'), barcode: '00000000' }]))).toEqual(units(guess([])));
    }));

  it('is complete when every line is picked or given up', () =>
    shown(async ({ guess, store, taskId }) => {
      await store([
        { do: 'accept', taskId },
        { do: 'claim', taskId },
      ]);
      const done = guess([
        scan(taskId, 'TEA', 3),
        { do: 'short', taskId, sku: 'MILK', quantity: 1, reason: 'NOT_FOUND' },
      ]);
      expect(done && isComplete(done)).toBe(true);
      const open = guess([scan(taskId, 'TEA', 3)]);
      expect(open && isComplete(open)).toBe(false);
    }));

  it('leaves out what is over, and what another version tells', () =>
    shown(async ({ floor, store, taskId }) => {
      const task = await store([]);
      if (task === undefined) throw new Error('no task');
      expect(withDelta(floor(), { task: { ...task, status: 'CANCELLED' } }).tasks.has(taskId)).toBe(false);
      expect(withDelta(floor(), {})).toBe(floor());
      expect(asDone(floor(), [], RAVI)).toHaveLength(1);
    }));
});
