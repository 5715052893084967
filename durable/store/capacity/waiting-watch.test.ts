import { describe, expect, it } from 'vitest';
import type { SetServiceState } from '../../../contracts/rpc/store-capacity.ts';
import type { HoldStock } from '../../../contracts/rpc/store.ts';
import { CALLED_FOR_MS, LINE_LOOK_MS, LINE_MAX } from '../../../domain/capacity/waiting-line.ts';
import { asHoldId } from '../../../domain/shared/ids.ts';
import { line, must, onOfflineFloor, orderAt, RAVI } from '../../../test/support/offline-floor.ts';
import type { OfflineFloor } from '../../../test/support/offline-floor.ts';

const MINUTE_MS = 60_000;
const STOCK = { TEA: 500 };
const CUSTOMER = { kind: 'customer', userId: RAVI } as const;

function orderActor(n: number) {
  return { kind: 'object', object: 'order', id: orderAt(n) } as const;
}
function joining(floor: OfflineFloor, n: number) {
  const untilMs = floor.nowMs + 20 * MINUTE_MS;
  return { ...floor.by(orderActor(n)), do: 'JoinLine', orderId: orderAt(n), untilMs } as const;
}
function join(floor: OfflineFloor, n: number) {
  return floor.rpc.execute<'JoinLine'>(joining(floor, n));
}
async function placeOf(floor: OfflineFloor, n: number): Promise<number | null> {
  return must(await join(floor, n)).standing?.place ?? null;
}
function leave(floor: OfflineFloor, n: number) {
  return floor.rpc.execute({ ...floor.by(orderActor(n)), do: 'LeaveLine', orderId: orderAt(n) });
}
function set(floor: OfflineFloor, wanted: Pick<SetServiceState, 'state' | 'reason' | 'untilMs'>) {
  return floor.rpc.execute({ ...floor.by(), do: 'SetServiceState', ...wanted });
}
async function pause(floor: OfflineFloor): Promise<void> {
  must(await set(floor, { state: 'paused', reason: 'TOO_BUSY', untilMs: floor.nowMs + 10 * MINUTE_MS }));
}
async function open(floor: OfflineFloor): Promise<void> {
  must(await set(floor, { state: 'automatic' }));
  await floor.platform.settle();
}
function basketOf(floor: OfflineFloor, n: number): HoldStock {
  const holdId = asHoldId(`hld_${String(n).padStart(26, '0')}`);
  return { ...floor.by(orderActor(n)), holdId, kind: 'order', orderId: orderAt(n), lines: [line('TEA', 1)] };
}
function cart(floor: OfflineFloor): HoldStock {
  return { ...floor.by(CUSTOMER), holdId: asHoldId(`hld_${'9'.repeat(26)}`), kind: 'cart', lines: [line('TEA', 1)] };
}
async function codeOf(floor: OfflineFloor, command: HoldStock): Promise<string> {
  const held = await floor.rpc.hold(command);
  return held.ok ? held.value.status : held.error.code;
}
/** Who was called, and who was told of another place, in order. */
function told({ platform }: OfflineFloor): string[] {
  return platform.moves.map(
    ({ orderId, command }) => `${Number(orderId.slice(4))}:${command.standing?.place ?? 'turn'}`,
  );
}

