import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { describe, expect, it, vi } from 'vitest';
import { actorId } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import { HOLDS_PER_CALL } from '../../contracts/rpc/store.ts';
import type { PromoteHold } from '../../contracts/rpc/store.ts';
import { asChannelId, asSku } from '../../domain/shared/ids.ts';
import { ORDER_HOLD_MS } from '../../domain/inventory/hold.ts';
import {
  audit,
  by,
  holdBasket,
  holdCommand,
  levelOf,
  line,
  must,
  newHoldId,
  newOpId,
  newOrderId,
  newUserId,
  openStore,
  OPERATOR,
  orderActor,
  placeOnFloor,
  rowsOf,
  stockEvents,
  storeEvents,
  storeAt,
  newStoreId,
} from './support/store.ts';
import type { TestStore } from './support/store.ts';

const PROMISED = { orderNumber: 'K-1', promisedAtMs: 1_800_000_000_000 };

function raise(): never {
  throw new Error('not answered');
}

/** Rings the store's alarm as if its time had come. */
async function ring(store: TestStore, atMs: number): Promise<void> {
  vi.setSystemTime(atMs);
  try {
    await runDurableObjectAlarm(store.stub);
  } finally {
    vi.useRealTimers();
  }
}

describe('holding', () => {
  it('holds a basket whole or names the shortages, and changes nothing when short [I3]', async () => {
    const store = await openStore({ TEA: 3, EGGS: 10 });
    const { answer } = await holdBasket(store, [line('TEA', 2), line('EGGS', 6)]);
    expect(answer).toMatchObject({ ok: true, value: { status: 'HELD', lines: [line('EGGS', 6), line('TEA', 2)] } });
    const short = await holdBasket(store, [line('TEA', 2), line('EGGS', 1)]);
    expect(short.answer).toMatchObject({
      ok: false,
      error: { code: 'INSUFFICIENT_STOCK', numbers: { shortages: [{ sku: 'TEA', requested: 2, available: 1 }] } },
    });
    expect(await levelOf(store, 'EGGS')).toMatchObject({ available: 4, held: 6 });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 1, held: 2 });
  });

  it('counts a SKU on two lines once, summed [I3]', async () => {
    const store = await openStore({ TEA: 3 });
    expect((await holdBasket(store, [line('TEA', 2), line('TEA', 2)])).answer).toMatchObject({
      error: { numbers: { shortages: [{ sku: 'TEA', requested: 4, available: 3 }] } },
    });
    expect((await holdBasket(store, [line('TEA', 2), line('TEA', 1)])).answer).toMatchObject({ ok: true });
  });

  it('sells the last unit once to twenty who want it at the same time [I3] [I5]', async () => {
    const store = await openStore({ TEA: 1 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => holdBasket(store, [line('TEA', 1)])));
    expect(answers.filter(({ answer }) => answer.ok)).toHaveLength(1);
    expect(await levelOf(store, 'TEA')).toMatchObject({ received: 1, available: 0, held: 1 });
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });

  it('does not deadlock baskets that want each other’s SKUs, and oversells neither [I3] [I5]', async () => {
    const store = await openStore({ TEA: 7, EGGS: 7 });
    const baskets = Array.from({ length: 20 }, (_, i) =>
      i % 2 === 0 ? [line('TEA', 1), line('EGGS', 1)] : [line('EGGS', 1), line('TEA', 1)],
    );
    const answers = await Promise.all(baskets.map((lines) => holdBasket(store, lines)));
    expect(answers.filter(({ answer }) => answer.ok)).toHaveLength(7);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 0, held: 7 });
  });

  it('sells nothing before its first catalog, and names SKUs it does not sell', async () => {
    expect((await holdBasket(storeAt(newStoreId()), [line('TEA', 1)])).answer).toMatchObject({
      error: { code: 'STORE_CLOSED' },
    });
    const store = await openStore({ TEA: 1 });
    expect((await holdBasket(store, [line('TEA', 1), line('GOLD', 1)])).answer).toMatchObject({
      error: { code: 'UNKNOWN_SKU', numbers: { skus: ['GOLD'] } },
    });
  });
});

