import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Actor } from '../../contracts/actor.ts';
import { CLOSE_CODES, PING, PONG } from '../../contracts/ws/frames.ts';
import { closeSockets, openSocket, until, upgradeRequest } from './support/socket.ts';
import {
  audit,
  barcodeOf,
  by,
  levelOf,
  line,
  milestones,
  must,
  newCourierId,
  newOpId,
  newStoreId,
  newUserId,
  openStore,
  OPERATOR,
  orderActor,
  placeOnFloor,
  reportsTo,
  rowsOf,
  stockEvents,
} from './support/store.ts';
import { act, deltas, scan, staffOf, tablet } from './support/tablet.ts';

beforeEach(() => {
  // The orders of these tests are ids only: the store says that nobody took its reports.
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  closeSockets();
});

describe('an order on the floor', () => {
  it('is accepted, claimed, scanned, packed and handed over, with every unit accounted for [F7] [F8] [F10]', async () => {
    const store = await openStore({ TEA: 5, EGGS: 6 });
    const { orderId, holdId } = await placeOnFloor(store, [line('TEA', 1), line('EGGS', 2)]);
    const socket = await tablet(store);
    const taskId = orderId;
    const snapshot = await until(() => socket.frames[0]);
    expect(snapshot).toMatchObject({
      t: 'snapshot',
      v: 3,
      state: {
        storeName: 'Indiranagar',
        tasks: [{ taskId, status: 'QUEUED', pickerId: null, bags: 0, courierId: null }],
      },
    });
    expect(await act(socket, { do: 'accept', taskId })).toMatchObject({
      ok: true,
      value: { taskId, status: 'ACCEPTED' },
    });
    expect(await act(socket, { do: 'claim', taskId })).toMatchObject({ ok: true, value: { status: 'PICKING' } });
    expect(await act(socket, { do: 'scan', taskId, barcode: '4006381333931' })).toMatchObject({
      ok: false,
      problem: { code: 'UNKNOWN_BARCODE' },
    });
    expect(await act(socket, scan(taskId, 'TEA', 2))).toMatchObject({
      problem: { code: 'OVER_QUANTITY', numbers: { left: 1 } },
    });
    expect(await act(socket, scan(taskId, 'TEA'))).toMatchObject({
      value: { line: { sku: 'TEA', picked: 1, quantity: 1 } },
    });
    expect(await act(socket, scan(taskId, 'EGGS'))).toMatchObject({ value: { line: { picked: 1, quantity: 2 } } });
    expect(await act(socket, { do: 'pack', taskId, bags: 1 })).toMatchObject({
      problem: { code: 'TASK_STATE', numbers: { open: [{ sku: 'EGGS', missing: 1 }] } },
    });
    must({ ok: true, value: await act(socket, scan(taskId, 'EGGS')) });
    expect(await act(socket, { do: 'pack', taskId, bags: 2 })).toMatchObject({ ok: true, value: { status: 'PACKED' } });
    expect(await levelOf(store, 'EGGS')).toMatchObject({ available: 4, allocated: 0, picked: 2 });
    expect(await act(socket, { do: 'handover', taskId, code: '123456' })).toMatchObject({
      problem: { code: 'TASK_STATE' },
    });
    const courierId = newCourierId();
    must(await store.rpc.announceCourier({ ...by(orderActor(orderId)), orderId, courierId, handoverCode: '123456' }));
    expect(await act(socket, { do: 'handover', taskId, code: '654321' })).toMatchObject({
      problem: { code: 'HANDOVER_CODE_WRONG' },
    });
    expect(await act(socket, { do: 'handover', taskId, code: '123456' })).toMatchObject({
      value: { status: 'HANDED_OVER' },
    });
    expect(await levelOf(store, 'EGGS')).toEqual({
      received: 6,
      available: 4,
      held: 0,
      allocated: 0,
      picked: 0,
      sold: 2,
    });

    // The order and the log have heard each step once, and the tablet saw each.
    const reports = await reportsTo(store, orderId);
    expect(reports.map(({ step }) => step)).toEqual(['accepted', 'claimed', 'packed', 'handed_over']);
    expect(reports[2]).toMatchObject({ picked: [line('EGGS', 2), line('TEA', 1)] });
    expect(await milestones(store)).toEqual(['created', 'accepted', 'claimed', 'packed', 'handed_over']);
    const seqs = deltas(socket).map(({ seq }) => Number(seq));
    expect(seqs).toEqual(seqs.map((_, i) => Number(snapshot['seq']) + 1 + i));
    expect(deltas(socket).at(-1)).toMatchObject({ delta: { task: { status: 'HANDED_OVER', courierId, bags: 2 } } });
    expect(JSON.stringify(socket.frames)).not.toContain('"123456"');
    const picked = (await stockEvents(store)).filter(({ type }) => type === 'stock.picked');
    expect(picked.map(({ data }) => [data.sku, data.quantity, data.holdId, data.actor.kind])).toContainEqual([
      'EGGS',
      1,
      holdId,
      'staff',
    ]);
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });

  it('shows its lines in the order of the bins, with names and barcodes [F8]', async () => {
    const store = await openStore({ TEA: 5, EGGS: 6, MILK: 1 });
    await placeOnFloor(store, [line('TEA', 1), line('EGGS', 1), line('MILK', 1)]);
    const socket = await tablet(store);
    const { state } = (await until(() => socket.frames[0])) as unknown as { state: { tasks: { lines: unknown[] }[] } };
    // openStore gives the first SKU bin A-10, the next A-9, and so on.
    expect(state.tasks[0]?.lines).toEqual(
      ['MILK', 'EGGS', 'TEA'].map((sku, i) => ({
        sku,
        name: `${sku} of the house`,
        bin: `A-${8 + i}`,
        zone: 'ambient',
        barcodes: [barcodeOf(sku)],
        quantity: 1,
        picked: 0,
        shorted: 0,
        shortReason: null,
        substituteFor: null,
        restocked: 0,
        grams: 0,
      })),
    );
  });

  it('waits its turn: the earliest promise first [F7]', async () => {
    const store = await openStore({ TEA: 5 });
    const late = await placeOnFloor(store, [line('TEA', 1)], 1_800_000_900_000);
    const early = await placeOnFloor(store, [line('TEA', 1)], 1_800_000_100_000);
    const socket = await tablet(store);
    const snapshot = await until(() => socket.frames[0]);
    expect(snapshot).toMatchObject({ state: { tasks: [{ taskId: early.orderId }, { taskId: late.orderId }] } });
  });

  it('is picked by one: of twenty who claim it, one has it', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 1)]);
    const sockets = await Promise.all(Array.from({ length: 20 }, () => tablet(store)));
    const [first] = sockets;
    if (first === undefined) throw new Error('no socket');
    await act(first, { do: 'accept', taskId });
    const answers = await Promise.all(sockets.map((socket) => act(socket, { do: 'claim', taskId })));
    expect(answers.filter(({ ok }) => ok === true)).toHaveLength(1);
    const losers = answers.filter(({ ok }) => ok !== true);
    expect(losers.map(({ problem }) => (problem as { code: string }).code)).toEqual(
      Array.from({ length: 19 }, () => 'TASK_TAKEN'),
    );
  });

  it('cancelled while it is picked, waits until each unit is scanned back to its shelf, and leaves the tablets', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const socket = await tablet(store);
    await act(socket, { do: 'accept', taskId });
    await act(socket, { do: 'claim', taskId });
    await act(socket, scan(taskId, 'TEA', 2));
    must(await store.rpc.cancelPick({ ...by(OPERATOR), orderId: taskId, reason: 'customer' }));
    await until(() => deltas(socket).find(({ delta }) => JSON.stringify(delta).includes('RESTOCK')));
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 3, allocated: 0, picked: 2 });
    expect(await act(socket, scan(taskId, 'TEA'))).toMatchObject({
      problem: { code: 'TASK_STATE', numbers: { status: 'RESTOCK', by: OPERATOR.userId } },
    });
    expect(await rowsOf(store, 'SELECT status FROM holds')).toEqual([{ status: 'RELEASED' }]);
    const fresh = await tablet(store);
    expect(await until(() => fresh.frames[0])).toMatchObject({ state: { tasks: [{ taskId, status: 'RESTOCK' }] } });
    const restock = { do: 'restock', taskId, barcode: barcodeOf('TEA') };
    expect(await act(fresh, { ...restock, quantity: 3 })).toMatchObject({ problem: { code: 'OVER_QUANTITY' } });
    expect(await act(fresh, restock)).toMatchObject({ ok: true, value: { status: 'RESTOCK', line: { restocked: 1 } } });
    expect(await act(fresh, restock)).toMatchObject({ ok: true, value: { status: 'CANCELLED' } });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 5, picked: 0 });
    expect((await milestones(store)).at(-1)).toBe('restocked');
  });
});

