import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { ORDER_HOLD_MS } from '../../domain/inventory/hold.ts';
import { audit, holdBasket, levelOf, line, must, openStore, stockEvents } from './support/store.ts';
import type { TestStore } from './support/store.ts';

/** A hold of two units, and when its time is over. */
async function holdTwo(store: TestStore): Promise<number> {
  return must((await holdBasket(store, [line('TEA', 2)])).answer).expiresAtMs ?? 0;
}

/** At that moment, which the alarm does not keep by itself. */
async function at<T>(atMs: number, work: () => Promise<T>): Promise<T> {
  vi.setSystemTime(atMs);
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}

function alarmOf(store: TestStore): Promise<number | null> {
  return runInDurableObject(store.stub, (_object, state) => state.storage.getAlarm());
}

async function expiries(store: TestStore): Promise<number> {
  return (await stockEvents(store)).filter(({ type }) => type === 'stock.expired').length;
}

describe('an alarm that rings', () => {
  it('twice frees the units of a hold once [I4]', async () => {
    const store = await openStore({ TEA: 5 });
    const overAtMs = await holdTwo(store);
    await at(overAtMs, () =>
      runInDurableObject(store.stub, async (object, { storage }) => {
        const due = [...storage.sql.exec('SELECT kind, ref, due_at_ms FROM deadlines').raw()];
        await object.alarm();
        // A ring that was cut off before it could clear what it served.
        for (const row of due)
          storage.sql.exec('INSERT OR REPLACE INTO deadlines (kind, ref, due_at_ms) VALUES (?, ?, ?)', ...row);
        await object.alarm();
        await object.alarm();
      }),
    );
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 5, held: 0 });
    expect(await expiries(store)).toBe(1);
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });

  it('late frees what is over by then, and leaves what is not [I4]', async () => {
    const store = await openStore({ TEA: 5 });
    const overAtMs = await holdTwo(store);
    const lateMs = overAtMs + ORDER_HOLD_MS / 2;
    await at(lateMs, async () => {
      await holdTwo(store);
      await runDurableObjectAlarm(store.stub);
    });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 3, held: 2 });
    expect(await alarmOf(store)).toBeLessThanOrEqual(lateMs + ORDER_HOLD_MS);
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });

  it('before anything is due changes nothing and is set again [I4]', async () => {
    const store = await openStore({ TEA: 5 });
    const overAtMs = await holdTwo(store);
    await runDurableObjectAlarm(store.stub);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 3, held: 2 });
    expect(await alarmOf(store)).toBeLessThanOrEqual(overAtMs);
  });
});

describe('an alarm that is lost', () => {
  it('is set again by whatever wakes the store up [I4]', async () => {
    const store = await openStore({ TEA: 5 });
    const overAtMs = await holdTwo(store);
    await runInDurableObject(store.stub, (_object, state) => state.storage.deleteAlarm());
    expect(await alarmOf(store)).toBeNull();
    await evictDurableObject(store.stub);
    await store.rpc.availability({ since: 0 });
    const alarm = await alarmOf(store);
    expect(alarm).not.toBeNull();
    expect(alarm).toBeLessThanOrEqual(overAtMs);
    await at(overAtMs, () => runDurableObjectAlarm(store.stub));
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 5, held: 0 });
  });

  it('when its time is over too, rings as soon as the store is woken up [I4]', async () => {
    const store = await openStore({ TEA: 5 });
    const overAtMs = await holdTwo(store);
    await runInDurableObject(store.stub, (_object, state) => state.storage.deleteAlarm());
    await evictDurableObject(store.stub);
    await at(overAtMs + 1, async () => {
      await store.rpc.availability({ since: 0 });
      expect(await alarmOf(store)).toBeLessThanOrEqual(overAtMs + 60_000);
      await runDurableObjectAlarm(store.stub);
    });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 5, held: 0 });
  });

  it('because it was set in the past, rings by itself and is set anew [I4]', async () => {
    const store = await openStore({ TEA: 5 });
    const overAtMs = await holdTwo(store);
    await runInDurableObject(store.stub, (_object, state) => state.storage.setAlarm(Date.now() - 60_000));
    await vi.waitFor(async () => {
      expect(await alarmOf(store)).toBeGreaterThan(Date.now());
    });
    expect(await alarmOf(store)).toBeLessThanOrEqual(overAtMs);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 3, held: 2 });
  });
});