describe('many holds in one call', () => {
  it('are answered each in its place: what is wrong with one is no other’s trouble [I3]', async () => {
    const store = await openStore({ TEA: 3 });
    const [first, second] = [holdCommand(newOrderId(), [line('TEA', 2)]), holdCommand(newOrderId(), [line('TEA', 2)])];
    const empty = { ...holdCommand(newOrderId(), []) };
    const stranger = { ...holdCommand(newOrderId(), [line('TEA', 1)]), actor: orderActor(newOrderId()) };
    const answers = await store.rpc.holdMany([first, empty, stranger, second, first]);
    expect(answers.map((answer) => (answer.ok ? answer.value.status : answer.error.code))).toEqual([
      'HELD',
      'INVALID_INPUT',
      'FORBIDDEN',
      'INSUFFICIENT_STOCK',
      'HELD',
    ]);
    expect(answers[4]).toMatchObject({ value: { repeated: true } });
    expect(await levelOf(store, 'TEA')).toMatchObject({ held: 2 });
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });

  it('are bounded', async () => {
    const store = await openStore({ TEA: 3 });
    const command = holdCommand(newOrderId(), [line('TEA', 1)]);
    const answers = await store.rpc.holdMany(Array.from({ length: HOLDS_PER_CALL + 1 }, () => command));
    expect(new Set(answers.map((answer) => (answer.ok ? 'HELD' : answer.error.code)))).toEqual(
      new Set(['INVALID_INPUT']),
    );
    expect(await store.rpc.find(command.opId)).toBeNull();
  });

  it('lose only the one that cannot be decided: it may be sent again [C.4 row 4]', async () => {
    const store = await openStore({ TEA: 3 });
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const commands = [1, 2, 3].map(() => holdCommand(newOrderId(), [line('TEA', 1)]));
    await runInDurableObject(store.stub, (_object, { storage }) => {
      storage.sql.exec(
        `CREATE TRIGGER broken BEFORE INSERT ON holds WHEN new.hold_id = '${commands[1]?.holdId}'
        BEGIN SELECT RAISE(ABORT, 'poisoned'); END`,
      );
    });
    const answers = await store.rpc.holdMany(commands);
    expect(answers.map((answer) => (answer.ok ? answer.value.status : answer.error.code))).toEqual([
      'HELD',
      'STORE_BUSY',
      'HELD',
    ]);
    expect(await levelOf(store, 'TEA')).toMatchObject({ held: 2 });
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
    vi.restoreAllMocks();
  });
});

describe('how a store treats carts', () => {
  it('is set by operators, told to the log and in force at once [K2]', async () => {
    const store = await openStore({ TEA: 30 });
    const userId = newUserId();
    const command = { ...by(OPERATOR), do: 'SetStorePolicy', holdOn: 'checkout', scarceAtUnits: 0 } as const;
    const customer: Actor = { kind: 'customer', userId };
    expect(await store.rpc.execute({ ...command, ...by(customer) })).toMatchObject({ error: { code: 'FORBIDDEN' } });
    expect(await store.rpc.execute({ ...command, scarceAtUnits: -1 })).toMatchObject({
      error: { code: 'INVALID_INPUT' },
    });
    must(await store.rpc.execute(command));
    const cart = { ...by(customer), holdId: newHoldId(), kind: 'cart', lines: [line('TEA', 2)] } as const;
    expect(must(await store.rpc.hold(cart))).toMatchObject({ lines: [line('TEA', 2)], setAside: [] });
    expect(await levelOf(store, 'TEA')).toMatchObject({ held: 0 });
    expect((await storeEvents(store)).map(({ type, data }) => [type, data])).toEqual([
      ['store.policy_changed', { holdOn: 'checkout', scarceAtUnits: 0 }],
    ]);
  });

  it('gives a channel its terms and its time, and nobody else a choice [I10]', async () => {
    const store = await openStore({ TEA: 3 });
    const channelId = asChannelId('kiosk');
    const allocations = [{ sku: asSku('TEA'), allocationUnits: 2 }];
    const terms = { ...by(OPERATOR), do: 'SetChannelTerms', channel: channelId, bufferUnits: 0, allocations } as const;
    expect(
      await store.rpc.execute({ ...terms, allocations: [{ sku: asSku('GOLD'), allocationUnits: 1 }] }),
    ).toMatchObject({ error: { code: 'UNKNOWN_SKU' } });
    must(await store.rpc.execute({ ...terms, opId: newOpId() }));
    expect((await holdBasket(store, [line('TEA', 2)])).answer).toMatchObject({ error: { code: 'INSUFFICIENT_STOCK' } });
    const hold = { holdId: newHoldId(), kind: 'cart', lines: [line('TEA', 3)], forMs: 30_000 } as const;
    const tooLong = { ...by({ kind: 'channel', channelId }), ...hold, forMs: 1_000_000 };
    expect(await store.rpc.hold(tooLong)).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    expect(await store.rpc.hold({ ...by({ kind: 'customer', userId: newUserId() }), ...hold })).toMatchObject({
      error: { code: 'INVALID_INPUT' },
    });
    const other = { ...by({ kind: 'channel', channelId }), ...hold, channel: asChannelId('market') };
    expect(await store.rpc.hold(other)).toMatchObject({ error: { code: 'FORBIDDEN' } });
    const view = must(await store.rpc.hold({ ...by({ kind: 'channel', channelId }), ...hold }));
    expect((view.expiresAtMs ?? 0) - Date.now()).toBeLessThanOrEqual(30_000);
    expect((await stockEvents(store)).at(-1)).toMatchObject({ type: 'stock.held', data: { channel: 'kiosk' } });
  });
});

