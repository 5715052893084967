import { describe, expect, it } from 'vitest';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { parseEvent } from '../../../contracts/events/topic.ts';
import { ASHA, line, must, onOfflineFloor, RAVI, scan, STORE } from '../../../test/support/offline-floor.ts';
import type { FloorAct, OfflineFloor } from '../../../test/support/offline-floor.ts';
import type { HostedSocket } from '../../../test/support/object-platform/hosted-socket.ts';
import type { UserId } from '../../../domain/shared/ids.ts';

const MINUTE_MS = 60_000;
const STOCK = { EGGS: 500, MILK: 500, TEA: 500 };

let frames = 0;
async function act(floor: OfflineFloor, tablet: HostedSocket, command: FloorAct): Promise<void> {
  frames += 1;
  const answer = await floor.say(tablet, { t: 'command', id: `frame-${String(frames).padStart(6, '0')}`, ...command });
  if (answer['ok'] !== true) throw new Error(JSON.stringify(answer['problem']));
}
async function claim(floor: OfflineFloor, tablet: HostedSocket, taskId: string): Promise<void> {
  await act(floor, tablet, { do: 'accept', taskId });
  await act(floor, tablet, { do: 'claim', taskId });
}
/** Takes the tea of these orders after this long, one unit each, and packs them. */
async function finish(floor: OfflineFloor, tablet: HostedSocket, taskIds: readonly string[], ms: number) {
  for (let left = ms; left > 0; left -= MINUTE_MS) {
    await floor.platform.pass(Math.min(left, MINUTE_MS));
    for (const taskId of taskIds) await act(floor, tablet, { do: 'heartbeat', taskId });
  }
  for (const taskId of taskIds) {
    await act(floor, tablet, scan(taskId, 'TEA'));
    await act(floor, tablet, { do: 'pack', taskId, bags: 1 });
  }
}
function staff(userId: UserId) {
  return { kind: 'staff', userId, storeId: STORE } as const;
}
async function onShift({ rpc }: OfflineFloor): Promise<number> {
  return (await rpc.load()).pickersOnShift;
}
async function paceOf(floor: OfflineFloor) {
  const { pace, measuredSpells } = must(await floor.rpc.ask({ ask: 'AskLoad', actor: floor.by().actor }));
  return { ...pace, measuredSpells };
}
function told({ platform }: OfflineFloor, type: string): unknown[] {
  return (platform.log.get(STORE_EVENTS.name) ?? []).flatMap((text) => {
    const event = parseEvent(STORE_EVENTS, text);
    if (!event.ok) throw new Error(event.error.code);
    return event.value.type === type ? [event.value.data] : [];
  });
}

describe('a shift', () => {
  it('begins by word or with a claim, once, and ends by word: the load knows who is there [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const start = { ...floor.by(staff(ASHA)), do: 'StartShift' } as const;
      const started = must(await floor.rpc.execute(start));
      expect(started).toEqual({ pickerId: ASHA, startedAtMs: floor.nowMs, pickersOnShift: 1 });
      expect(must(await floor.rpc.execute({ ...floor.by(staff(ASHA)), do: 'StartShift' }))).toEqual(started);
      await claim(floor, await floor.connect(RAVI), await floor.place(1, [line('TEA', 1)]));
      expect(await onShift(floor)).toBe(2);
      const ended = must(await floor.rpc.execute({ ...floor.by(staff(ASHA)), do: 'EndShift' }));
      expect(ended).toEqual({ pickerId: ASHA, pickersOnShift: 1 });
      must(await floor.rpc.execute({ ...floor.by(), do: 'EndShift', pickerId: RAVI }));
      must(await floor.rpc.execute({ ...floor.by(), do: 'EndShift', pickerId: RAVI }));
      expect(await onShift(floor)).toBe(0);
      await floor.platform.settle();
      expect(told(floor, 'shift.started')).toEqual([
        { pickerId: ASHA, pickersOnShift: 1 },
        { pickerId: RAVI, pickersOnShift: 2 },
      ]);
      expect(told(floor, 'shift.ended')).toEqual([
        { pickerId: ASHA, pickersOnShift: 1, by: 'SAID' },
        { pickerId: RAVI, pickersOnShift: 0, by: 'SAID' },
      ]);
    }));

  it('is a picker’s own: nobody else ends it but operators, and they are on none [F3] [U4]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const { execute } = floor.rpc;
      const refused = { ok: false, error: { code: 'FORBIDDEN' } };
      const elsewhere = { ...staff(ASHA), storeId: 'sto_other' as typeof STORE };
      expect(await execute({ ...floor.by(), do: 'StartShift' })).toMatchObject(refused);
      expect(await execute({ ...floor.by(elsewhere), do: 'StartShift' })).toMatchObject(refused);
      expect(await execute({ ...floor.by(staff(ASHA)), do: 'EndShift', pickerId: RAVI })).toMatchObject(refused);
      expect(await execute({ ...floor.by(), do: 'EndShift' })).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    }));

  it('ends by itself a quarter of an hour after the tablet was last heard, and not while an order is in hand [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const tablet = await floor.connect(ASHA);
      const taskId = await floor.place(1, [line('TEA', 1)]);
      await claim(floor, tablet, taskId);
      await finish(floor, tablet, [taskId], 40 * MINUTE_MS);
      expect(await onShift(floor)).toBe(1);
      await floor.platform.pass(15 * MINUTE_MS - 1);
      expect(await onShift(floor)).toBe(1);
      await floor.platform.pass(1);
      expect(await onShift(floor)).toBe(0);
      expect(told(floor, 'shift.ended')).toEqual([{ pickerId: ASHA, pickersOnShift: 0, by: 'SILENT' }]);
    }));

  it('ends after twelve hours, however busy, also when the object slept in between [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const tablet = await floor.connect(ASHA);
      const taskId = await floor.place(1, [line('TEA', 2)]);
      await claim(floor, tablet, taskId);
      for (let minutes = 0; minutes < 12 * 60 - 1; minutes += 1) {
        await floor.platform.pass(MINUTE_MS);
        await act(floor, tablet, { do: 'heartbeat', taskId });
      }
      await floor.platform.store(STORE).evict();
      expect(await onShift(floor)).toBe(1);
      await floor.platform.pass(MINUTE_MS);
      expect(await onShift(floor)).toBe(0);
      expect(told(floor, 'shift.ended')).toMatchObject([{ by: 'TOO_LONG' }]);
    }));
});

