import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_MEASURES } from './layout.ts';
import type { StoreLayout } from './layout.ts';
import { planWalk } from './pick-path.ts';
import { byUrgency, urgencyMs } from './urgency.ts';
import { DEFAULT_WAVE_LIMITS } from './wave-limits.ts';
import type { WaveLimits } from './wave-limits.ts';
import { nextWave } from './wave.ts';
import type { Wave, WaveLine, WaveTask } from './wave.ts';

const MINUTE = 60_000;
const NOW = 60 * MINUTE;
const LAYOUT: StoreLayout = { ...DEFAULT_MEASURES, aisles: ['A01', 'A02', 'A03', 'A04'], racks: 10 };
const FLOOR = { layout: LAYOUT, nowMs: NOW };

function line(sku: string, bin: string, given: Partial<WaveLine> = {}): WaveLine {
  return { sku, bin, temperatureZone: 'ambient', fragile: false, quantity: 1, weightG: 500, ...given };
}
const NOTHING = { units: 0, weightG: 0 };
/** Due in half an hour, queued just now. */
function task(orderId: string, lines: readonly WaveLine[], given: Partial<WaveTask> = {}): WaveTask {
  return {
    orderId,
    promisedAtMs: NOW + 30 * MINUTE,
    queuedAtMs: NOW,
    toDoorMs: 5 * MINUTE,
    lines,
    carried: NOTHING,
    ...given,
  };
}
const FAR = line('FAR', 'A04-10-1');
const NEAR = line('NEAR', 'A01-1-1');
function idsOf(wave: Wave | undefined): string[] {
  return (wave?.tasks ?? []).map(({ orderId }) => orderId).toSorted();
}

describe('a wave [F9]', () => {
  it('starts with the most urgent task and adds what saves the most metres', () => {
    const queue = [
      task('seed', [FAR], { promisedAtMs: NOW + 25 * MINUTE }),
      task('same rack', [line('TEA', 'A04-10-2')]),
      task('same aisle', [line('OIL', 'A04-8-2')]),
      task('elsewhere', [NEAR]),
    ];
    const wave = nextWave(queue, { ...FLOOR, limits: { ...DEFAULT_WAVE_LIMITS, tasksMax: 2 } });
    expect(idsOf(wave)).toEqual(['same rack', 'seed']);
    const alone = planWalk([FAR], LAYOUT).distanceM;
    expect(wave?.walk.distanceM).toBe(alone);
    expect(wave?.savedM).toBe(alone);
    expect(wave?.walk.stops.map(({ lines }) => lines.map(({ orderId }) => orderId))).toEqual([['seed', 'same rack']]);
  });

  it('is one task when nobody saves anything, and none when nobody waits', () => {
    const frozenNear = task('b', [line('ICE', 'A01-1-1', { temperatureZone: 'frozen' })]);
    expect(idsOf(nextWave([task('a', [line('LOST', '')]), frozenNear], FLOOR))).toHaveLength(1);
    expect(nextWave([], FLOOR)).toBeUndefined();
  });

  it('packs first what has to leave first, and says by when each is packed', () => {
    const far = task('far', [FAR], { promisedAtMs: NOW + 29 * MINUTE, toDoorMs: 2 * MINUTE });
    const close = task('close', [FAR], { toDoorMs: 9 * MINUTE });
    const wave = nextWave([far, close], FLOOR);
    const packedFirst = NOW + 1.6 * ((wave?.walk.durationS ?? NaN) * 1000 + 30_000);
    expect(wave?.tasks).toEqual([
      { orderId: 'close', totes: [1], packedAtMs: Math.ceil(packedFirst) },
      { orderId: 'far', totes: [2], packedAtMs: Math.ceil(packedFirst + 1.6 * 30_000) },
    ]);
  });
});

