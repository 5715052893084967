import { evictDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLIENT_FRAME_BYTES_MAX, CLOSE_CODES } from '../../contracts/ws/frames.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { closeSockets, until } from './support/socket.ts';
import type { Frame, HandSocket } from './support/socket.ts';
import { audit, line, newUserId, openStore, OPERATOR, placeOnFloor, rowsOf } from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { act, claim, scan, staffOf, tablet } from './support/tablet.ts';

// Whatever a tablet sends: a closed code, nothing changed, and little work for the store.

beforeEach(() => {
  // The orders of these tests are ids only: the store says that nobody took its reports.
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  closeSockets();
});

interface Floor {
  readonly store: TestStore;
  readonly taskId: OrderId;
  readonly socket: HandSocket;
}
/** An order of three TEA that is being picked, without a command of any journal. */
async function openFloor(): Promise<Floor> {
  const store = await openStore({ TEA: 9 });
  const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
  const socket = await tablet(store);
  await claim(socket, taskId);
  return { store, taskId, socket };
}
/** What the store knows of the floor, of journals and of answers. */
async function knownTo(store: TestStore): Promise<unknown> {
  const queries = [
    'SELECT * FROM pick_tasks',
    'SELECT * FROM pick_lines',
    'SELECT * FROM devices',
    'SELECT op_id FROM ops',
  ];
  return Promise.all([...queries, 'SELECT count(*) AS deltas FROM feed'].map((query) => rowsOf(store, query)));
}
function stamp(seq: unknown, device: unknown = 'tablet-0001', at: unknown = '2027-01-15T08:00:00.000Z'): object {
  return { device: { id: device, seq, at } };
}
/** JSON text of so many bytes that names its command. */
function ofBytes(bytes: number): string {
  const frame = { t: 'command', id: 'op-00000001', pad: '' };
  return JSON.stringify({ ...frame, pad: 'x'.repeat(bytes - JSON.stringify(frame).length) });
}

describe('frames of any size', () => {
  it.each([
    ['16 KiB less one byte', ofBytes(CLIENT_FRAME_BYTES_MAX - 1)],
    ['16 KiB', ofBytes(CLIENT_FRAME_BYTES_MAX)],
  ])('%s is read, and refused for what it says [X8]', async (_what, text) => {
    const { store, socket } = await openFloor();
    const before = await knownTo(store);
    socket.sendRaw(text);
    const answer = await until(() => socket.frames.find((frame) => frame['id'] === 'op-00000001'));
    expect(answer).toMatchObject({ ok: false, problem: { code: 'INVALID_INPUT' } });
    expect(await knownTo(store)).toEqual(before);
  });

  it.each([
    ['16 KiB and one byte', ofBytes(CLIENT_FRAME_BYTES_MAX + 1)],
    ['16 KiB of characters that take two bytes each', ofBytes(CLIENT_FRAME_BYTES_MAX).replaceAll('x', 'é')],
    ['1 MiB', ofBytes(1024 * 1024)],
    ['bytes', new TextEncoder().encode(ofBytes(200)).slice().buffer],
    ['no bytes', new ArrayBuffer(0)],
    ['no text', ''],
    ['brackets in brackets', '['.repeat(8000)],
    ['lists in lists', `${'['.repeat(8000)}${']'.repeat(8000)}`],
    ['half a character', '{"t":"command","id":"\uD800"}'],
  ])('%s ends the socket with 4400, and changes nothing [X8]', async (_what, frame) => {
    const { store, socket } = await openFloor();
    const before = await knownTo(store);
    socket.sendRaw(frame);
    expect(await until(() => socket.closes[0])).toMatchObject({ code: CLOSE_CODES.BAD_FRAME });
    expect(await knownTo(store)).toEqual(before);
    expect(await act(await tablet(store), { do: 'heartbeat', taskId: 'ord_1' })).toMatchObject({ t: 'answer' });
  });

  it('an object in objects, that names its command, is answered', async () => {
    const { socket, store } = await openFloor();
    const before = await knownTo(store);
    const deep = `{"t":"command","id":"op-00000002","do":${'{"do":'.repeat(2000)}1${'}'.repeat(2000)}}`;
    socket.sendRaw(deep);
    const answer = await until(() => socket.frames.find((frame) => frame['id'] === 'op-00000002'));
    expect(answer).toMatchObject({ problem: { code: 'INVALID_INPUT' } });
    expect(await knownTo(store)).toEqual(before);
  });
});

