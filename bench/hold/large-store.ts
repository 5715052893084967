import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import type { Bench, Figures } from '../bench.ts';
import { rounded } from '../rate-figures.ts';
import { closedLoop } from './method/closed-loop.ts';
import { ratioSpread, spread } from './method/ratios.ts';
import { Wire } from './method/wire.ts';
import { batchRequest, HELD_FOR_MS, startBatchHost, type BatchHost } from './process/batch-host.ts';
import { processTree } from './process/process-tree.ts';
import { makeRunFolder } from './run-folder.ts';

const LARGE_SKUS = 10_000;
const SMALL_SKUS = 100;
const HOLDS = 300_000;
/** Received, held and expired, together 1,000,000. */
const NOTES = (1_000_000 - 2 * HOLDS) / LARGE_SKUS;
/** The shortest that a channel may hold for: as in a store that has been open for long, most holds have ended. */
const ENDS_AFTER_MS = 30_000;
/** Until all have ended and the auditor, which looks a minute after a movement, has added them up. */
const SETTLES_MS = 90_000;
const BATCH = 500;
const SINGLES_AT_A_TIME = 16;
const BATCHES_AT_A_TIME = 2;
const WARM_UP_HOLDS = 20_000;
const WAKE_UPS = 7;
const KIB_PER_MIB = 1_024;

const Held = v.object({ held: v.number(), refused: v.unknown() });

interface Store {
  readonly id: string;
  readonly skus: readonly string[];
}
interface Load {
  readonly size: number;
  readonly atATime: number;
  readonly forMs: number;
}

const SINGLES: Load = { size: 1, atATime: SINGLES_AT_A_TIME, forMs: HELD_FOR_MS };
const BATCHES: Load = { size: BATCH, atATime: BATCHES_AT_A_TIME, forMs: HELD_FOR_MS };

/**
 * A store with 10,000 SKUs, 1,000,000 movements and 300,000 holds that have ended against stores with a hundred rows: what a hold costs, how
 * long the object takes to wake up, and how much memory it has when it is full.
 */
export const largeStoreBench: Bench = {
  name: 'large-store',
  what: 'a store with 1,000,000 movements against one with a hundred: a hold, a wake-up, memory',
  seconds: 2,
  goals: [
    { name: 'hold_cost_ratio', wanted: 1.3, isMost: true },
    { name: 'batch_cost_ratio', wanted: null },
    { name: 'hold_spread_cost_ratio', wanted: null },
    { name: 'wake_up_p50_ms', wanted: 50, isMost: true },
    { name: 'memory_growth_ratio', wanted: 1.3, isMost: true },
  ],
  async run({ seconds, rounds }, say) {
    const run = await makeRunFolder();
    const folder = join(run, 'large-store');
    mkdirSync(folder);
    try {
      const host = await startBatchHost(folder);
      let figures: Figures;
      try {
        figures = await measureHolds(host, { seconds, rounds, say });
      } finally {
        await host.stop();
      }
      return { ...figures, ...(await measureWakeUps(folder, say)) };
    } finally {
      rmSync(run, { recursive: true, force: true });
    }
  },
};

const LARGE: Store = storeOf(0, LARGE_SKUS);
const POPULAR: Store = { ...LARGE, skus: LARGE.skus.slice(0, SMALL_SKUS) };

function storeOf(number: number, skus: number): Store {
  const names = Array.from({ length: skus }, (_, index) => `SKU-${index + 1}`);
  return { id: `sto_${String(number).padStart(26, '0')}`, skus: names };
}