describe('what a wave does not take', () => {
  const seed = task('seed', [FAR], { queuedAtMs: 0 });
  const cold = { chilled: 15 * MINUTE, frozen: 10 * MINUTE };

  it('but for its limits it takes what stands on the way', () => {
    expect(idsOf(nextWave([seed, task('other', [FAR])], FLOOR))).toEqual(['other', 'seed']);
  });

  it.each<[string, Partial<WaveTask>, Partial<WaveLimits>]>([
    ['one more than it may hold', {}, { tasksMax: 1 }],
    ['an order whose units need more totes than are left', { lines: [{ ...FAR, quantity: 76, weightG: 1 }] }, {}],
    ['an order whose weight needs them', { lines: [{ ...FAR, weightG: 45_001 }] }, {}],
    ['an order that somebody began with as many units', { carried: { units: 75, weightG: 0 } }, {}],
    ['an order that somebody began with as much weight', { carried: { units: 1, weightG: 45_001 } }, {}],
    // Alone it would be packed after 114 s of the 117 that are left.
    ['an order that the others would make late', { promisedAtMs: NOW + 5 * MINUTE + 117_000 }, {}],
    [
      'an order whose chilled goods would be warm',
      { lines: [{ ...FAR, temperatureZone: 'chilled' }] },
      { outOfColdMaxMs: { ...cold, chilled: 2 * MINUTE } },
    ],
    [
      'an order whose frozen goods would thaw',
      { lines: [{ ...FAR, temperatureZone: 'frozen' }] },
      { outOfColdMaxMs: { ...cold, frozen: 2 * MINUTE } },
    ],
    ['an order beyond the candidates', {}, { candidatesMax: 0 }],
  ])('is %s', (_what, given, limits) => {
    const other = task('other', [FAR], given);
    expect(idsOf(nextWave([seed, other], { ...FLOOR, limits: { ...DEFAULT_WAVE_LIMITS, ...limits } }))).toEqual([
      'seed',
    ]);
  });

  it('is anything, when the most urgent is too late, too big or too long in the warm by itself', () => {
    const other = task('other', [FAR]);
    const late = task('late', [FAR], { promisedAtMs: NOW });
    const big = task('big', [{ ...FAR, quantity: 101 }], { queuedAtMs: 0 });
    const warm = task('warm', [{ ...FAR, temperatureZone: 'frozen', quantity: 150, weightG: 1 }], { queuedAtMs: 0 });
    for (const alone of [late, big, warm]) expect(idsOf(nextWave([other, alone], FLOOR))).toEqual([alone.orderId]);
  });
});

const anyLine = fc.record({
  sku: fc.constantFrom('TEA', 'RICE', 'MILK', 'ICE', 'EGGS'),
  bin: fc
    .tuple(fc.constantFrom('A01', 'A02', 'A03', 'A04', ''), fc.integer({ min: 1, max: 10 }))
    .map(([aisle, rack]) => `${aisle}-${rack}-1`),
  temperatureZone: fc.constantFrom('ambient', 'chilled', 'frozen'),
  fragile: fc.boolean(),
  quantity: fc.integer({ min: 1, max: 15 }),
  weightG: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 3_000 })),
}) satisfies fc.Arbitrary<WaveLine>;
const anyTask = fc.record({
  lines: fc.array(anyLine, { minLength: 1, maxLength: 4 }),
  promisedAtMs: fc.integer({ min: NOW - 5 * MINUTE, max: NOW + 30 * MINUTE }),
  queuedAtMs: fc.integer({ min: NOW - 20 * MINUTE, max: NOW }),
  toDoorMs: fc.integer({ min: 0, max: 8 * MINUTE }),
  carried: fc.record({ units: fc.integer({ min: 0, max: 30 }), weightG: fc.integer({ min: 0, max: 20_000 }) }),
});
const anyQueue = fc
  .array(anyTask, { minLength: 1, maxLength: 12, size: 'max' })
  .map((tasks) => tasks.map((given, index) => ({ ...given, orderId: `order ${index}` })));
const anyLimits: fc.Arbitrary<WaveLimits> = fc.record({
  tasksMax: fc.integer({ min: 1, max: 5 }),
  totesMax: fc.integer({ min: 1, max: 5 }),
  toteUnitsMax: fc.integer({ min: 5, max: 30 }),
  toteWeightMaxG: fc.integer({ min: 5_000, max: 20_000 }),
  packMs: fc.constant(30_000),
  p90Factor: fc.constantFrom(1, 1.6, 2),
  outOfColdMaxMs: fc.record({
    chilled: fc.integer({ min: MINUTE, max: 15 * MINUTE }),
    frozen: fc.integer({ min: MINUTE, max: 10 * MINUTE }),
  }),
  candidatesMax: fc.integer({ min: 0, max: 12 }),
});

