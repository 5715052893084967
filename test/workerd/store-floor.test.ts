import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLAIM_LEASE_MS, RENEWAL_MS } from '../../domain/picking/claim.ts';
import { HANDOVER_CODE_TRIES, HANDOVER_LOCK_MS } from '../../domain/picking/handover.ts';
import { checkDigit } from '../../domain/catalog/gtin.ts';
import { asLotId, asSku } from '../../domain/shared/ids.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { closeSockets, until } from './support/socket.ts';
import {
  audit,
  by,
  levelOf,
  line,
  milestones,
  must,
  newCourierId,
  newUserId,
  openStore,
  OPERATOR,
  orderActor,
  placeOnFloor,
  reportsTo,
  rowsOf,
  taskEvents,
} from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { act, claim, deltas, done, ringAfter, scan, staffOf, tablet } from './support/tablet.ts';

beforeEach(() => {
  // The orders of these tests are ids only: the store says that nobody took its reports.
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  closeSockets();
});

const DAY_MS = 24 * 60 * 60 * 1000;

async function announce(store: TestStore, orderId: OrderId): Promise<void> {
  const courier = { orderId, courierId: newCourierId(), handoverCode: '123456' };
  must(await store.rpc.announceCourier({ ...by(orderActor(orderId)), ...courier }));
}