describe('frames of any shape', () => {
  it('are refused with a code, and change nothing [X8]', async () => {
    const { store, taskId, socket } = await openFloor();
    const before = await knownTo(store);
    const good = scan(taskId, 'TEA');
    for (const bad of [
      {},
      { do: 'fly', taskId },
      { do: ['scan'], taskId },
      { do: { toString: 'scan' }, taskId },
      { ...good, taskId: 7 },
      { ...good, taskId: null },
      { ...good, barcode: 4_006_381_333_931 },
      { ...good, quantity: '1' },
      { ...good, quantity: Number.MAX_SAFE_INTEGER },
      { ...good, quantity: -1 },
      { ...good, v: '3' },
      { ...good, t: 'commands' },
      { do: 'heartbeat', taskId, ...stamp(1) },
      { ...good, device: null },
      { ...good, device: 'tablet-0001' },
      { ...good, device: { id: 'tablet-0001', seq: 1 } },
      { ...good, ...stamp(1, 'short') },
      { ...good, ...stamp(1, 'x'.repeat(65)) },
      { ...good, ...stamp(1, "'; DROP TABLE devices; --") },
      { ...good, ...stamp(0) },
      { ...good, ...stamp(-1) },
      { ...good, ...stamp(1.5) },
      { ...good, ...stamp('1') },
      { ...good, ...stamp(2 ** 53) },
      { ...good, ...stamp(1e300) },
      { ...good, ...stamp(1, 'tablet-0001', 'yesterday') },
      { ...good, ...stamp(1, 'tablet-0001', '2027-02-31T08:00:00.000Z') },
      { ...good, ...stamp(1, 'tablet-0001', 1_800_000_000_000) },
    ]) {
      expect([bad, await act(socket, bad)]).toMatchObject([bad, { ok: false, problem: { code: 'INVALID_INPUT' } }]);
    }
    expect(await knownTo(store)).toEqual(before);
    expect(socket.closes).toEqual([]);
    expect(await act(socket, good)).toMatchObject({ ok: true });
  });

  it('questions about a journal are judged as commands are', async () => {
    const { store, socket } = await openFloor();
    const before = await knownTo(store);
    const at = '2027-01-15T08:00:00.000Z';
    for (const bad of [{ device: 'short', at }, { device: 'tablet-0001' }, { device: 'tablet-0001', at, more: 1 }]) {
      socket.send({ t: 'device', id: 'ask-00000001', ...bad });
      const answer = await until(() => socket.frames.findLast((frame) => frame['id'] === 'ask-00000001'));
      expect(answer).toMatchObject({ ok: false, problem: { code: 'INVALID_INPUT' } });
    }
    expect(await knownTo(store)).toEqual(before);
  });
});

describe('stale tablets', () => {
  it('this version and the one before are taken, others are told what to do, and nothing is remembered of them', async () => {
    const { store, taskId, socket } = await openFloor();
    for (const v of [2, 3]) expect(await act(socket, { ...scan(taskId, 'TEA'), v })).toMatchObject({ ok: true });
    const before = await knownTo(store);
    for (const [v, words] of [
      [1, 'Load the page again: this tablet is older than the store.'],
      [0, 'Load the page again: this tablet is older than the store.'],
      [-3, 'Load the page again: this tablet is older than the store.'],
      [4, 'Send it again later: this tablet is newer than the store.'],
      [2 ** 31, 'Send it again later: this tablet is newer than the store.'],
    ] as const) {
      // Whatever else another version says, it is not judged.
      const answer = await act(socket, { do: 'teleport', taskId, v, ...stamp(1) }, 'op-of-another');
      const problem = { code: 'VERSION_UNSUPPORTED', detail: words, numbers: { v, oldest: 2, newest: 3 } };
      expect(answer).toMatchObject({ ok: false, problem });
    }
    expect(await knownTo(store)).toEqual(before);
    // Loaded again, the same command is done under its own id and number.
    const again = { ...scan(taskId, 'TEA'), v: 3, ...stamp(1) };
    expect(await act(socket, again, 'op-of-another')).toMatchObject({ ok: true });
  });

  it('a command that was sent as one version is the same command as the next one', async () => {
    const { taskId, socket } = await openFloor();
    const first = await act(socket, { ...scan(taskId, 'TEA'), v: 2 }, 'op-00000003');
    expect(await act(socket, { ...scan(taskId, 'TEA'), v: 3 }, 'op-00000003')).toEqual(first);
  });

  it('one that comes back after its task was forgotten is told so', async () => {
    const { store, socket } = await openFloor();
    const elsewhere = await openStore({ TEA: 5 });
    const { orderId } = await placeOnFloor(elsewhere, [line('TEA', 1)]);
    const answer = await act(socket, { ...scan(orderId, 'TEA'), ...stamp(1) });
    expect(answer).toMatchObject({ ok: false, problem: { code: 'TASK_NOT_FOUND' } });
    expect(await rowsOf(elsewhere, 'SELECT picked FROM pick_lines')).toEqual([{ picked: 0 }]);
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });
});

