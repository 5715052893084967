import { describe, expect, it } from 'vitest';
import type { PickTaskView, WaveAnswer } from '../../contracts/ws/tablet.ts';
import { ASHA, line, onOfflineFloor, pickerActor, scan, STORE } from '../../test/support/offline-floor.ts';
import type { FloorAct } from '../../test/support/offline-floor.ts';
import { floorOf, NO_FLOOR, withDelta, withWave } from './floor-state.ts';
import type { Floor } from './floor-state.ts';
import {
  givenUp,
  metresLeft,
  nextStop,
  openProposals,
  partFor,
  pickLeft,
  replaceable,
  toPack,
  workLeft,
  workOf,
} from './work.ts';
import type { Work } from './work.ts';

// The walk as a picker sees it, of what the real store says.

interface Walked {
  readonly orders: readonly string[];
  readonly work: (opened: string | undefined) => Work;
  readonly say: (act: FloorAct | { readonly do: 'claimWave' }) => Promise<unknown>;
  readonly floor: () => Floor;
  readonly nowMs: () => number;
}

/** Two orders on one walk: three teas and a milk, two teas. */
function onWave<T>(body: (walked: Walked) => Promise<T>): Promise<T> {
  return onOfflineFloor({ TEA: 9, MILK: 9, OAT: 9 }, async (offline) => {
    await offline.describe(['A01'], 3);
    const orders = [
      await offline.place(1, [line('TEA', 3), line('MILK', 1)]),
      await offline.place(2, [line('TEA', 2)]),
    ];
    const socket = await offline.platform.openTablet(STORE, pickerActor(ASHA));
    let floor = NO_FLOOR;
    let commands = 0;
    async function say(act: FloorAct | { readonly do: 'claimWave' }): Promise<unknown> {
      const id = `cmd-${String((commands += 1)).padStart(8, '0')}`;
      await offline.platform.sayOn(socket, STORE, JSON.stringify({ t: 'command', id, ...act }));
      let value: unknown;
      for (const frame of socket.read() as { t: string; state: never; delta: never; value: unknown }[]) {
        if (frame.t === 'snapshot') floor = floorOf(frame.state);
        if (frame.t === 'delta') floor = withDelta(floor, frame.delta);
        if (frame.t === 'answer') value = frame.value;
      }
      return value;
    }
    for (const taskId of orders) await say({ do: 'accept', taskId });
    const { wave } = (await say({ do: 'claimWave' })) as WaveAnswer;
    if (wave === null) throw new Error('no wave');
    floor = withWave(floor, wave);
    return body({
      orders,
      say,
      floor: () => floor,
      nowMs: () => offline.nowMs,
      work: (opened) => {
        const work = workOf([...floor.tasks.values()], floor, opened, ASHA);
        if (work === undefined) throw new Error('no work');
        return work;
      },
    });
  });
}
function numbersOf({ tasks }: Work): string[] {
  return tasks.map(({ orderNumber }: PickTaskView) => orderNumber);
}

describe('a wave in hand', () => {
  it('is one walk for all its orders, whichever was opened, and gets shorter as it is walked', () =>
    onWave(async ({ orders: [first = '', second = ''], work, say }) => {
      expect(numbersOf(work(first))).toEqual(numbersOf(work(second)));
      expect(workLeft(work(first))).toBe(6);
      const whole = metresLeft(work(first)) ?? 0;
      expect(whole).toBe(work(first).distanceM);
      const [tea] = nextStop(work(first))?.picks ?? [];
      expect(tea).toMatchObject({ sku: 'TEA', bin: 'A01-1-1' });
      expect(tea && pickLeft(tea)).toBe(5);
      for (const [taskId, units] of [
        [first, 3],
        [second, 2],
      ] as const)
        await say(scan(taskId, 'TEA', units));
      await say(scan(first, 'MILK', 1));
      expect(nextStop(work(first))).toBeUndefined();
      expect(metresLeft(work(first))).toBeLessThan(whole);
    }));

  it('takes a scan for the order that still wants it; what is not there is given up by whose bags are packed last', () =>
    onWave(async ({ orders: [first = '', second = ''], work, say }) => {
      const code = String(scan(first, 'TEA')['barcode']);
      const inOrder = work(first).tasks.map(({ taskId }) => taskId);
      const [early = '', late = ''] = inOrder;
      expect(partFor(work(first), code)?.task.taskId).toBe(early);
      await say(scan(early, 'TEA', early === first ? 3 : 2));
      expect(partFor(work(first), code)?.task.taskId).toBe(late);
      expect(partFor(work(first), '00000000')).toBeUndefined();
      await say({ do: 'release', taskId: early });
      const [tea] = nextStop(work(late))?.picks ?? [];
      expect(numbersOf(work(late))).toHaveLength(1);
      expect(tea && givenUp(tea, 9).map(({ part, quantity }) => [part.task.taskId, quantity])).toEqual([
        [late, late === second ? 2 : 3],
      ]);
    }));

  it('gives up units of the last order before those of the first', () =>
    onWave(async ({ orders: [first = ''], work }) => {
      const [tea] = nextStop(work(first))?.picks ?? [];
      const units = tea?.parts.map(({ task, line: { quantity } }) => [task.taskId, quantity] as const) ?? [];
      const [[early, has] = ['', 0], [late, most] = ['', 0]] = units;
      expect(tea && givenUp(tea, most + 1).map(({ part, quantity }) => [part.task.taskId, quantity])).toEqual([
        [late, most],
        [early, 1],
      ]);
      expect(has).toBeGreaterThan(1);
    }));

  it('packs first whoever waits for no answer, then goes on with what was begun', () =>
    onWave(async ({ orders: [first = '', second = ''], work, say, nowMs }) => {
      for (const [taskId, units] of [
        [first, 3],
        [second, 2],
      ] as const)
        await say(scan(taskId, 'TEA', units));
      expect(toPack(work(first), nowMs(), undefined)).toBeUndefined();
      const short = { do: 'short', taskId: first, sku: 'MILK', quantity: 1, reason: 'NOT_FOUND' };
      await say(short);
      const milk = work(first)
        .stops.flatMap(({ picks }) => picks.flatMap(({ parts }) => parts))
        .find(({ line: { sku } }) => sku === 'MILK');
      expect(milk && replaceable(milk)).toBe(1);
      await say({ do: 'substitute', taskId: first, sku: 'MILK', substitute: 'OAT', quantity: 1 });
      const asked = work(first).tasks.find(({ taskId }) => taskId === first);
      expect(asked && openProposals(asked, nowMs())).toHaveLength(1);
      expect(toPack(work(first), nowMs(), undefined)?.taskId).toBe(second);
      expect(toPack(work(first), nowMs(), first)?.taskId).toBe(first);
      const late = nowMs() + 120_001;
      expect(asked && openProposals(asked, late)).toEqual([]);
    }));
});
