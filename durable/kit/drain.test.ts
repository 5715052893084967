import { expect, test, vi } from 'vitest';
import { backoffMs, Drainer } from './drain.ts';
import type { DrainPort } from './drain.ts';

interface Lanes {
  readonly [lane: string]: number[];
}

/** Lanes of numbered rows; `send` decides what happens to each. */
function drainer(lanes: Lanes, send: (lane: string, seqs: number[]) => Promise<void>) {
  const reports: string[] = [];
  const rested: (number | null)[] = [];
  const clock = { nowMs: 1000 };
  const port: DrainPort = {
    openLanes: () => Object.keys(lanes).filter((lane) => (lanes[lane]?.length ?? 0) > 0),
    batch: (lane) => (lanes[lane] ?? []).slice(0, 2).map((seq) => ({ seq, recordKey: 'k', body: '{}' })),
    markSent: (lane, upTo) => {
      const rows = lanes[lane] ?? [];
      rows.splice(0, rows.filter((seq) => seq <= upTo).length);
    },
    send: (lane, rows) =>
      send(
        lane,
        rows.map((row) => row.seq),
      ),
    report: (lane) => reports.push(lane),
    rested: () => rested.push(kit.dueAtMs()),
    nowMs: () => clock.nowMs,
    jitter: () => 0,
  };
  const kit = new Drainer(port);
  return { drainer: kit, reports, rested, clock };
}

test('sends each lane in order, batch by batch, until it is empty [E1]', async () => {
  const sent: string[] = [];
  const lanes = { a: [1, 2, 3, 6], b: [4, 5] };
  await drainer(lanes, async (lane, seqs) => {
    sent.push(`${lane}:${seqs.join()}`);
  }).drainer.kick();
  expect(sent.toSorted()).toEqual(['a:1,2', 'a:3,6', 'b:4,5']);
  expect(lanes).toEqual({ a: [], b: [] });
});

test('a lane that fails keeps its rows, waits, and holds up no other lane', async () => {
  const lanes = { log: [1], order: [2] };
  const kit = drainer(lanes, async (lane) => {
    if (lane === 'log') throw new Error('away');
  });
  await kit.drainer.kick();
  expect(lanes).toEqual({ log: [1], order: [] });
  expect(kit.drainer.dueAtMs()).toBe(2000);
  await kit.drainer.kick();
  expect(kit.reports).toEqual(['log']);
  kit.clock.nowMs = 2000;
  await kit.drainer.kick();
  expect(kit.reports).toEqual(['log', 'log']);
  expect(kit.drainer.dueAtMs()).toBe(4000);
});

test('a lane whose send hangs does not hold up rows written to another one meanwhile', async () => {
  const lanes: { log: number[]; order: number[] } = { log: [1], order: [] };
  const sent: string[] = [];
  const hang = Promise.withResolvers<void>();
  const { drainer: kit } = drainer(lanes, (lane) => {
    sent.push(lane);
    return lane === 'log' ? hang.promise : Promise.resolve();
  });
  const first = kit.kick();
  lanes.order.push(2);
  const second = kit.kick();
  await Promise.resolve();
  expect(sent).toEqual(['log', 'order']);
  hang.resolve();
  await Promise.all([first, second]);
  expect(sent).toEqual(['log', 'order']);
});

test('a retry that is under way is not due once more', async () => {
  const hang = Promise.withResolvers<void>();
  let tries = 0;
  const { drainer: kit, clock } = drainer({ log: [1] }, () => {
    tries += 1;
    return tries === 1 ? Promise.reject(new Error('away')) : hang.promise;
  });
  await kit.kick();
  clock.nowMs = 2000;
  const retried = kit.kick();
  expect(kit.dueAtMs()).toBeNull();
  hang.reject(new Error('still away'));
  await retried;
  expect(kit.dueAtMs()).toBe(4000);
});

test('a lane with more rows than one run sends is due at once, and the next kick goes on', async () => {
  const rows = Array.from({ length: 201 }, (_, seq) => seq + 1);
  const { drainer: kit, clock } = drainer({ a: rows }, () => Promise.resolve());
  await kit.kick();
  expect(rows).toEqual([201]);
  expect(kit.dueAtMs()).toBe(clock.nowMs);
  await kit.kick();
  expect(rows).toEqual([]);
  expect(kit.dueAtMs()).toBeNull();
});

test('tells of a retry as soon as its lane has failed, while another one still hangs', async () => {
  const hang = Promise.withResolvers<void>();
  const { drainer: kit, rested } = drainer({ log: [1], order: [2] }, (lane) =>
    lane === 'log' ? hang.promise : Promise.reject(new Error('away')),
  );
  const kicked = kit.kick();
  await vi.waitUntil(() => rested.length > 0);
  expect(rested).toEqual([2000]);
  hang.resolve();
  await kicked;
  expect(rested).toEqual([2000, 2000]);
});

test('backs off from 1 s to 30 s and never gives up', () => {
  expect([1, 2, 3, 4, 5, 6, 1000].map((failures) => backoffMs(failures, 0))).toEqual([
    1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
  expect(backoffMs(6, 1)).toBe(22_500);
});

test('rows written in the moment in which a lane was found empty are sent at once, not with the next alarm [E1]', async () => {
  const rows: number[] = [];
  const sent: number[] = [];
  const kit = new Drainer({
    // Open though it is empty: what opened it was rolled back.
    openLanes: () => ['log'],
    batch: () => rows.map((seq) => ({ seq, recordKey: 'k', body: '{}' })),
    markSent: () => rows.splice(0),
    send: async (_lane, batch) => {
      sent.push(...batch.map(({ seq }) => seq));
    },
    report: () => undefined,
    rested: () => undefined,
    nowMs: () => 1000,
    jitter: () => 0,
  });
  const empty = kit.kick();
  rows.push(1);
  await Promise.all([empty, kit.kick()]);
  expect(sent).toEqual([1]);
});