describe('journals', () => {
  it('of another picker are not one’s own: the same device id is another journal [U4]', async () => {
    const { store, taskId, socket } = await openFloor();
    expect(await act(socket, { ...scan(taskId, 'TEA'), ...stamp(1) })).toMatchObject({ ok: true });
    const thief = await tablet(store, staffOf(store, newUserId()));
    const at = '2027-01-15T08:00:00.000Z';
    thief.send({ t: 'device', id: 'ask-00000001', device: 'tablet-0001', at });
    expect(await until(() => thief.frames.find((frame) => frame['id'] === 'ask-00000001'))).toMatchObject({
      value: { seq: 0 },
    });
    expect(await act(thief, { ...scan(taskId, 'TEA'), ...stamp(2) })).toMatchObject({
      problem: { code: 'DEVICE_GAP', numbers: { missing: 1 } },
    });
    expect(await act(thief, { ...scan(taskId, 'TEA'), ...stamp(1) })).toMatchObject({
      problem: { code: 'TASK_TAKEN' },
    });
    expect(await act(socket, { ...scan(taskId, 'TEA'), ...stamp(2) })).toMatchObject({ ok: true });
  });

  it('another command under an old number is refused, and an old command is answered, after an eviction too [X3]', async () => {
    const { store, taskId, socket } = await openFloor();
    const command = { ...scan(taskId, 'TEA'), ...stamp(1) };
    const answer = await act(socket, command, 'op-00000004');
    await evictDurableObject(store.stub);
    expect(await act(socket, { ...scan(taskId, 'TEA'), ...stamp(1) })).toMatchObject({
      problem: { code: 'DEVICE_SEQ_REUSED', numbers: { next: 2 } },
    });
    expect(await act(socket, command, 'op-00000004')).toEqual(answer);
    expect(await act(socket, { ...command, quantity: 2 }, 'op-00000004')).toMatchObject({
      problem: { code: 'OP_ID_REUSED' },
    });
    expect(await rowsOf(store, 'SELECT seq FROM devices')).toEqual([{ seq: 1 }]);
    expect(await rowsOf(store, 'SELECT picked FROM pick_lines')).toEqual([{ picked: 1 }]);
  });

  it(
    'thousands of commands that come too early wait at their tablets, not here [X2] [X6]',
    { timeout: 60_000 },
    async () => {
      const { store, taskId } = await openFloor();
      const before = await knownTo(store);
      const codes = new Map<string, number>();
      for (let connection = 0; connection < 8; connection += 1) {
        const socket = await tablet(store);
        const sent = Array.from({ length: 300 }, (_, n) =>
          act(socket, { ...scan(taskId, 'TEA'), ...stamp(connection * 300 + n + 2) }),
        );
        for (const answer of await Promise.all(sent)) {
          const { code } = answer['problem'] as { code: string };
          codes.set(code, (codes.get(code) ?? 0) + 1);
        }
      }
      expect([...codes]).toEqual([['DEVICE_GAP', 2400]]);
      expect(await knownTo(store)).toEqual(before);
    },
  );

  it('frames that are refused count as those that are taken: who sends them without end is slowed down [X2]', async () => {
    const { store, socket } = await openFloor();
    // All of it in one moment.
    vi.setSystemTime(Date.now());
    const answers: Frame[] = await Promise.all(Array.from({ length: 310 }, () => act(socket, { do: 'fly' })));
    const codes = answers.map(({ problem }) => (problem as { code: string }).code);
    expect(codes.filter((code) => code === 'TOO_MANY_REQUESTS').length).toBeGreaterThan(0);
    expect(new Set(codes)).toEqual(new Set(['INVALID_INPUT', 'TOO_MANY_REQUESTS']));
    expect(await rowsOf(store, 'SELECT * FROM devices')).toEqual([]);
  });

  it('of one picker are eight: the one that was silent longest is forgotten, and begins anew without doing anything twice', async () => {
    const { store, taskId, socket } = await openFloor();
    const first = { ...scan(taskId, 'TEA'), ...stamp(1, 'tablet-0000') };
    const answer = await act(socket, first, 'op-of-first');
    for (let n = 1; n <= 8; n += 1) {
      vi.setSystemTime(Date.now() + 1000);
      await act(socket, { do: 'scan', taskId, barcode: '4006381333931', ...stamp(1, `tablet-000${n}`) });
    }
    const kept = await rowsOf<{ device_id: string }>(store, 'SELECT device_id FROM devices ORDER BY device_id');
    expect(kept.map(({ device_id: id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => `tablet-000${n}`));
    expect(await act(socket, { ...scan(taskId, 'TEA'), ...stamp(2, 'tablet-0000') })).toMatchObject({
      problem: { code: 'DEVICE_GAP', numbers: { missing: 1 } },
    });
    expect(await act(socket, { ...first, ...stamp(1, 'tablet-anew') }, 'op-of-first')).toEqual(answer);
    expect(await rowsOf(store, 'SELECT picked FROM pick_lines')).toEqual([{ picked: 1 }]);
  });

  it('of operators are theirs: a lead’s journal hands on and releases, and picks nothing', async () => {
    const { store, taskId } = await openFloor();
    const lead = await tablet(store, OPERATOR);
    expect(await act(lead, { ...scan(taskId, 'TEA'), ...stamp(1) })).toMatchObject({ problem: { code: 'FORBIDDEN' } });
    expect(await act(lead, { do: 'release', taskId, ...stamp(2) })).toMatchObject({ ok: true });
  });
});
