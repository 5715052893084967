import { describe, expect, it } from 'vitest';
import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { parseEvent } from '../../../contracts/events/topic.ts';
import type { SetServiceState } from '../../../contracts/rpc/store-capacity.ts';
import type { HoldStock } from '../../../contracts/rpc/store.ts';
import { ASHA, line, must, onOfflineFloor, orderAt, RAVI, STORE } from '../../../test/support/offline-floor.ts';
import type { OfflineFloor } from '../../../test/support/offline-floor.ts';
import { StorageFault } from '../../../test/support/object-platform/hosted-object.ts';
import { DWELL_MS } from '../../../domain/capacity/service-state.ts';
import { asChannelId, asHoldId } from '../../../domain/shared/ids.ts';

const MINUTE_MS = 60_000;
const STOCK = { TEA: 500 };
const TEA = [line('TEA', 1)];
const CUSTOMER = { kind: 'customer', userId: RAVI } as const;
const KIOSK = { kind: 'channel', channelId: asChannelId('kiosk') } as const;

let holds = 100;
function cart(floor: OfflineFloor, actor: HoldStock['actor'] = CUSTOMER): HoldStock {
  holds += 1;
  const holdId = asHoldId(`hld_${String(holds).padStart(26, '0')}`);
  return { ...floor.by(actor), holdId, kind: 'cart', lines: TEA };
}
function orderActor(n: number) {
  return { kind: 'object', object: 'order', id: orderAt(n) } as const;
}
function basketOf(floor: OfflineFloor, n: number): HoldStock {
  return { ...cart(floor, orderActor(n)), kind: 'order', orderId: orderAt(n) };
}
/** `HELD`, or the code that it was refused with. */
async function codeOf(floor: OfflineFloor, command: HoldStock = cart(floor)): Promise<string> {
  const held = await floor.rpc.hold(command);
  return held.ok ? held.value.status : held.error.code;
}
function set(floor: OfflineFloor, wanted: Pick<SetServiceState, 'state' | 'reason' | 'untilMs'>) {
  return floor.rpc.execute({ ...floor.by(), do: 'SetServiceState', ...wanted });
}
async function stateOf({ rpc }: OfflineFloor): Promise<string> {
  return (await rpc.load()).serviceState;
}
async function changes({ platform }: OfflineFloor) {
  await platform.settle();
  // What an eviction has sent again is the same text.
  return [...new Set(platform.log.get(STORE_EVENTS.name))].flatMap((text) => {
    const event = parseEvent(STORE_EVENTS, text);
    if (!event.ok) throw new Error(event.error.code);
    return event.value.type === 'store.service_changed' ? [event.value.data] : [];
  });
}
/** A store that throttles at two orders in the queue and pauses at four, with one picker at the working figures. */
async function tight(floor: OfflineFloor): Promise<void> {
  const policy = { throttleAtMs: 5 * MINUTE_MS, pauseAtMs: 8 * MINUTE_MS };
  must(await floor.rpc.execute({ ...floor.by(), do: 'SetServicePolicy', ...policy }));
}
async function cancel(floor: OfflineFloor, ...orders: readonly number[]): Promise<void> {
  for (const n of orders) await floor.cancel(orderAt(n));
}