async function measureHolds(
  host: BatchHost,
  { seconds, rounds, say }: { readonly seconds: number; readonly rounds: number; readonly say: (line: string) => void },
): Promise<Figures> {
  const holds = new HoldLoad(host);
  say('warming up');
  const warm = storeOf(1, SMALL_SKUS);
  await prepare(host, warm, 1);
  await holds.send(warm, BATCHES, (sent) => sent < WARM_UP_HOLDS);
  await holds.send(warm, SINGLES, (sent) => sent < WARM_UP_HOLDS / 10);
  say(`${NOTES * LARGE_SKUS} movements of goods`);
  await prepare(host, LARGE, NOTES);
  const emptyMib = residentMiB(host);
  say(`${HOLDS} holds`);
  await holds.send(LARGE, { ...BATCHES, forMs: ENDS_AFTER_MS }, (sent) => sent < HOLDS);
  say('they end');
  await sleep(SETTLES_MS);
  const fullMib = residentMiB(host);
  const rates = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds}`);
    for (const [what, load] of Object.entries({ hold: SINGLES, batch: BATCHES })) {
      // Each window has a small store of its own, which has grown to be a larger one by its end.
      const small = storeOf(2 + 2 * round + (load === SINGLES ? 0 : 1), SMALL_SKUS);
      // oxlint-disable-next-line no-await-in-loop -- windows in turn
      await prepare(host, small, 1);
      for (const [where, store] of Object.entries({ small, large: POPULAR, spread: LARGE })) {
        const untilMs = performance.now() + seconds * 1_000;
        // oxlint-disable-next-line no-await-in-loop -- windows in turn
        const perS = await holds.send(store, load, () => performance.now() < untilMs);
        rates.set(`${what}_${where}`, [...(rates.get(`${what}_${where}`) ?? []), perS]);
      }
    }
  }
  return {
    movements: NOTES * LARGE_SKUS + 2 * HOLDS,
    skus: LARGE_SKUS,
    ...costFigures('hold', rates),
    ...costFigures('batch', rates),
    memory_mib: rounded(fullMib),
    memory_growth_ratio: rounded(fullMib / emptyMib),
  };
}

/** Sends holds, every one of them new. */
class HoldLoad {
  readonly #host: BatchHost;
  #next = 1;
  constructor(host: BatchHost) {
    this.#host = host;
  }

  /** Holds a second of one load on one store. */
  async send({ id, skus }: Store, { size, atATime, forMs }: Load, goesOn: (sent: number) => boolean): Promise<number> {
    let sent = 0;
    const startMs = performance.now();
    await closedLoop({
      origin: this.#host.origin,
      connections: atATime,
      next: () => {
        if (!goesOn(sent)) return undefined;
        sent += size;
        this.#next += size;
        return { asked: null, request: batchRequest('/hold', { store: id, skus, from: this.#next, size, forMs }) };
      },
      onAnswer: (_, { status, body }) => {
        const { held, refused } = status === 200 ? v.parse(Held, JSON.parse(body)) : { held: 0, refused: body };
        if (held < size) throw new Error(`a hold was refused: ${JSON.stringify(refused)}`);
      },
    });
    return sent / ((performance.now() - startMs) / 1_000);
  }
}

/**
 * How much longer one takes in the large store: the small one's pace over the large one's. Once over the same hundred SKUs, and
 * once spread over all 10,000, which also writes as many more pages of levels.
 */
function costFigures(what: string, rates: ReadonlyMap<string, readonly number[]>): Figures {
  const [small = [], large = [], all = []] = ['small', 'large', 'spread'].map((where) => rates.get(`${what}_${where}`));
  const ratio = ratioSpread(small, large);
  return {
    [`${what}_small_per_s`]: roundedOrNull(spread(small)?.median),
    [`${what}_large_per_s`]: roundedOrNull(spread(large)?.median),
    [`${what}_cost_ratio`]: roundedOrNull(ratio?.median),
    [`${what}_cost_ratio_min`]: roundedOrNull(ratio?.min),
    [`${what}_cost_ratio_max`]: roundedOrNull(ratio?.max),
    [`${what}_spread_cost_ratio`]: roundedOrNull(ratioSpread(small, all)?.median),
  };
}

/** The first question to the large store after its process has died; the runtime is warm from a small one. */
async function measureWakeUps(folder: string, say: (line: string) => void): Promise<Figures> {
  const tookMs: number[] = [];
  for (let i = 0; i < WAKE_UPS; i += 1) {
    say(`wake-up ${i + 1} of ${WAKE_UPS}`);
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    const host = await startBatchHost(folder);
    try {
      // oxlint-disable-next-line no-await-in-loop -- as above
      const wire = await Wire.open(host.origin);
      for (const store of [storeOf(1, SMALL_SKUS), LARGE]) {
        const startMs = performance.now();
        // oxlint-disable-next-line no-await-in-loop -- as above
        const { status, body } = await wire.send(batchRequest('/look', { store: store.id }));
        if (status !== 200) throw new Error(`the store did not answer: ${body}`);
        if (store === LARGE) tookMs.push(performance.now() - startMs);
      }
      wire.close();
    } finally {
      // oxlint-disable-next-line no-await-in-loop -- as above
      await host.stop();
    }
  }
  const { median, max } = spread(tookMs) ?? { median: 0, max: 0 };
  return { wake_up_p50_ms: rounded(median), wake_up_max_ms: rounded(max) };
}

async function prepare({ origin }: BatchHost, { id, skus }: Store, notes: number): Promise<void> {
  const wire = await Wire.open(origin);
  const { status, body } = await wire.send(batchRequest('/prepare', { store: id, skus, notes }));
  wire.close();
  if (status !== 200) throw new Error(`the store could not be prepared: ${body}`);
}

/** Of the largest process: the one that has the objects. */
function residentMiB({ pid }: BatchHost): number {
  return (
    Math.max(...processTree([pid]).map((one) => Number(/^VmRSS:\s+(\d+) kB/m.exec(statusOf(one))?.[1] ?? 0))) /
    KIB_PER_MIB
  );
}

function statusOf(pid: number): string {
  return readFileSync(`/proc/${pid}/status`, 'utf8');
}

function roundedOrNull(value: number | undefined): number | null {
  return value === undefined ? null : rounded(value);
}