describe('any queue', () => {
  it('gives waves that have the most urgent task, break no limit and save metres', () => {
    fc.assert(
      fc.property(anyQueue, anyLimits, (queue, limits) => {
        const wave = must(nextWave(queue, { ...FLOOR, limits }));
        const tasks = wave.tasks.map(({ orderId }) => must(queue.find((waiting) => waiting.orderId === orderId)));
        expect(tasks).toContain(queue.toSorted(byUrgency(NOW))[0]);
        expect(new Set(tasks).size).toBe(tasks.length);
        const lines = [...wave.walk.stops.flatMap((stop) => stop.lines), ...wave.walk.unplaced];
        expect(lines).toHaveLength(tasks.flatMap((waiting) => waiting.lines).length);
        expect(wave.savedM > 0).toBe(tasks.length > 1);
        if (tasks.length > 1) expectLimits(wave, tasks, limits);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same wave however it is sorted', () => {
    fc.assert(
      fc.property(anyQueue, (queue) => {
        expect(nextWave(queue.toReversed(), FLOOR)).toEqual(nextWave(queue, FLOOR));
      }),
    );
  });

  it('empties, and one picker takes an old task although urgent ones never end', () => {
    const old = task('old', [FAR], { queuedAtMs: NOW, promisedAtMs: NOW + 30 * MINUTE });
    const leadMs = 10 * MINUTE;
    let queue: WaveTask[] = [old];
    for (let minute = 0; minute < 40; minute++) {
      const nowMs = NOW + minute * MINUTE;
      const at = { queuedAtMs: nowMs, promisedAtMs: nowMs + leadMs };
      // Three a minute come and one wave a minute, of one task, goes: the queue only grows.
      queue.push(...['a', 'b', 'c'].map((name) => task(`${minute} ${name}`, [NEAR], at)));
      const wave = nextWave(queue, { layout: LAYOUT, nowMs, limits: { ...DEFAULT_WAVE_LIMITS, tasksMax: 1 } });
      const ids = idsOf(wave);
      queue = queue.filter(({ orderId }) => !ids.includes(orderId));
    }
    // At most those queued in the first 30 / 1.5 - 10 / 1.5 = 13.3 minutes are before it: 3 x 14.
    const before = queue.filter((waiting) => urgencyMs(waiting, NOW) < urgencyMs(old, NOW));
    expect(before.length).toBeLessThanOrEqual(3 * 14);
    for (let more = 0; more <= 3 * 14 && queue.includes(old); more++) {
      const nowMs = NOW + (40 + more) * MINUTE;
      queue.push(task(`later ${more}`, [NEAR], { queuedAtMs: nowMs, promisedAtMs: nowMs + MINUTE }));
      const ids = idsOf(nextWave(queue, { layout: LAYOUT, nowMs, limits: { ...DEFAULT_WAVE_LIMITS, tasksMax: 1 } }));
      queue = queue.filter(({ orderId }) => !ids.includes(orderId));
    }
    expect(queue).not.toContain(old);
  });
});

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('there is none');
  return value;
}

/** The limits, added up again from what the wave says of itself. */
function expectLimits({ tasks: planned, walk }: Wave, tasks: readonly WaveTask[], limits: WaveLimits): void {
  expect(tasks.length).toBeLessThanOrEqual(limits.tasksMax);
  let totes = 0;
  for (const { lines, carried } of tasks) {
    let { units, weightG } = carried;
    for (const { quantity, weightG: each } of lines) {
      units += quantity;
      weightG += quantity * (each ?? 0);
    }
    totes += Math.max(1, Math.ceil(units / limits.toteUnitsMax), Math.ceil(weightG / limits.toteWeightMaxG));
  }
  expect(totes).toBeLessThanOrEqual(limits.totesMax);
  expect(planned.flatMap((of) => of.totes)).toEqual(Array.from({ length: totes }, (_, i) => i + 1));
  for (const [index, { packedAtMs }] of planned.entries()) {
    const { promisedAtMs, toDoorMs } = must(tasks[index]);
    expect(packedAtMs).toBeLessThanOrEqual(promisedAtMs - toDoorMs);
    const workMs = walk.durationS * 1000 + (index + 1) * limits.packMs;
    expect(packedAtMs).toBeGreaterThanOrEqual(NOW + workMs * limits.p90Factor);
  }
  const lastPackedMs = must(planned.at(-1)).packedAtMs - NOW;
  for (const zone of ['chilled', 'frozen'] as const) {
    const first = walk.stops.find(({ lines }) => lines.some((of) => of.temperatureZone === zone));
    if (first === undefined) continue;
    const outMs = lastPackedMs - first.arrivesAtS * 1000 * limits.p90Factor;
    expect(outMs).toBeLessThanOrEqual(limits.outOfColdMaxMs[zone] + 1);
  }
}