describe('the same operation again', () => {
  it('gives the same answer and holds once; what was refused is decided again [X3]', async () => {
    const store = await openStore({ TEA: 3 });
    const command = holdCommand(newOrderId(), [line('TEA', 2)]);
    const answers = await Promise.all([store.rpc.hold(command), store.rpc.hold(command), store.rpc.hold(command)]);
    const again = { ok: true, value: { ...must(answers[0] ?? raise()), repeated: true } };
    expect(answers).toEqual([answers[0], again, again]);
    const refused = holdCommand(newOrderId(), [line('TEA', 9)]);
    const refusal = await store.rpc.hold(refused);
    must(await store.rpc.receive({ ...by(OPERATOR), receiptId: 'GRN-1', lines: [line('TEA', 100)] }));
    expect(refusal).toMatchObject({ error: { code: 'INSUFFICIENT_STOCK' } });
    expect(await store.rpc.find(refused.opId)).toBeNull();
    expect(await store.rpc.hold(refused)).toMatchObject({ ok: true });
    expect(await store.rpc.find(command.opId)).toEqual(answers[0]);
    expect(await store.rpc.find(newOpId())).toBeNull();
    expect(await levelOf(store, 'TEA')).toMatchObject({ held: 11 });
  });

  it('with another body is refused and says so [X3]', async () => {
    const store = await openStore({ TEA: 3 });
    const command = holdCommand(newOrderId(), [line('TEA', 2)]);
    must(await store.rpc.hold(command));
    expect(await store.rpc.hold({ ...command, lines: [line('TEA', 1)] })).toMatchObject({
      error: { code: 'HOLD_ID_REUSED' },
    });
    expect(await store.rpc.hold({ ...command, opId: newOpId(), lines: [line('TEA', 1)] })).toMatchObject({
      error: { code: 'HOLD_ID_REUSED' },
    });
    expect(await store.rpc.hold({ ...command, opId: newOpId() })).toMatchObject({
      ok: true,
      value: { status: 'HELD' },
    });
    expect(await levelOf(store, 'TEA')).toMatchObject({ held: 2 });
  });
});