describe('wifi that fails', () => {
  it('a command sent again after a reconnect is answered again and done once [X3]', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const actor = staffOf(store);
    const before = await tablet(store, actor);
    await act(before, { do: 'accept', taskId });
    await act(before, { do: 'claim', taskId });
    const id = newOpId();
    const answer = await act(before, scan(taskId, 'TEA'), id);
    before.close();
    await evictDurableObject(store.stub);
    const after = await tablet(store, actor);
    expect(await act(after, scan(taskId, 'TEA'), id)).toEqual(answer);
    expect(await levelOf(store, 'TEA')).toMatchObject({ picked: 1, allocated: 2 });
    expect(await act(after, scan(taskId, 'TEA', 2), id)).toMatchObject({
      ok: false,
      problem: { code: 'OP_ID_REUSED' },
    });
  });

  it('resumes with the deltas that were missed, in order and none twice', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const [away, here] = [await tablet(store), await tablet(store)];
    const { seq } = await until(() => away.frames[0]);
    away.close();
    await act(here, { do: 'accept', taskId });
    await act(here, { do: 'claim', taskId });
    await evictDurableObject(store.stub);
    const back = await tablet(store, staffOf(store), Number(seq));
    await until(() => (back.frames.length >= 3 ? back : undefined));
    expect(back.frames.map((frame) => [frame.t, frame['seq']])).toEqual([
      ['delta', Number(seq) + 1],
      ['delta', Number(seq) + 2],
      ['delta', Number(seq) + 3],
    ]);
    expect(back.frames[1]).toMatchObject({ delta: { floor: { pickersOnShift: 1 } } });
    expect(back.frames[2]).toMatchObject({ delta: { task: { status: 'PICKING' } } });
    await act(here, scan(taskId, 'TEA'));
    await until(() => back.frames[3]);
    expect(back.frames[3]).toMatchObject({ t: 'delta', seq: Number(seq) + 4 });
  });

  it('starts anew with a snapshot when deltas that it was not sent yet are no longer kept [T2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const [away, here] = [await tablet(store), await tablet(store)];
    await until(() => away.frames[0]);
    await runInDurableObject(store.stub, (_object, { storage }) => {
      for (let n = 0; n < 3; n += 1) storage.sql.exec("INSERT INTO feed (delta) VALUES ('{}')");
      storage.sql.exec('DELETE FROM feed WHERE seq < (SELECT max(seq) FROM feed)');
    });
    await act(here, { do: 'accept', taskId });
    const next = await until(() => away.frames[1]);
    expect(next).toMatchObject({ t: 'snapshot', state: { tasks: [{ taskId, status: 'ACCEPTED' }] } });
    await act(here, { do: 'claim', taskId });
    expect(await until(() => away.frames[2])).toMatchObject({ t: 'delta', seq: Number(next['seq']) + 1 });
  });

  it('starts anew with a snapshot when what it has is from another life', async () => {
    const store = await openStore({ TEA: 5 });
    const socket = await tablet(store, staffOf(store), 4711);
    expect(await until(() => socket.frames[0])).toMatchObject({ t: 'snapshot', seq: 0 });
  });
});