describe('a claim', () => {
  it('ends by the store’s clock without a sign of life; the next picker goes on where it stopped', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const [asha, ravi] = [await tablet(store), await tablet(store)];
    await claim(asha, taskId);
    await done(asha, scan(taskId, 'TEA'));
    await ringAfter(store, CLAIM_LEASE_MS - 5000);
    expect(await rowsOf(store, 'SELECT status FROM pick_tasks')).toEqual([{ status: 'PICKING' }]);
    await ringAfter(store, CLAIM_LEASE_MS + 5000);
    await until(() => deltas(ravi).find(({ delta }) => JSON.stringify(delta).includes('"ACCEPTED","promisedAt"')));
    expect(await act(asha, scan(taskId, 'TEA'))).toMatchObject({
      problem: { code: 'TASK_REQUEUED', numbers: { by: store.storeId } },
    });
    await done(ravi, { do: 'claim', taskId });
    expect(await act(asha, scan(taskId, 'TEA'))).toMatchObject({ problem: { code: 'TASK_TAKEN' } });
    expect(await done(ravi, scan(taskId, 'TEA', 2))).toMatchObject({ value: { line: { picked: 3, quantity: 3 } } });
    expect(await milestones(store)).toEqual(['created', 'accepted', 'claimed', 'requeued', 'claimed']);
    // The order hears once that picking began.
    expect((await reportsTo(store, taskId)).map(({ step }) => step)).toEqual(['accepted', 'claimed']);
  });

  it('is kept by heartbeats that write one column now and then, and nothing else', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const [asha, other] = [await tablet(store), await tablet(store)];
    await claim(asha, taskId);
    const before = await rowsOf(store, 'SELECT (SELECT count(*) FROM ops) AS ops, (SELECT max(seq) FROM feed) AS seq');
    const [{ lease } = { lease: 0 }] = await rowsOf<{ lease: number }>(
      store,
      'SELECT lease_ends_at_ms AS lease FROM pick_tasks',
    );
    const claimedAtMs = lease - CLAIM_LEASE_MS;
    vi.setSystemTime(claimedAtMs + RENEWAL_MS - 1);
    await done(asha, { do: 'heartbeat', taskId });
    expect(await rowsOf(store, 'SELECT lease_ends_at_ms AS lease FROM pick_tasks')).toEqual([{ lease }]);
    vi.setSystemTime(claimedAtMs + RENEWAL_MS);
    expect(await done(asha, { do: 'heartbeat', taskId })).toMatchObject({
      value: { status: 'PICKING', leaseEndsAt: new Date(lease + RENEWAL_MS).toISOString() },
    });
    expect(await act(other, { do: 'heartbeat', taskId })).toMatchObject({ problem: { code: 'TASK_TAKEN' } });
    // A refused command is a sign of life as well.
    vi.setSystemTime(claimedAtMs + 2 * RENEWAL_MS);
    expect(await act(asha, scan(taskId, 'TEA', 9))).toMatchObject({ problem: { code: 'OVER_QUANTITY' } });
    expect(await rowsOf(store, 'SELECT lease_ends_at_ms AS lease FROM pick_tasks')).toEqual([
      { lease: lease + 2 * RENEWAL_MS },
    ]);
    const after = await rowsOf<{ ops: number; seq: number }>(
      store,
      'SELECT (SELECT count(*) FROM ops) AS ops, (SELECT max(seq) FROM feed) AS seq',
    );
    // The one scan is in the journal of answers; no heartbeat is, and no tablet was told.
    expect(after).toEqual([{ ops: Number(before[0]?.['ops']) + 1, seq: before[0]?.['seq'] }]);
    vi.useRealTimers();
    await ringAfter(store, CLAIM_LEASE_MS + 1000);
    expect(await rowsOf(store, 'SELECT status FROM pick_tasks')).toEqual([{ status: 'PICKING' }]);
    await ringAfter(store, CLAIM_LEASE_MS + 3 * RENEWAL_MS);
    expect(await rowsOf(store, 'SELECT status FROM pick_tasks')).toEqual([{ status: 'ACCEPTED' }]);
  });

  it('is given back, or handed to another who alone may claim; the lead does both for others', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const raviId = newUserId();
    const [asha, ravi, lead] = [
      await tablet(store),
      await tablet(store, staffOf(store, raviId)),
      await tablet(store, OPERATOR),
    ];
    await claim(asha, taskId);
    expect(await done(asha, { do: 'handoff', taskId, to: raviId })).toMatchObject({ value: { status: 'ACCEPTED' } });
    expect(await act(asha, { do: 'claim', taskId })).toMatchObject({
      problem: { code: 'TASK_TAKEN', numbers: { pickerId: raviId } },
    });
    await done(ravi, { do: 'claim', taskId });
    expect(await act(asha, { do: 'release', taskId })).toMatchObject({ problem: { code: 'TASK_TAKEN' } });
    expect(await done(lead, { do: 'release', taskId })).toMatchObject({ value: { status: 'ACCEPTED' } });
    expect(await act(lead, scan(taskId, 'TEA'))).toMatchObject({ problem: { code: 'FORBIDDEN' } });
    expect(await act(lead, { do: 'heartbeat', taskId })).toMatchObject({ problem: { code: 'FORBIDDEN' } });
    await done(asha, { do: 'claim', taskId });
    const requeued = (await taskEvents(store)).filter(({ type }) => type === 'pick_task.requeued');
    expect(requeued.map(({ data }) => data.reason)).toEqual(['HANDED_OFF', 'RELEASED']);
  });
});