describe('a hold’s end', () => {
  it('expires by the alarm and by nothing else: a late commit still counts [I4]', async () => {
    const store = await openStore({ TEA: 2 });
    const lost = await holdBasket(store, [line('TEA', 1)]);
    const late = await holdBasket(store, [line('TEA', 1)]);
    const view = must(lost.answer);
    expect(view.expiresAtMs).toBeGreaterThan(Date.now() + ORDER_HOLD_MS - 60_000);
    await ring(store, (view.expiresAtMs ?? 0) - 1000);
    expect(await levelOf(store, 'TEA')).toMatchObject({ held: 2 });
    vi.setSystemTime((view.expiresAtMs ?? 0) + 60_000);
    must(
      await store.rpc.commit({
        ...by(orderActor(late.orderId)),
        ...PROMISED,
        holdId: late.holdId,
        orderId: late.orderId,
      }),
    );
    await ring(store, (view.expiresAtMs ?? 0) + 60_000);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 1, held: 0, allocated: 1 });
    const commit = { ...by(orderActor(lost.orderId)), ...PROMISED, holdId: lost.holdId, orderId: lost.orderId };
    expect(await store.rpc.commit(commit)).toMatchObject({ error: { code: 'HOLD_EXPIRED' } });
    const expired = (await stockEvents(store)).filter(({ type }) => type === 'stock.expired');
    expect(expired.map(({ data }) => [data.holdId, data.actor.kind])).toEqual([[lost.holdId, 'object']]);
  });

  it('has an alarm set for it without anyone asking', async () => {
    const store = await openStore({ TEA: 2 });
    const view = must((await holdBasket(store, [line('TEA', 1)])).answer);
    const alarm = await runInDurableObject(store.stub, (_object, state) => state.storage.getAlarm());
    expect(alarm).toBeLessThanOrEqual(view.expiresAtMs ?? 0);
    expect(alarm).not.toBeNull();
  });

  it('commits once into an allocation and a task, whatever is repeated', async () => {
    const store = await openStore({ TEA: 2 });
    const { orderId, holdId } = await placeOnFloor(store, [line('TEA', 2)]);
    const again = { ...by(orderActor(orderId)), ...PROMISED, holdId, orderId };
    expect(await store.rpc.commit(again)).toMatchObject({ ok: true, value: { status: 'COMMITTED' } });
    expect(await levelOf(store, 'TEA')).toMatchObject({ held: 0, allocated: 2 });
    expect(await rowsOf(store, 'SELECT count(*) AS tasks FROM pick_tasks')).toEqual([{ tasks: 1 }]);
    expect(await store.rpc.commit({ ...again, opId: newOpId(), orderId: newOrderId() })).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
  });

  it('releases once, and a release that overtakes its hold keeps it out [I4]', async () => {
    const store = await openStore({ TEA: 2 });
    const { orderId, holdId } = await holdBasket(store, [line('TEA', 2)]);
    const release = { ...by(orderActor(orderId)), holdId, reason: 'payment declined' };
    expect(await store.rpc.release(release)).toMatchObject({ value: { status: 'RELEASED' } });
    expect(await store.rpc.release({ ...release, opId: newOpId() })).toMatchObject({ value: { status: 'RELEASED' } });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 2, held: 0 });
    const late = holdCommand(newOrderId(), [line('TEA', 1)]);
    must(await store.rpc.release({ ...by(late.actor), holdId: late.holdId, reason: 'gave up' }));
    expect(await store.rpc.hold(late)).toMatchObject({ error: { code: 'HOLD_RELEASED' } });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 2, held: 0 });
  });

  it('released after its commit, takes the task off the floor as well', async () => {
    const store = await openStore({ TEA: 2 });
    const { orderId, holdId } = await placeOnFloor(store, [line('TEA', 2)]);
    expect(await store.rpc.release({ ...by(orderActor(orderId)), holdId, reason: 'void' })).toMatchObject({
      value: { status: 'RELEASED' },
    });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 2, allocated: 0 });
    expect(await rowsOf(store, 'SELECT status FROM pick_tasks')).toEqual([{ status: 'CANCELLED' }]);
  });

  it('gives a cart hold to an order with the time to pay', async () => {
    const store = await openStore({ TEA: 2 });
    const [holdId, orderId] = [newHoldId(), newOrderId()];
    must(await store.rpc.hold({ ...by(OPERATOR), holdId, kind: 'cart', lines: [line('TEA', 1)] }));
    const promote = { ...by(orderActor(orderId)), holdId, orderId };
    expect(await store.rpc.promote(promote)).toMatchObject({ error: { code: 'HOLD_NOT_FOUND' } });
    const owned = { ...promote, opId: newOpId(), owner: actorId(OPERATOR) } as PromoteHold;
    const promoted = must(await store.rpc.promote(owned));
    expect(promoted).toMatchObject({ kind: 'order', status: 'HELD' });
    expect(promoted.expiresAtMs).toBeGreaterThan(Date.now() + ORDER_HOLD_MS - 60_000);
    expect(await store.rpc.promote({ ...by(OPERATOR), holdId, orderId: newOrderId() })).toMatchObject({
      error: { code: 'HOLD_ID_REUSED' },
    });
  });
});