describe('who may work the floor', () => {
  it('staff of this store, with a ticket that is good once', async () => {
    const store = await openStore({ TEA: 5 });
    const elsewhere: Actor = { kind: 'staff', userId: newUserId(), storeId: newStoreId() };
    const customer: Actor = { kind: 'customer', userId: newUserId() };
    for (const actor of [elsewhere, customer]) {
      expect((await store.stub.fetch(upgradeRequest(actor))).status).toBe(401);
    }
    expect((await store.stub.fetch(upgradeRequest(staffOf(store), { expiresInMs: -1 }))).status).toBe(401);
    const ticket = upgradeRequest(staffOf(store), { ticketId: 'once' });
    const socket = await openSocket(store.stub, ticket.clone());
    expect(await until(() => socket.frames[0])).toMatchObject({ t: 'snapshot' });
    expect((await store.stub.fetch(ticket)).status).toBe(401);
    expect((await store.stub.fetch(new Request('https://object/live'))).status).toBe(426);
  });

  it('operators watch and touch nothing', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const socket = await tablet(store, OPERATOR);
    expect(await act(socket, { do: 'accept', taskId })).toMatchObject({ ok: false, problem: { code: 'FORBIDDEN' } });
    expect(await rowsOf(store, 'SELECT status FROM pick_tasks')).toEqual([{ status: 'QUEUED' }]);
  });

  it('no one moves another store’s tasks', async () => {
    const [mine, theirs] = [await openStore({ TEA: 5 }), await openStore({ TEA: 5 })];
    const { orderId: taskId } = await placeOnFloor(theirs, [line('TEA', 3)]);
    const socket = await tablet(mine);
    expect(await act(socket, { do: 'accept', taskId })).toMatchObject({ problem: { code: 'TASK_NOT_FOUND' } });
  });
});