describe('a scan [F8]', () => {
  /** What a scale prints for item 01234: prefix 21 and grams. */
  function weighed(grams: number): string {
    const body = `2101234${String(grams).padStart(5, '0')}`;
    return body + checkDigit(body);
  }

  /** A store that knows loose okra by its scale label, tea by EAN-13 and by a four-pack, and milk by UPC-A. */
  async function groceries(): Promise<{ store: TestStore; taskId: OrderId }> {
    const store = await openStore({ OKRA: 9, TEA: 9, MILK: 9 });
    const cards = [
      { sku: asSku('OKRA'), name: 'Okra', bin: 'A-1', barcodes: [weighed(0)] },
      {
        sku: asSku('TEA'),
        name: 'Tea',
        bin: 'A-2',
        barcodes: ['4006381333931'],
        packs: [{ barcode: '9780306406157', units: 4 }],
      },
      { sku: asSku('MILK'), name: 'Milk', bin: 'A-3', barcodes: ['036000291452'] },
    ];
    must(await store.rpc.publishCatalog({ ...by(OPERATOR), storeName: 'Indiranagar', catalogVersion: 9, cards }));
    const { orderId } = await placeOnFloor(store, [line('OKRA', 1), line('TEA', 5), line('MILK', 3)]);
    return { store, taskId: orderId };
  }

  it('reads scale labels, packs of several, and the same number in every notation', async () => {
    const { store, taskId } = await groceries();
    const socket = await tablet(store);
    await claim(socket, taskId);
    const read = { do: 'scan', taskId };
    const okra = await done(socket, { ...read, barcode: weighed(412) });
    expect(okra).toMatchObject({ value: { line: { sku: 'OKRA', picked: 1, grams: 412 } } });
    expect(await done(socket, { ...read, barcode: '9780306406157' })).toMatchObject({ value: { line: { picked: 4 } } });
    expect(await act(socket, { ...read, barcode: '9780306406157' })).toMatchObject({
      problem: { code: 'OVER_QUANTITY', numbers: { sku: 'TEA', quantity: 4, left: 1 } },
    });
    for (const barcode of ['036000291452', '0036000291452', ']C10100036000291452']) {
      expect(await done(socket, { ...read, barcode })).toMatchObject({ value: { line: { sku: 'MILK' } } });
    }
    expect(await levelOf(store, 'MILK')).toMatchObject({ picked: 3 });
  });

  it('of something past its date, damaged, of a web page or of nothing says what to do, and moves nothing', async () => {
    const { store, taskId } = await groceries();
    const socket = await tablet(store);
    await claim(socket, taskId);
    for (const [barcode, problem] of [
      ['010400638133393117200131', { code: 'LOT_EXPIRED', numbers: { lastDay: '2020-01-31' } }],
      ['4006381333932', { code: 'UNREADABLE_BARCODE', numbers: { why: 'BAD_CHECK_DIGIT' } }],
      ['https://example.com/tea', { code: 'UNREADABLE_BARCODE', numbers: { why: 'WEB_ADDRESS' } }],
      ['tea', { code: 'UNREADABLE_BARCODE', numbers: { why: 'UNREADABLE_CODE' } }],
      ['73513537', { code: 'UNKNOWN_BARCODE', numbers: { gtin: '00000073513537' } }],
      ['14006381333938', { code: 'UNKNOWN_BARCODE', numbers: { skus: ['TEA'] } }],
    ] as const) {
      expect(await act(socket, { do: 'scan', taskId, barcode })).toMatchObject({ ok: false, problem });
    }
    expect(await levelOf(store, 'TEA')).toMatchObject({ picked: 0 });
    const inTime = '0104006381333931172912311042';
    expect(await done(socket, { do: 'scan', taskId, barcode: inTime })).toMatchObject({
      value: { line: { sku: 'TEA', picked: 1 } },
    });
  });
});

describe('a scanned lot', () => {
  it('is the one that the order got, unless it may not be sold any more', async () => {
    const store = await openStore({ TEA: 0 });
    const cards = [{ sku: asSku('TEA'), name: 'Tea', bin: 'A-1', barcodes: ['4006381333931'] }];
    must(await store.rpc.publishCatalog({ ...by(OPERATOR), storeName: 'Indiranagar', catalogVersion: 9, cards }));
    const [soon, late] = [asLotId('L1'), asLotId('L2')];
    const lines = [
      { ...line('TEA', 3), lotId: soon, bestBeforeMs: Date.now() + 90 * DAY_MS },
      { ...line('TEA', 3), lotId: late, bestBeforeMs: Date.now() + 900 * DAY_MS },
    ];
    must(await store.rpc.receive({ ...by(OPERATOR), receiptId: 'GRN-LOTS', lines }));
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const socket = await tablet(store);
    await claim(socket, taskId);
    const read = { do: 'scan', taskId };
    await done(socket, { ...read, barcode: '010400638133393110L2' });
    await done(socket, { ...read, barcode: '4006381333931' });
    const recall = { do: 'RecallLot', sku: asSku('TEA'), lotId: late, reason: 'CONTAMINATION' } as const;
    must(await store.rpc.execute({ ...by(OPERATOR), ...recall }));
    expect(await act(socket, { ...read, barcode: '010400638133393110L2' })).toMatchObject({
      problem: { code: 'LOT_EXPIRED', numbers: { lotId: 'L2', recalled: true } },
    });
    // What was told by its lot is that one; what was not is of the lot that expires first.
    expect(await rowsOf(store, 'SELECT lot_id, quantity FROM order_lots ORDER BY lot_id')).toEqual([
      { lot_id: 'L1', quantity: 1 },
      { lot_id: 'L2', quantity: 1 },
    ]);
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });
});