describe('who may reserve', () => {
  it('only the order itself or an operator; a refusal is not remembered', async () => {
    const store = await openStore({ TEA: 2 });
    const command = holdCommand(newOrderId(), [line('TEA', 1)]);
    const strangers: Actor[] = [
      { kind: 'customer', userId: newUserId() },
      { kind: 'staff', userId: newUserId(), storeId: store.storeId },
      { kind: 'object', object: 'zone', id: command.orderId },
      orderActor(newOrderId()),
    ];
    for (const actor of strangers) {
      expect(await store.rpc.hold({ ...command, actor })).toMatchObject({ error: { code: 'FORBIDDEN' } });
    }
    must(await store.rpc.hold(command));
    const stranger = by(orderActor(newOrderId()));
    expect(await store.rpc.release({ ...stranger, holdId: command.holdId, reason: 'mine now' })).toMatchObject({
      error: { code: 'HOLD_NOT_FOUND' },
    });
    expect(await levelOf(store, 'TEA')).toMatchObject({ held: 1 });
  });

  it.each([
    ['no lines', { lines: [] }],
    ['zero units', { lines: [line('TEA', 0)] }],
    ['a fraction', { lines: [line('TEA', 0.5)] }],
    ['too many units', { lines: [line('TEA', 100)] }],
    ['too many lines', { lines: Array.from({ length: 101 }, () => line('TEA', 1)) }],
  ])('refuses %s and remembers nothing', async (_what, bad) => {
    const store = await openStore({ TEA: 2 });
    const command = holdCommand(newOrderId(), [line('TEA', 1)]);
    expect(await store.rpc.hold({ ...command, ...bad })).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    expect(await store.rpc.find(command.opId)).toBeNull();
    expect(await store.rpc.hold(command)).toMatchObject({ ok: true });
  });
});

describe('a call from a newer deployment', () => {
  it('is neither taken nor refused, so that its sender keeps it', async () => {
    const store = await openStore({ TEA: 2 });
    const command = holdCommand(newOrderId(), [line('TEA', 1)]);
    const newer = { ...command, v: command.v + 1 };
    await expect(runInDurableObject(store.stub, (object) => object.hold(newer))).rejects.toThrow('not understood');
    expect(await store.rpc.find(command.opId)).toBeNull();
    expect(await store.rpc.hold({ ...command, v: command.v - 1 })).toMatchObject({ ok: true });
  });
});

describe('whatever happens in between', () => {
  it('is the same with an eviction between any two operations', async () => {
    const store = await openStore({ TEA: 5, EGGS: 5 });
    const command = holdCommand(newOrderId(), [line('TEA', 2), line('EGGS', 1)]);
    const { orderId, holdId } = command;
    const answer = await store.rpc.hold(command);
    await evictDurableObject(store.stub);
    expect(must(await store.rpc.hold(command))).toEqual({ ...must(answer), repeated: true });
    const commit = { ...by(orderActor(orderId)), ...PROMISED, holdId, orderId };
    must(await store.rpc.commit(commit));
    await evictDurableObject(store.stub);
    expect(await store.rpc.commit(commit)).toMatchObject({ value: { status: 'COMMITTED' } });
    await evictDurableObject(store.stub);
    must(await store.rpc.cancelPick({ ...by(orderActor(orderId)), orderId, reason: 'customer' }));
    await evictDurableObject(store.stub);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 5, held: 0, allocated: 0 });
    expect(await audit(store)).toMatchObject({ discrepancies: [], movements: 8 });
  });

  it('rolls back a command that fails half way, and takes it whole when it is sent again', async () => {
    const store = await openStore({ TEA: 2 });
    const command = holdCommand(newOrderId(), [line('TEA', 1)]);
    await runInDurableObject(store.stub, (_object, state) => {
      state.storage.sql.exec(
        "CREATE TRIGGER broken BEFORE INSERT ON holds BEGIN SELECT RAISE(ABORT, 'disk full'); END",
      );
    });
    // Called inside the object: an exception that crosses a stub is also reported as uncaught.
    await expect(runInDurableObject(store.stub, (object) => object.hold(command))).rejects.toThrow('disk full');
    const before = await rowsOf(
      store,
      'SELECT (SELECT count(*) FROM movements) AS movements, (SELECT count(*) FROM causes) AS causes',
    );
    expect(before).toEqual([{ movements: 1, causes: 1 }]);
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 2, held: 0 });
    await runInDurableObject(store.stub, (_object, state) => {
      state.storage.sql.exec('DROP TRIGGER broken');
    });
    expect(await store.rpc.hold(command)).toMatchObject({ ok: true });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 1, held: 1 });
  });
});