describe('the id of a command', () => {
  it('is its client’s own: it takes no id from an order or from another picker [X3]', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId } = await placeOnFloor(store, [line('TEA', 3)]);
    const cancel = { ...by(orderActor(orderId)), orderId, reason: 'customer' };
    const [first, second] = [await tablet(store), await tablet(store)];
    for (const socket of [first, second]) {
      expect(await act(socket, { do: 'accept', taskId: orderId }, cancel.opId)).toMatchObject({ ok: true });
    }
    expect(await store.rpc.cancelPick(cancel)).toEqual({ ok: true, value: null });
    expect(await levelOf(store, 'TEA')).toMatchObject({ available: 5, allocated: 0 });
  });
});

describe('frames', () => {
  it('that name their command are answered, whatever is wrong with them', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const socket = await tablet(store);
    for (const bad of [
      { do: 'fly', taskId },
      { do: 'accept', taskId: 'ord_1' },
      { do: 'accept', taskId, extra: true },
      { ...scan(taskId, 'TEA'), quantity: 1.5 },
      { ...scan(taskId, 'TEA'), barcode: '' },
      { ...scan(taskId, 'TEA'), barcode: '1'.repeat(129) },
      { do: 'short', taskId, sku: 'TEA', quantity: 1, reason: 'BORED' },
      { do: 'reject', taskId, reason: 'BORED' },
      { do: 'handoff', taskId, to: 'usr_1' },
      { do: 'pack', taskId, bags: 21 },
      { do: 'pack', taskId, bags: [{ seal: 'SEAL-1', size: 'XXL', zone: 'ambient' }] },
      { do: 'accept', taskId, v: 2.5 },
      { do: 'handover', taskId, code: '12345' },
    ]) {
      expect(await act(socket, bad)).toMatchObject({ ok: false, problem: { code: 'INVALID_INPUT' } });
    }
    expect(socket.closes).toEqual([]);
  });

  it.each([
    ['no JSON', '{'],
    ['no command', '{"hello":1}'],
    ['too long', JSON.stringify({ t: 'command', id: 'op-00000001', pad: 'x'.repeat(16 * 1024) })],
  ])('that are %s end the socket with a code', async (_what, text) => {
    const store = await openStore({ TEA: 5 });
    const socket = await tablet(store);
    socket.send(text);
    expect(await until(() => socket.closes[0])).toMatchObject({ code: CLOSE_CODES.BAD_FRAME });
  });

  it('a ping is answered by the runtime', async () => {
    const store = await openStore({ TEA: 5 });
    const socket = await tablet(store);
    socket.send(PING);
    expect(await until(() => socket.frames.find(({ t }) => t === 'pong'))).toEqual(JSON.parse(PONG));
  });
});