describe('a short pick', () => {
  it('finishes the line, sets the missing units aside and has the shelf counted', async () => {
    const store = await openStore({ TEA: 5, EGGS: 6 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3), line('EGGS', 1)]);
    const socket = await tablet(store);
    await claim(socket, taskId);
    await done(socket, scan(taskId, 'TEA', 2));
    await done(socket, scan(taskId, 'EGGS'));
    const short = { do: 'short', taskId, sku: 'TEA', quantity: 1, reason: 'NOT_FOUND' };
    expect(await done(socket, short)).toMatchObject({ value: { line: { picked: 2, shorted: 1 } } });
    expect(await levelOf(store, 'TEA')).toMatchObject({ allocated: 0, picked: 2, available: 0 });
    expect(await rowsOf(store, 'SELECT sku, reason FROM count_tasks')).toEqual([{ sku: 'TEA', reason: 'NOT_FOUND' }]);
    await done(socket, { do: 'pack', taskId, bags: 1 });
    const report = (await reportsTo(store, taskId)).at(-1);
    expect(report).toMatchObject({ step: 'packed', picked: [line('EGGS', 1), line('TEA', 2)] });
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });

  it('of everything packs no bag at all', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 2)]);
    const socket = await tablet(store);
    await claim(socket, taskId);
    await done(socket, { do: 'short', taskId, sku: 'TEA', quantity: 2, reason: 'DAMAGED' });
    expect(await act(socket, { do: 'pack', taskId, bags: 1 })).toMatchObject({ problem: { code: 'INVALID_INPUT' } });
    expect(await done(socket, { do: 'pack', taskId, bags: [] })).toMatchObject({ value: { status: 'PACKED' } });
    expect((await reportsTo(store, taskId)).at(-1)).toMatchObject({ picked: [line('TEA', 0)] });
    expect(await rowsOf(store, "SELECT written_off FROM stock WHERE sku = 'TEA'")).toEqual([{ written_off: 2 }]);
    must(await store.rpc.cancelPick({ ...by(orderActor(taskId)), orderId: taskId, reason: 'NOTHING_PICKED' }));
    expect(await rowsOf(store, 'SELECT status FROM pick_tasks')).toEqual([{ status: 'CANCELLED' }]);
  });
});