describe('a store that falls behind', () => {
  it('throttles, then pauses, and takes orders again once it has caught up, by the clock [F3] [F4]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await tight(floor);
      await floor.place(1, TEA);
      expect(await stateOf(floor)).toBe('open');
      await floor.place(2, TEA);
      expect(await stateOf(floor)).toBe('throttled');
      expect(await codeOf(floor)).toBe('HELD');
      await floor.platform.pass(DWELL_MS);
      await floor.place(3, TEA);
      const accepted = basketOf(floor, 4);
      must(await floor.rpc.hold(accepted));
      await floor.place(5, TEA);
      expect(await stateOf(floor)).toBe('paused');
      expect(await codeOf(floor)).toBe('STORE_CLOSED');
      // What was held for an order goes on.
      const commit = { ...floor.by(orderActor(4)), orderId: orderAt(4), holdId: accepted.holdId };
      must(await floor.rpc.commit({ ...commit, orderNumber: 'K-4', promisedAtMs: floor.nowMs + 900_000 }));
      await cancel(floor, 1, 2, 3);
      expect(await stateOf(floor)).toBe('paused');
      await floor.platform.pass(DWELL_MS);
      expect(await stateOf(floor)).toBe('throttled');
      expect(await codeOf(floor)).toBe('HELD');
      await cancel(floor, 4, 5);
      await floor.platform.pass(DWELL_MS);
      expect(await stateOf(floor)).toBe('open');
      const log = await changes(floor);
      expect(log.map(({ before, state, cause }) => `${before} ${state} ${cause}`)).toEqual([
        'open throttled LOAD',
        'throttled paused LOAD',
        'paused throttled LOAD',
        'throttled open LOAD',
      ]);
      expect(log[1]).toMatchObject({
        queuedTasks: 4,
        queuedLines: 4,
        pickersOnShift: 0,
        throttleAtMs: 5 * MINUTE_MS,
        pauseAtMs: 8 * MINUTE_MS,
        readyP90Ms: Math.round((4 * 68_000 + 60_000) * 1.6),
      });
    }));

  it('says when to ask again, and the isolates are told with the stock [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      must(await set(floor, { state: 'paused', reason: 'INCIDENT', untilMs: floor.nowMs + 10 * MINUTE_MS }));
      await floor.platform.pass(MINUTE_MS);
      expect(await floor.rpc.hold(cart(floor))).toMatchObject({
        error: { code: 'STORE_CLOSED', numbers: { serviceState: 'paused', retryAfterMs: 9 * MINUTE_MS } },
      });
      const { open, load } = await floor.rpc.availability({ since: 0 });
      expect([open, load.serviceState, load.retryAfterMs]).toEqual([false, 'paused', 9 * MINUTE_MS]);
      must(await set(floor, { state: 'throttled', reason: 'SHORT_STAFFED' }));
      const throttled = await floor.rpc.availability({ since: 0 });
      expect([throttled.open, throttled.load.serviceState, throttled.load.retryAfterMs]).toEqual([
        true,
        'throttled',
        null,
      ]);
    }));
});

describe('a paused store', () => {
  it('refuses baskets of customers, channels and orders, alone and many at a time; operators may [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      must(await set(floor, { state: 'paused', reason: 'TOO_BUSY' }));
      const order = basketOf(floor, 7);
      for (const command of [cart(floor), cart(floor, KIOSK), order])
        expect(await codeOf(floor, command)).toBe('STORE_CLOSED');
      const many = await floor.rpc.holdMany([cart(floor), cart(floor, KIOSK), cart(floor, floor.by().actor)]);
      expect(many.map((held) => (held.ok ? held.value.status : held.error.code))).toEqual([
        'STORE_CLOSED',
        'STORE_CLOSED',
        'HELD',
      ]);
      // Refused, it has left no trace: the same command is decided again.
      must(await set(floor, { state: 'automatic' }));
      expect(await codeOf(floor, order)).toBe('HELD');
    }));

  it('still answers, renews and releases what it holds, and makes no order of a cart [F3] [X3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const [kept, given] = [cart(floor), cart(floor)];
      must(await floor.rpc.hold(kept));
      must(await floor.rpc.hold(given));
      must(await set(floor, { state: 'paused', reason: 'TOO_BUSY' }));
      expect(must(await floor.rpc.hold(kept))).toMatchObject({ status: 'HELD', repeated: true });
      must(await floor.rpc.renew({ ...floor.by(CUSTOMER), holdId: kept.holdId }));
      must(await floor.rpc.release({ ...floor.by(CUSTOMER), holdId: given.holdId, reason: 'customer' }));
      const promote = { holdId: kept.holdId, orderId: orderAt(8), owner: RAVI };
      expect(await floor.rpc.promote({ ...floor.by(orderActor(8)), ...promote })).toMatchObject({
        error: { code: 'STORE_CLOSED' },
      });
      must(await set(floor, { state: 'automatic' }));
      must(await floor.rpc.promote({ ...floor.by(orderActor(8)), ...promote }));
      must(await set(floor, { state: 'paused', reason: 'TOO_BUSY' }));
      expect(must(await floor.rpc.promote({ ...floor.by(orderActor(8)), ...promote })).status).toBe('HELD');
    }));

  it('takes orders again when its time is over, whether the clock rings on time or never [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      must(await set(floor, { state: 'paused', reason: 'STOCKTAKE', untilMs: floor.nowMs + MINUTE_MS }));
      expect(await codeOf(floor)).toBe('STORE_CLOSED');
      await floor.platform.pass(MINUTE_MS - 1);
      expect(await codeOf(floor)).toBe('STORE_CLOSED');
      floor.platform.nowMs += 1;
      expect(await codeOf(floor)).toBe('HELD');
      expect((await floor.rpc.availability({ since: 0 })).open).toBe(true);
      await floor.platform.pass(1);
      expect((await changes(floor)).at(-1)).toMatchObject({ before: 'paused', state: 'open', cause: 'TIME_OVER' });
    }));

  it('stays paused over an eviction, and no memory of a state outlives a commit that failed [F3] [O2]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const store = floor.platform.store(STORE);
      expect(await codeOf(floor)).toBe('HELD');
      store.writesBeforeFault = 2;
      await expect(set(floor, { state: 'paused', reason: 'TOO_BUSY' })).rejects.toThrow(StorageFault);
      expect(await codeOf(floor)).toBe('HELD');
      must(await set(floor, { state: 'paused', reason: 'TOO_BUSY' }));
      await store.evict();
      expect(await codeOf(floor)).toBe('STORE_CLOSED');
      expect(await changes(floor)).toMatchObject([{ state: 'paused', cause: 'SAID', reason: 'TOO_BUSY' }]);
    }));
});

