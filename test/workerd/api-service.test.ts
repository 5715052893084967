import { beforeAll, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { AvailabilityView, HoldAnswer } from '../../contracts/http/holds.ts';
import { ResolveView } from '../../contracts/http/locations.ts';
import { OrderView } from '../../contracts/http/orders.ts';
import { ProblemBody } from '../../contracts/http/problem.ts';
import {
  LoadView,
  ServicePolicyBody,
  ServiceStateView,
  ShiftEndedView,
  ShiftStartedView,
} from '../../contracts/http/store-load.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { HoldDesk } from '../../durable/store/holds/hold-desk.ts';
import { bearer, bodyOf, call, codeOf, DOOR, openShop, OPERATOR_BEARER, publishNetwork } from './support/api.ts';
import { newCustomer } from './support/order.ts';
import { storeEvents } from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { staffOf } from './support/tablet.ts';

const KIOSK = { authorization: `Bearer kir_ch_kiosk_${'c'.repeat(43)}` };
const OPERATOR = { authorization: OPERATOR_BEARER };
const AT_THE_DOOR = `/api/v1/locations/resolve?lat=${DOOR.lat}&lng=${DOOR.lng}`;
type Headers = Record<string, string>;

let near: TestStore;
let far: TestStore;
/** Too far away for any order. */
let quiet: TestStore;

beforeAll(async () => {
  [near, far, quiet] = [await openShop({ ASSAM: 50 }), await openShop({ ASSAM: 50 }), await openShop({ ASSAM: 5 })];
  await publishNetwork(1, [
    { storeId: near.storeId, metresSouth: 300 },
    { storeId: far.storeId, metresSouth: 900 },
    { storeId: quiet.storeId, metresSouth: 4_000 },
  ]);
});

function at(store: TestStore, path: string): string {
  return `/api/v1/stores/${store.storeId}/${path}`;
}
function put(store: TestStore, path: string, body: unknown, headers: Headers = OPERATOR): Promise<Response> {
  return call(at(store, path), { method: 'PUT', body, headers });
}
async function set(store: TestStore, body: unknown): Promise<ServiceStateView> {
  return bodyOf(ServiceStateView, await put(store, 'service-state', body));
}
function open(store: TestStore): Promise<ServiceStateView> {
  return set(store, { state: 'automatic' });
}
let keys = 0;
function newKey(): string {
  keys += 1;
  return `service-key-${String(keys).padStart(6, '0')}`;
}
function hold(store: TestStore, headers: Headers, key = newKey()): Promise<Response> {
  const body = { lines: [{ sku: 'ASSAM', quantity: 1 }] };
  return call(at(store, 'holds'), { method: 'POST', body, headers: { ...headers, 'idempotency-key': key } });
}
async function order(): Promise<Response> {
  const body = {
    deliverTo: { ...DOOR, note: '' },
    lines: [{ sku: 'ASSAM', quantity: 1 }],
    payment: { method: 'sandbox', token: 'tok_approve' },
  };
  const headers = { ...(await bearer(newCustomer())), 'idempotency-key': newKey() };
  return call('/api/v1/orders', { method: 'POST', body, headers });
}
async function availability(store: TestStore): Promise<v.InferOutput<typeof AvailabilityView>> {
  return bodyOf(AvailabilityView, await call(at(store, 'availability?skus=ASSAM')));
}
/** What the door is promised for the store's queue. */
async function queueSeconds(store: TestStore): Promise<number> {
  const { stores } = await bodyOf(ResolveView, await call(AT_THE_DOOR));
  return stores.find(({ id }) => id === store.storeId)?.promise?.terms.queueSeconds ?? 0;
}
/** Until the isolate's copy has heard of a change. */
function heard(store: TestStore, isOpen: boolean): Promise<void> {
  return vi.waitFor(async () => {
    expect((await availability(store)).open).toBe(isOpen);
  });
}

describe('a paused store', () => {
  test('refuses the holds of customers and channels, says when to come again, and does so by itself [F3]', async () => {
    const until = toTimestamp(Date.now() + 1_500);
    expect(await set(near, { state: 'paused', reason: 'INCIDENT', until })).toMatchObject({ state: 'paused', until });
    for (const headers of [await bearer(newCustomer()), KIOSK]) {
      const response = await hold(near, headers);
      expect(response.status).toBe(409);
      const { code, numbers } = v.parse(ProblemBody, await response.json());
      expect([code, numbers?.['serviceState']]).toEqual(['STORE_CLOSED', 'paused']);
      expect(numbers?.['retryAfterMs']).toBeGreaterThan(0);
      expect(numbers?.['retryAfterMs']).toBeLessThanOrEqual(1_500);
    }
    await vi.waitFor(
      async () => {
        expect((await hold(near, KIOSK)).status).toBe(201);
      },
      { timeout: 8_000, interval: 200 },
    );
    const changed = (await storeEvents(near)).flatMap((event) =>
      event.type === 'store.service_changed' ? [event.data] : [],
    );
    expect(changed[0]).toMatchObject({ before: 'open', state: 'paused', cause: 'SAID', reason: 'INCIDENT', until });
  });

  test('is shown as closed, and refuses holds in the batches in which they come [F3]', async () => {
    const key = newKey();
    const held = await bodyOf(HoldAnswer, await hold(near, KIOSK, key));
    await set(near, { state: 'paused', reason: 'STOCKTAKE' });
    await heard(near, false);
    const alone = [vi.spyOn(HoldDesk.prototype, 'view'), vi.spyOn(HoldDesk.prototype, 'hold')];
    const batches = vi.spyOn(HoldDesk.prototype, 'holdMany');
    expect(await codeOf(await hold(near, KIOSK))).toBe('STORE_CLOSED');
    expect(batches).toHaveBeenCalledOnce();
    for (const asked of alone) expect(asked).not.toHaveBeenCalled();
    // What it holds is still the answer to its key.
    expect(await bodyOf(HoldAnswer, await hold(near, KIOSK, key))).toEqual(held);
    const resolved = await bodyOf(ResolveView, await call(AT_THE_DOOR));
    expect(resolved.stores).toMatchObject([
      { id: near.storeId, open: false, promise: null },
      { id: far.storeId, open: true },
    ]);
    await open(near);
    await heard(near, true);
    expect((await hold(near, KIOSK)).status).toBe(201);
    for (const spy of [...alone, batches]) spy.mockRestore();
  });

  test('is passed over: its orders go to the next one, whether the isolate has heard or not [F1] [F3]', async () => {
    expect(await bodyOf(OrderView, await order())).toMatchObject({ storeId: near.storeId });
    await set(near, { state: 'paused', reason: 'TOO_BUSY' });
    expect(await bodyOf(OrderView, await order())).toMatchObject({ storeId: far.storeId });
    await heard(near, false);
    expect(await bodyOf(OrderView, await order())).toMatchObject({ storeId: far.storeId });
    await set(far, { state: 'paused', reason: 'TOO_BUSY' });
    await heard(far, false);
    const nobody = await order();
    expect([nobody.status, await codeOf(nobody)]).toEqual([409, 'STORE_CLOSED']);
    await Promise.all([open(near), open(far)]);
    await Promise.all([heard(near, true), heard(far, true)]);
  });
});

test('a throttled store promises later and is chosen last [F1] [F3] [F4]', async () => {
  const before = await queueSeconds(near);
  await set(near, { state: 'throttled', reason: 'SHORT_STAFFED' });
  await vi.waitFor(async () => {
    expect(await queueSeconds(near)).toBeGreaterThan(before);
  });
  expect(await bodyOf(OrderView, await order())).toMatchObject({ storeId: far.storeId });
  expect((await hold(near, KIOSK)).status).toBe(201);
  await open(near);
});

describe('who works in a store', () => {
  test('is on shift by word, and staff and operators see the load that this makes [F3]', async () => {
    const picker = staffOf(quiet);
    const headers = await bearer(picker);
    const start = await call(at(quiet, 'shifts/start'), { method: 'POST', headers });
    const started = await bodyOf(ShiftStartedView, start);
    expect(started).toMatchObject({ pickerId: picker.userId, pickersOnShift: 1 });
    const policy = { throttleAtSeconds: 600, pauseAtSeconds: 1_200 };
    expect(await bodyOf(ServicePolicyBody, await put(quiet, 'service-policy', policy))).toEqual(policy);
    const load = await bodyOf(LoadView, await call(at(quiet, 'load'), { headers: OPERATOR }));
    expect(load).toMatchObject({
      service: { state: 'open', reason: null, until: null },
      retryAfterSeconds: null,
      policy,
      queue: { orders: 0, lines: 0, units: 0 },
      pickersOnShift: 1,
      shifts: [{ pickerId: picker.userId, startedAt: started.startedAt }],
      pace: { orderSeconds: 60, lineSeconds: 8, measuredSpells: 0 },
      readySeconds: { p50: 60, p90: 96 },
    });
    const end = await call(at(quiet, 'shifts/end'), { method: 'POST', headers, body: {} });
    expect(await bodyOf(ShiftEndedView, end)).toEqual({ pickerId: picker.userId, pickersOnShift: 0 });
    expect((await put(quiet, 'service-state', { state: 'open', reason: 'OTHER' }, headers)).status).toBe(403);
    expect(await codeOf(await call(at(near, 'load'), { headers }))).toBe('FORBIDDEN');
  });
});