describe('sealed bags', () => {
  const bags = [
    { seal: 'SEAL-0001', size: 'M', zone: 'ambient' },
    { seal: 'SEAL-0002', size: 'S', zone: 'chilled' },
  ];
  async function packed(store: TestStore, taskId: OrderId, sealed = bags): Promise<Awaited<ReturnType<typeof tablet>>> {
    const socket = await tablet(store);
    await claim(socket, taskId);
    await done(socket, scan(taskId, 'TEA', 2));
    await done(socket, { v: 2, do: 'pack', taskId, bags: sealed });
    return socket;
  }

  it('are scanned one by one as the courier takes them, and no seal closes two bags of a store', async () => {
    const store = await openStore({ TEA: 5 });
    const [first, second] = [await placeOnFloor(store, [line('TEA', 2)]), await placeOnFloor(store, [line('TEA', 2)])];
    const socket = await packed(store, first.orderId);
    await expect(packed(store, second.orderId)).rejects.toThrow('SEAL_USED');
    await announce(store, first.orderId);
    const handover = { do: 'handover', taskId: first.orderId, code: '123456' };
    expect(await act(socket, handover)).toMatchObject({
      problem: { code: 'SEALS_MISMATCH', numbers: { missing: ['SEAL-0001', 'SEAL-0002'], foreign: [] } },
    });
    expect(await act(socket, { ...handover, seals: ['SEAL-0001', 'SEAL-0003'] })).toMatchObject({
      problem: { code: 'SEALS_MISMATCH', numbers: { missing: ['SEAL-0002'], foreign: ['SEAL-0003'] } },
    });
    expect(await done(socket, { ...handover, seals: ['SEAL-0002', 'SEAL-0001'] })).toMatchObject({
      value: { status: 'HANDED_OVER' },
    });
    expect(deltas(socket).at(-1)).toMatchObject({ delta: { task: { sealed: bags } } });
    expect(await levelOf(store, 'TEA')).toMatchObject({ sold: 2 });
  });

  it('leave with a code that is asked for five times, then not for a minute', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 2)]);
    const socket = await packed(store, taskId);
    await announce(store, taskId);
    const handover = { do: 'handover', taskId, seals: bags.map(({ seal }) => seal) };
    for (let triesLeft = HANDOVER_CODE_TRIES - 1; triesLeft >= 0; triesLeft -= 1) {
      expect(await act(socket, { ...handover, code: '000000' })).toMatchObject({
        problem: { code: 'HANDOVER_CODE_WRONG', numbers: { triesLeft } },
      });
    }
    expect(await act(socket, { ...handover, code: '123456' })).toMatchObject({
      problem: { code: 'HANDOVER_CODE_LOCKED' },
    });
    vi.setSystemTime(Date.now() + HANDOVER_LOCK_MS + 1000);
    expect(await act(socket, { ...handover, code: '123456' })).toMatchObject({ ok: true });
  });
});

describe('a tablet that comes late', () => {
  it('is told what happened to the task, by whom and when', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const [asha, late] = [staffOf(store), await tablet(store)];
    const socket = await tablet(store, asha);
    await claim(socket, taskId);
    const about = { status: 'PICKING', by: asha.userId, at: expect.stringMatching(/^\d{4}-/) };
    expect(await act(late, { do: 'accept', taskId })).toMatchObject({
      problem: { code: 'TASK_STATE', numbers: about },
    });
    must(await store.rpc.cancelPick({ ...by(orderActor(taskId)), orderId: taskId, reason: 'customer' }));
    expect(await act(socket, scan(taskId, 'TEA'))).toMatchObject({
      problem: {
        code: 'TASK_STATE',
        detail: 'The order was cancelled. What you took since goes back to its shelf, without a scan.',
        numbers: { status: 'CANCELLED', by: taskId },
      },
    });
  });
});

describe('finished tasks', () => {
  it('are kept for thirty days, then forgotten with their lines and seals; the others stay', async () => {
    const store = await openStore({ TEA: 5 });
    const [old, open] = [await placeOnFloor(store, [line('TEA', 2)]), await placeOnFloor(store, [line('TEA', 2)])];
    const socket = await tablet(store);
    await claim(socket, old.orderId);
    await done(socket, scan(old.orderId, 'TEA', 2));
    const bags = [{ seal: 'SEAL-0001', size: 'M', zone: 'ambient' }];
    await done(socket, { do: 'pack', taskId: old.orderId, bags });
    await announce(store, old.orderId);
    await done(socket, { do: 'handover', taskId: old.orderId, code: '123456', seals: ['SEAL-0001'] });
    await claim(socket, open.orderId);
    await ringAfter(store, 29 * DAY_MS);
    expect(await rowsOf(store, 'SELECT count(*) AS tasks FROM pick_tasks')).toEqual([{ tasks: 2 }]);
    await done(socket, { do: 'claim', taskId: open.orderId });
    await ringAfter(store, 31 * DAY_MS);
    expect(await rowsOf(store, 'SELECT order_id FROM pick_tasks')).toEqual([{ order_id: open.orderId }]);
    expect(await rowsOf(store, 'SELECT DISTINCT order_id FROM pick_lines')).toEqual([{ order_id: open.orderId }]);
    expect(await rowsOf(store, 'SELECT count(*) AS bags FROM sealed_bags')).toEqual([{ bags: 0 }]);
  });
});