describe('who sets a state', () => {
  it('is an operator, with a reason, and an end that lies ahead [F3] [U4]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const asha = { kind: 'staff', userId: ASHA, storeId: STORE } as const;
      const pause = { do: 'SetServiceState', state: 'paused', reason: 'TOO_BUSY' } as const;
      expect(await floor.rpc.execute({ ...floor.by(asha), ...pause })).toMatchObject({ error: { code: 'FORBIDDEN' } });
      const bad = [
        { state: 'paused' },
        { state: 'automatic', reason: 'OTHER' },
        { state: 'shut' as 'open', reason: 'OTHER' },
        { state: 'open', reason: 'OTHER', untilMs: floor.nowMs },
        { state: 'open', reason: 'OTHER', untilMs: floor.nowMs + 8 * 24 * 60 * MINUTE_MS },
        { state: 'open', reason: 'OTHER', untilMs: Number.NaN },
      ] as const;
      for (const wanted of bad) expect(await set(floor, wanted)).toMatchObject({ error: { code: 'INVALID_INPUT' } });
      const policy = { do: 'SetServicePolicy', throttleAtMs: 60_000, pauseAtMs: 60_000 } as const;
      expect(await floor.rpc.execute({ ...floor.by(), ...policy })).toMatchObject({ error: { code: 'INVALID_INPUT' } });
      expect(await changes(floor)).toEqual([]);
    }));

  it('changes nothing by leaving to the load what the load decides, nor the time of its next look [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await tight(floor);
      for (const n of [1, 2]) await floor.place(n, TEA);
      expect(await stateOf(floor)).toBe('throttled');
      await cancel(floor, 1, 2);
      expect(must(await set(floor, { state: 'automatic' }))).toMatchObject({ state: 'throttled', pin: null });
      await floor.platform.pass(DWELL_MS);
      expect(await stateOf(floor)).toBe('open');
    }));

  it('is heard at once and over the load; said again, it is no news [F3]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      await tight(floor);
      for (const n of [1, 2, 3, 4, 5]) await floor.place(n, TEA);
      must(await set(floor, { state: 'open', reason: 'OTHER' }));
      must(await set(floor, { state: 'open', reason: 'OTHER' }));
      await floor.platform.pass(10 * MINUTE_MS);
      await floor.place(6, TEA);
      expect(await stateOf(floor)).toBe('open');
      expect(must(await set(floor, { state: 'automatic' }))).toMatchObject({ state: 'paused', pin: null });
      expect((await changes(floor)).map(({ state, cause }) => `${state} ${cause}`)).toEqual([
        'throttled LOAD',
        'open SAID',
        'paused SAID',
      ]);
    }));

  it('is shown to the tablets: in their snapshot, and when it changes [F3] [T2]', () =>
    onOfflineFloor(STOCK, async (floor) => {
      const tablet = await floor.connect(ASHA);
      const automatic = { state: 'open', reason: null, until: null };
      expect(tablet.read()).toMatchObject([
        { t: 'snapshot', state: { floor: { pickersOnShift: 0, service: automatic } } },
      ]);
      const untilMs = floor.nowMs + MINUTE_MS;
      must(await set(floor, { state: 'paused', reason: 'INCIDENT', untilMs }));
      const paused = { state: 'paused', reason: 'INCIDENT', until: new Date(untilMs).toISOString() };
      expect(tablet.read()).toMatchObject([{ t: 'delta', delta: { floor: { pickersOnShift: 0, service: paused } } }]);
      await floor.platform.pass(MINUTE_MS);
      expect(tablet.read()).toMatchObject([{ t: 'delta', delta: { floor: { service: automatic } } }]);
    }));
});