describe('the line of a paused store [O14]', () => {
  it('is called in the order in which it was joined, and nobody is held before or instead', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await pause(floor);
      expect([await placeOf(floor, 1), await placeOf(floor, 2), await placeOf(floor, 3)]).toEqual([1, 2, 3]);
      expect(await codeOf(floor, basketOf(floor, 1))).toBe('STORE_CLOSED');
      await open(floor);
      expect(told(floor)).toEqual(['1:turn', '2:turn', '3:turn']);
      for (const n of [2, 1, 3]) expect(await codeOf(floor, basketOf(floor, n))).toBe('HELD');
      expect(await codeOf(floor, cart(floor))).toBe('HELD');
    }));

  it('is called a few at a time, and whoever is not of it waits outside until it is served', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await pause(floor);
      for (let n = 1; n <= 7; n += 1) must(await join(floor, n));
      await open(floor);
      expect(told(floor)).toEqual(['1:turn', '2:turn', '3:turn', '4:turn', '5:turn']);
      for (const other of [basketOf(floor, 99), basketOf(floor, 6), cart(floor)]) {
        const refused = await floor.rpc.hold(other);
        expect(refused).toMatchObject({ error: { code: 'STORE_BUSY', numbers: { waiting: 2 } } });
        expect(refused.ok ? 0 : refused.error.numbers?.['retryAfterMs']).toBeGreaterThan(0);
      }
      for (const n of [1, 2, 3, 4, 5]) must(await floor.rpc.hold(basketOf(floor, n)));
      await floor.platform.pass(LINE_LOOK_MS);
      expect(told(floor).slice(5).toSorted()).toEqual(['6:turn', '7:turn']);
    }));

  it('is joined once however often one asks, and left for good', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await pause(floor);
      const first = joining(floor, 1);
      must(await floor.rpc.execute(first));
      must(await join(floor, 2));
      expect(await floor.rpc.execute(first)).toMatchObject({ ok: true, value: { standing: { place: 1 } } });
      expect([await placeOf(floor, 1), await placeOf(floor, 2)]).toEqual([1, 2]);
      must(await leave(floor, 1));
      must(await leave(floor, 1));
      await floor.platform.pass(LINE_LOOK_MS);
      expect(told(floor)).toEqual(['2:1']);
      await open(floor);
      expect(told(floor)).toEqual(['2:1', '2:turn']);
    }));

  it('has an end: who comes then is turned away at once, with a time to come back', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await pause(floor);
      for (let n = 1; n <= LINE_MAX; n += 1) must(await join(floor, n));
      const refused = await join(floor, LINE_MAX + 1);
      expect(refused).toMatchObject({ error: { code: 'STORE_BUSY', numbers: { waiting: LINE_MAX } } });
      expect(refused.ok ? 0 : refused.error.numbers?.['retryAfterMs']).toBeGreaterThan(10 * MINUTE_MS);
      expect(await placeOf(floor, LINE_MAX)).toBe(LINE_MAX);
    }));

  it('does not keep whoever was called and does not come: the next one is called within the minute', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await pause(floor);
      for (let n = 1; n <= 6; n += 1) must(await join(floor, n));
      await open(floor);
      await floor.platform.pass(CALLED_FOR_MS + LINE_LOOK_MS);
      expect(told(floor).at(-1)).toBe('6:turn');
      await floor.platform.pass(CALLED_FOR_MS + LINE_LOOK_MS);
      expect(floor.rows('SELECT order_id FROM waiting_orders')).toEqual([]);
      expect(await codeOf(floor, basketOf(floor, 99))).toBe('HELD');
    }));

  it('survives an eviction, and opens by the clock when the pause is over', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await pause(floor);
      for (const n of [1, 2]) must(await join(floor, n));
      await floor.platform.store('sto_'.concat('1'.padStart(26, '0'))).evict();
      await floor.platform.pass(10 * MINUTE_MS);
      expect(told(floor)).toEqual(['1:turn', '2:turn']);
    }));

  it('keeps its order for those who were called when the store paused again', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await pause(floor);
      for (const n of [1, 2]) must(await join(floor, n));
      await open(floor);
      await pause(floor);
      expect(await codeOf(floor, basketOf(floor, 2))).toBe('STORE_CLOSED');
      must(await join(floor, 3));
      expect([await placeOf(floor, 2), await placeOf(floor, 1)]).toEqual([1, 1]);
      expect([await placeOf(floor, 1), await placeOf(floor, 2), await placeOf(floor, 3)]).toEqual([1, 2, 3]);
    }));

  it('does not form where nobody knows until when, and is no line where orders are taken', () =>
    onOfflineFloor(STOCK, async (floor) => {
      must(await set(floor, { state: 'paused', reason: 'INCIDENT' }));
      expect(await join(floor, 1)).toMatchObject({ error: { code: 'STORE_CLOSED' } });
      await open(floor);
      expect(must(await join(floor, 2))).toEqual({ standing: null });
    }));

  it('is an order’s own business', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await pause(floor);
      const foreign = { ...joining(floor, 1), orderId: orderAt(2) };
      expect(await floor.rpc.execute(foreign)).toMatchObject({ error: { code: 'FORBIDDEN' } });
      const customer = { ...joining(floor, 1), ...floor.by(CUSTOMER) };
      expect(await floor.rpc.execute(customer)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }));
});

it('a store that paused by load calls its line when it has caught up, and no more than keeps it open [F3] [O14]', () =>
  onOfflineFloor(STOCK, async (floor) => {
    const policy = { throttleAtMs: 5 * MINUTE_MS, pauseAtMs: 8 * MINUTE_MS };
    must(await floor.rpc.execute({ ...floor.by(), do: 'SetServicePolicy', ...policy }));
    const TEA = [line('TEA', 1)];
    for (const n of [1, 2, 3, 4]) await floor.place(n, TEA);
    await floor.platform.pass(2 * MINUTE_MS);
    expect((await floor.rpc.load()).serviceState).toBe('paused');
    for (const n of [11, 12, 13, 14, 15]) must(await join(floor, n));
    for (const n of [1, 2, 3]) await floor.cancel(orderAt(n));
    await floor.platform.pass(2 * MINUTE_MS);
    expect((await floor.rpc.load()).serviceState).not.toBe('paused');
    const called = told(floor).filter((text) => text.endsWith(':turn'));
    expect(called.length).toBeGreaterThan(0);
    expect(called.length).toBeLessThan(5);
    expect(called).toEqual(['11:turn', '12:turn', '13:turn', '14:turn'].slice(0, called.length));
  }));
