import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HostedObject } from '../../test/support/object-platform/hosted-object.ts';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { STORE_EVENTS } from '../../contracts/events/stores.ts';
import { asOpId, asOrderId, asStoreId } from '../../domain/shared/ids.ts';
import type { ObjectEnv } from '../env.ts';
import { ObjectKit } from './object-kit.ts';
import type { Deadline } from './deadlines.ts';

const STORE = asStoreId('sto_00000000000000000000000001');
const ORDER = asOrderId('ord_00000000000000000000000001');

/** A platform whose alarm rings only by hand, and an order's object that the test answers for. */
async function platform() {
  const reportPick = vi.fn<() => Promise<unknown>>();
  const env = { ORDER: { getByName: () => ({ reportPick }) }, GATEWAY_URL: 'http://gateway.test', GATEWAY_TOKEN: 'x' };
  const served: string[] = [];
  const host = new HostedObject(
    STORE,
    (ctx) =>
      new ObjectKit({
        ctx,
        env: env as unknown as ObjectEnv,
        name: 'store',
        migrations: [],
        onDeadline: ({ ref }: Deadline) => {
          served.push(ref);
        },
      }),
  );
  return { kit: await host.awake(), host, served, reportPick };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('an alarm ends while the log keeps the drain waiting, so that the next deadline is served on time [I4]', async () => {
  vi.spyOn(globalThis, 'fetch').mockReturnValue(Promise.withResolvers<Response>().promise);
  const { kit, host, served } = await platform();
  const data = { orderId: ORDER, lines: 1, units: 2, promisedAt: '2026-01-01T00:00:00.000Z' };
  kit.commit(() => {
    kit.outbox.announce({ topic: STORE_EVENTS, type: 'pick_task.created', subject: STORE, key: STORE, data, atMs: 0 });
    kit.deadlines.set('hold', 'first', Date.now() - 1);
    kit.deadlines.set('hold', 'second', Date.now() + 500);
  });
  await kit.alarm();
  expect(served).toEqual(['first']);
  expect(host.alarmAtMs).toBe(Date.now() + 500);
});

test('a message whose receiver does not answer is sent again, and the lane goes on [X3]', async () => {
  const { kit, reportPick } = await platform();
  reportPick.mockReturnValueOnce(Promise.withResolvers().promise).mockResolvedValue({ ok: true, value: null });
  const command = {
    v: RPC_VERSION,
    actor: { kind: 'object', object: 'store', id: STORE },
    opId: asOpId('op-0000001'),
    storeId: STORE,
    step: 'accepted',
    atMs: 0,
  } as const;
  kit.commit(() => {
    kit.outbox.call({ to: 'order', id: ORDER, method: 'reportPick', command }, Date.now());
  });
  expect(reportPick).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.advanceTimersByTimeAsync(2000);
  await kit.alarm();
  await kit.drain();
  expect(reportPick).toHaveBeenCalledTimes(2);
  expect(kit.unsent().rows).toBe(0);
});

test('a commit that fails in the middle leaves nothing, neither state nor event nor deadline [X3]', async () => {
  const { kit } = await platform();
  const data = { orderId: ORDER, lines: 1, units: 2, promisedAt: '2026-01-01T00:00:00.000Z' };
  function broken(): void {
    kit.outbox.announce({ topic: STORE_EVENTS, type: 'pick_task.created', subject: STORE, key: STORE, data, atMs: 0 });
    kit.deadlines.set('hold', 'first', Date.now() + 1);
    throw new Error('in the middle');
  }
  expect(() => {
    kit.commit(broken);
  }).toThrow('in the middle');
  expect([kit.unsent().rows, kit.deadlines.next()]).toEqual([0, null]);
});
