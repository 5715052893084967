import { runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSE_CODES } from '../../contracts/ws/frames.ts';
import { TabletCommand } from '../../contracts/ws/tablet.ts';
import { closeSockets, until } from './support/socket.ts';
import { audit, barcodeOf, line, openStore, placeOnFloor, rowsOf } from './support/store.ts';
import { act, done, tablet } from './support/tablet.ts';

beforeEach(() => {
  // The orders of these tests are ids only: the store says that nobody took its reports.
  vi.spyOn(console, 'warn').mockReturnValue();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  closeSockets();
});

/** A machine may be busy with other tests. */
const BUSY_MS = 60_000;

describe('a socket gone wrong', () => {
  it('that reads nothing is closed after a while, and misses nothing when it comes back [X2]', async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const [deaf, awake] = [await tablet(store), await tablet(store)];
    await until(() => deaf.frames[0]);
    await runInDurableObject(store.stub, (_object, { storage }) => {
      for (let n = 0; n < 600; n += 1) storage.sql.exec("INSERT INTO feed (delta) VALUES ('{}')");
    });
    // Much was sent, but only a moment ago.
    await done(awake, { do: 'accept', taskId });
    expect(deaf.closes).toEqual([]);
    vi.setSystemTime(Date.now() + 61_000);
    await done(awake, { do: 'claim', taskId });
    expect(await until(() => deaf.closes[0])).toMatchObject({ code: CLOSE_CODES.TOO_SLOW });
    expect(awake.closes).toEqual([]);
  });

  it('that sends without end is told when to go on, and costs no row [X2]', { timeout: BUSY_MS }, async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const socket = await tablet(store);
    // All of it in one moment.
    vi.setSystemTime(Date.now());
    const answers = await Promise.all(Array.from({ length: 320 }, () => act(socket, { do: 'heartbeat', taskId })));
    const refused = answers.filter(({ problem }) => JSON.stringify(problem).includes('TOO_MANY_REQUESTS'));
    expect(refused).toHaveLength(20);
    expect(refused[0]).toMatchObject({ problem: { numbers: { retryAfterMs: 100 } } });
    expect(await rowsOf(store, "SELECT count(*) AS answers FROM ops WHERE op_id LIKE 'client:%'")).toEqual([
      { answers: 0 },
    ]);
    const other = await tablet(store);
    await done(other, { do: 'accept', taskId });
    vi.setSystemTime(Date.now() + 100);
    await done(socket, { do: 'claim', taskId });
  });

  it('is answered or closed, whatever it sends, and the store works on', { timeout: BUSY_MS }, async () => {
    const store = await openStore({ TEA: 5 });
    const { orderId: taskId } = await placeOnFloor(store, [line('TEA', 3)]);
    const field = fc.oneof(
      fc.constantFrom(...TabletCommand.options.map(({ entries }) => entries.do.literal)),
      fc.constantFrom(taskId, 'NOT_FOUND', '20000000', barcodeOf('TEA'), 'é'.repeat(200), '\uD800'),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const frames = fc.oneof(
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
      { weight: 2, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
      {
        weight: 4,
        arbitrary: fc
          .record(
            { t: fc.constant('command'), id: fc.constant('op-00000001'), do: field, taskId: field },
            { requiredKeys: [] },
          )
          .chain((frame) =>
            fc
              .dictionary(
                fc.constantFrom(
                  'quantity',
                  'barcode',
                  'bags',
                  'code',
                  'seals',
                  'reason',
                  'sku',
                  'to',
                  'v',
                  '__proto__',
                ),
                field,
              )
              .map((more) => JSON.stringify({ ...frame, ...more })),
          ),
      },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 40_000 }).map((length) => 'x'.repeat(length)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 50 }).map((bytes) => bytes.slice().buffer) },
    );
    let socket = await tablet(store);
    await fc.assert(
      fc.asyncProperty(frames, async (frame) => {
        if (socket.closes.length > 0) socket = await tablet(store);
        const seen = socket.frames.length;
        socket.sendRaw(frame);
        await until(
          () => socket.closes[0] ?? socket.frames.slice(seen).find(({ t }) => t === 'answer' || t === 'pong'),
        );
      }),
      { numRuns: 100 },
    );
    expect(await act(await tablet(store), { do: 'heartbeat', taskId })).toMatchObject({ t: 'answer' });
    expect(await audit(store)).toMatchObject({ discrepancies: [] });
  });
});
