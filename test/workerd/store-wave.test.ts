import { evictDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_MEASURES } from '../../domain/picking/layout.ts';
import type { WaveAnswer } from '../../contracts/ws/tablet.ts';
import { asOrderId } from '../../domain/shared/ids.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { closeSockets, until } from './support/socket.ts';
import {
  audit,
  by,
  levelOf,
  line,
  milestones,
  must,
  newOpId,
  openStore,
  OPERATOR,
  placeOnFloor,
  reportsTo,
} from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { act, deltas, done, scan, staffOf, tablet } from './support/tablet.ts';

beforeEach(() => {
  // The orders of these tests are ids only: the store says that nobody took its reports.
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  closeSockets();
});

/** The first SKU lies in A-10, the next in A-9, and so on. */
async function openFloor(units: Readonly<Record<string, number>>): Promise<TestStore> {
  const store = await openStore(units);
  const layout = { ...DEFAULT_MEASURES, aisles: ['A'], racks: 12 };
  must(await store.rpc.execute({ ...by(OPERATOR), do: 'SetLayout', layout }));
  return store;
}
/** Orders that are accepted and wait, all promised for the same time. */
async function accepted(store: TestStore, ...baskets: readonly ReturnType<typeof line>[][]): Promise<OrderId[]> {
  const promisedAtMs = Date.now() + 30 * 60_000;
  const taskIds: OrderId[] = [];
  const socket = await tablet(store);
  for (const lines of baskets) {
    // oxlint-disable-next-line no-await-in-loop -- in the order of their ids
    const { orderId: taskId } = await placeOnFloor(store, lines, promisedAtMs);
    // oxlint-disable-next-line no-await-in-loop -- as above
    await done(socket, { do: 'accept', taskId });
    taskIds.push(taskId);
  }
  return taskIds;
}

describe('a wave over the socket', () => {
  it('two orders are claimed at once, picked along one walk, and packed each by itself [F8] [F9] [F10]', async () => {
    const store = await openFloor({ TEA: 9, EGGS: 9, MILK: 9 });
    const taskIds = await accepted(store, [line('TEA', 2), line('EGGS', 1)], [line('TEA', 1), line('MILK', 1)]);
    const socket = await tablet(store);
    const { value } = await done(socket, { do: 'claimWave' });
    const { tasks, wave } = value as WaveAnswer;
    expect(tasks.map(({ taskId, status }) => [taskId, status])).toEqual(taskIds.map((taskId) => [taskId, 'PICKING']));
    const picks = (wave?.walk.stops ?? []).flatMap((stop) => stop.picks);
    // There and back along one aisle.
    expect(wave?.walk.distanceM).toBe(2 * 10.5);
    expect(picks.map(({ bin }) => bin).toSorted()).toEqual(['A-10', 'A-8', 'A-9']);
    expect(picks.find(({ sku }) => sku === 'TEA')?.units).toEqual([
      { taskId: taskIds[0], totes: [1], quantity: 2 },
      { taskId: taskIds[1], totes: [2], quantity: 1 },
    ]);

    // Who opens a tablet now sees the same wave.
    const late = await tablet(store);
    expect(await until(() => late.frames[0])).toMatchObject({
      t: 'snapshot',
      state: { waves: [wave], tasks: taskIds.map((taskId) => ({ taskId, waveId: wave?.waveId, walk: null })) },
    });
    for (const { sku, units } of picks) {
      for (const { taskId, quantity } of units) {
        // oxlint-disable-next-line no-await-in-loop -- as the picker goes
        await done(socket, scan(asOrderId(taskId), sku, quantity));
      }
    }
    for (const { taskId } of tasks) {
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await done(socket, { do: 'pack', taskId, bags: 1 })).toMatchObject({ value: { status: 'PACKED' } });
    }
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 6, allocated: 0, picked: 3 });
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
    for (const taskId of taskIds) {
      // oxlint-disable-next-line no-await-in-loop -- one order after the other
      const steps = (await reportsTo(store, taskId)).map(({ step }) => step);
      expect(steps).toEqual(['accepted', 'claimed', 'packed']);
    }
    expect((await milestones(store)).filter((name) => name === 'claimed')).toHaveLength(2);
    const empty = await done(socket, { do: 'claimWave' });
    expect(empty).toMatchObject({ value: { tasks: [], wave: null } });
  });

  it('asked for again under its id it is the same wave, also after the object died, and another body is refused [X3]', async () => {
    const store = await openFloor({ TEA: 9 });
    await accepted(store, [line('TEA', 1)], [line('TEA', 1)], [line('TEA', 1)]);
    const actor = staffOf(store);
    const [id, before] = [newOpId(), await tablet(store, actor)];
    const answer = await act(before, { do: 'claimWave', ordersMax: 2 }, id);
    expect(answer).toMatchObject({ ok: true, value: { tasks: [{}, {}] } });
    before.close();
    await evictDurableObject(store.stub);
    const after = await tablet(store, actor);
    expect(await act(after, { do: 'claimWave', ordersMax: 2 }, id)).toEqual(answer);
    expect(await act(after, { do: 'claimWave', ordersMax: 3 }, id)).toMatchObject({
      problem: { code: 'OP_ID_REUSED' },
    });
    expect(await act(after, { do: 'claimWave' })).toMatchObject({ problem: { code: 'WAVE_OPEN' } });
    const { tasks } = answer['value'] as WaveAnswer;
    expect((await milestones(store)).filter((name) => name === 'claimed')).toHaveLength(tasks.length);
  });

  it('of ten pickers who ask at once no two get the same order [F9]', async () => {
    const store = await openFloor({ TEA: 99 });
    const taskIds = await accepted(store, ...Array.from({ length: 7 }, () => [line('TEA', 1)]));
    const sockets = await Promise.all(Array.from({ length: 10 }, () => tablet(store)));
    const answers = await Promise.all(sockets.map((socket) => act(socket, { do: 'claimWave', ordersMax: 2 })));
    const given = answers.flatMap(({ value }) => (value as WaveAnswer).tasks.map(({ taskId }) => taskId));
    expect(given.toSorted()).toEqual(taskIds.toSorted());
    expect(answers.map(({ value }) => (value as WaveAnswer).tasks.length)).toEqual([2, 2, 2, 1, 0, 0, 0, 0, 0, 0]);
  });

  it('is not for who leads, and takes one to four orders', async () => {
    const store = await openFloor({ TEA: 9 });
    expect(await act(await tablet(store, OPERATOR), { do: 'claimWave' })).toMatchObject({
      problem: { code: 'FORBIDDEN' },
    });
    const socket = await tablet(store);
    for (const ordersMax of [0, 5, 1.5]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await act(socket, { do: 'claimWave', ordersMax })).toMatchObject({ problem: { code: 'INVALID_INPUT' } });
    }
  });
});

describe('a single claim over the socket', () => {
  it('shows the walk on the task from then on, with the lines in its order [F8]', async () => {
    const store = await openFloor({ TEA: 9, EGGS: 9 });
    const [taskId] = await accepted(store, [line('EGGS', 1), line('TEA', 1)]);
    const socket = await tablet(store);
    await done(socket, { do: 'claim', taskId });
    const claimed = await until(() => deltas(socket).find(({ delta }) => JSON.stringify(delta).includes('PICKING')));
    expect(claimed).toMatchObject({
      delta: {
        task: {
          totes: [1],
          walk: { layoutVersion: 1, distanceM: 21, durationS: 35, stops: [{}, {}], unplaced: [] },
        },
      },
    });
  });
});