describe('the pace', () => {
  it('is measured from empty hands to empty hands: an order, or those of one walk together [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const tablet = await floor.connect(ASHA);
      const prior = await paceOf(floor);
      const one = await floor.place(1, [line('TEA', 1)]);
      await claim(floor, tablet, one);
      await finish(floor, tablet, [one], 3 * MINUTE_MS);
      expect(await paceOf(floor)).toMatchObject({ measuredSpells: 1 });
      const slower = await paceOf(floor);
      expect(slower.orderMs + slower.lineMs).toBeGreaterThan(prior.orderMs + prior.lineMs);
      const [two, three] = [await floor.place(2, [line('TEA', 1)]), await floor.place(3, [line('TEA', 1)])];
      await claim(floor, tablet, two);
      await claim(floor, tablet, three);
      await finish(floor, tablet, [two, three], 2 * MINUTE_MS);
      const { measuredSpells } = await paceOf(floor);
      expect(measuredSpells).toBeGreaterThan(1.9);
      expect(measuredSpells).toBeLessThan(2);
    }));

  it('comes to what the floor takes, survives an eviction, and the ready times follow [F3] [F4]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const tablet = await floor.connect(ASHA);
      const before = await floor.rpc.load();
      for (let n = 1; n <= 40; n += 1) {
        const taskId = await floor.place(n, [line('TEA', 1)]);
        await claim(floor, tablet, taskId);
        await finish(floor, tablet, [taskId], 150_000);
      }
      await floor.platform.store(STORE).evict();
      const after = await floor.rpc.load();
      const orderOf1 = after.readyP50Ms + after.lineP50Ms;
      expect(orderOf1).toBeGreaterThan(130_000);
      expect(orderOf1).toBeLessThan(155_000);
      expect(after.readyP50Ms).toBeGreaterThan(before.readyP50Ms);
      // It strays less than the working figure says.
      expect(after.readyP90Ms / after.readyP50Ms).toBeLessThan(before.readyP90Ms / before.readyP50Ms);
      expect((await floor.rpc.availability({ since: 0 })).load).toEqual(after);
    }));

  it('is not told of by an order that was given back, nor by whoever picks the rest of it [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const [tablet, other] = [await floor.connect(ASHA), await floor.connect(RAVI)];
      const [one, two] = [await floor.place(1, [line('TEA', 1)]), await floor.place(2, [line('TEA', 1)])];
      await claim(floor, tablet, one);
      await claim(floor, tablet, two);
      await floor.platform.pass(20_000);
      await act(floor, tablet, { do: 'release', taskId: one });
      await finish(floor, tablet, [two], MINUTE_MS);
      await act(floor, other, { do: 'claim', taskId: one });
      await finish(floor, other, [one], MINUTE_MS);
      expect(await paceOf(floor)).toMatchObject({ measuredSpells: 0 });
    }));
});
