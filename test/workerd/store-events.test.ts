import { runInDurableObject } from 'cloudflare:test';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  by,
  holdBasket,
  holdCommand,
  line,
  must,
  newOrderId,
  openStore,
  OPERATOR,
  orderActor,
  placeOnFloor,
  reportsTo,
  rowsOf,
  stockEvents,
  taskEvents,
} from './support/store.ts';
import type { TestStore } from './support/store.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Waits until the object has sent what it has: its drain runs beside the answers. */
async function drained(store: TestStore): Promise<void> {
  await vi.waitFor(async () => {
    expect(must(await store.rpc.audit(OPERATOR)).unpublishedEvents).toBe(0);
  });
}

describe('every movement', () => {
  it('is a row of the ledger and an event, numbered without gaps per SKU, in the commit of its command [I6] [E1]', async () => {
    const store = await openStore({ TEA: 3, EGGS: 3 });
    const { orderId, holdId } = await placeOnFloor(store, [line('TEA', 2), line('EGGS', 1)]);
    must(await store.rpc.cancelPick({ ...by(orderActor(orderId)), orderId, reason: 'changed mind' }));
    const ledger = await rowsOf<{ sku: string; sequence: number; kind: string; available: number }>(
      store,
      "SELECT sku, sequence, kind, after ->> '$[3]' AS available FROM movements ORDER BY sku, sequence",
    );
    expect(ledger.filter(({ sku }) => sku === 'TEA')).toEqual([
      { sku: 'TEA', sequence: 1, kind: 'received', available: 3 },
      { sku: 'TEA', sequence: 2, kind: 'held', available: 1 },
      { sku: 'TEA', sequence: 3, kind: 'allocated', available: 1 },
      { sku: 'TEA', sequence: 4, kind: 'deallocated', available: 3 },
    ]);
    const events = await stockEvents(store);
    const told = events.map(({ subject, sequence, type, data }) => [subject, sequence, type, data.after.available]);
    expect(new Set(told)).toEqual(
      new Set(
        ledger.map(({ sku, sequence, kind, available }) => [
          `${store.storeId}:${sku}`,
          sequence,
          `stock.${kind}`,
          available,
        ]),
      ),
    );
    expect(events.find(({ type }) => type === 'stock.deallocated')?.data).toMatchObject({
      holdId,
      orderId,
      reason: 'changed mind',
      actor: { kind: 'object', id: orderId },
    });
  });

  it('replayed from its events gives the stored level', async () => {
    const store = await openStore({ TEA: 9 });
    await placeOnFloor(store, [line('TEA', 2)]);
    await holdBasket(store, [line('TEA', 3)]);
    const last = (await stockEvents(store)).at(-1)?.data.after;
    const [stored] = await rowsOf(store, "SELECT received, available, held, allocated FROM stock WHERE sku = 'TEA'");
    expect(last).toMatchObject(stored ?? {});
  });
});

describe('a task', () => {
  it('tells the log, and nobody twice', async () => {
    const store = await openStore({ TEA: 3 });
    const { orderId } = await placeOnFloor(store, [line('TEA', 2)]);
    const cancel = { ...by(orderActor(orderId)), orderId, reason: 'customer' };
    must(await store.rpc.cancelPick(cancel));
    must(await store.rpc.cancelPick(cancel));
    must(await store.rpc.cancelPick({ ...by(orderActor(orderId)), orderId, reason: 'customer' }));
    const events = await taskEvents(store);
    expect(events.map(({ type, data }) => [type, data.orderId, data.units])).toEqual([
      ['pick_task.created', orderId, 2],
      ['pick_task.cancelled', orderId, 2],
    ]);
    expect(await reportsTo(store, orderId)).toEqual([]);
  });

  it('that is not there cannot be cancelled or handed to a courier', async () => {
    const store = await openStore({ TEA: 3 });
    const orderId = newOrderId();
    expect(await store.rpc.cancelPick({ ...by(orderActor(orderId)), orderId, reason: 'x' })).toMatchObject({
      error: { code: 'TASK_NOT_FOUND' },
    });
    expect(await store.rpc.cancelPick({ ...by(OPERATOR), orderId, reason: 'x' })).toMatchObject({
      error: { code: 'TASK_NOT_FOUND' },
    });
  });
});

describe('the outbox', () => {
  it('is written with the change and sent at once [E1]', async () => {
    const store = await openStore({ TEA: 3 });
    await holdBasket(store, [line('TEA', 1)]);
    await drained(store);
    expect(await stockEvents(store)).toHaveLength(2);
  });

  it('keeps selling while the log is away, and loses nothing', async () => {
    const store = await openStore({ TEA: 30 });
    await drained(store);
    const away = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('connection refused'));
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    for (let i = 0; i < 3; i += 1) must((await holdBasket(store, [line('TEA', 1)])).answer);
    await vi.waitFor(() => {
      expect(away).toHaveBeenCalled();
    });
    expect(must(await store.rpc.audit(OPERATOR)).unpublishedEvents).toBe(3);
    away.mockRestore();
    await runInDurableObject(store.stub, async (object) => {
      vi.setSystemTime(Date.now() + 60_000);
      await object.alarm();
      vi.useRealTimers();
    });
    await drained(store);
    expect((await stockEvents(store)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });

  it('carries the caller’s trace', async () => {
    const store = await openStore({ TEA: 3 });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    must(await store.rpc.hold({ ...holdCommand(newOrderId(), [line('TEA', 1)]), traceparent }));
    expect((await stockEvents(store)).at(-1)).toMatchObject({ type: 'stock.held', traceparent });
  });
});
