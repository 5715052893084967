import { mkdirSync, chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender, RunningContender } from '../contenders/contender.ts';
import { receive } from './back-office.ts';
import { hasStrace } from './fsync-count.ts';
import { atHalf, flushesPer1000, type OpenLoopAtHalf } from './in-depth.ts';
import { measureWindow, type WindowResult } from './measure-window.ts';
import { consultOracle, type OracleVerdict } from './oracle.ts';
import { spread } from './ratios.ts';
import { allSkus } from './skus.ts';
import type { Workload } from './workloads.ts';

const BASE_UNITS = 100_000;
const WARM_UP_S = 2;
/** Restocking and adding up around a window. */
const PAUSE_S = 1;
const SESSION_MAX_S = 700;
const ORACLE_S = 1;
/** The slowest contender sells them out within that. */
const SCARCE_UNITS = 100;

export interface SessionSettings {
  readonly folder: string;
  /** Ends the session at the next window. */
  readonly signal: AbortSignal;
  readonly seconds: number;
  readonly connections: number;
  readonly rounds: number;
  readonly seed: number;
}

/** What one session found out of one contender. */
export interface ContenderResult {
  readonly contender: Contender;
  /** By the workload's name, a window a round. */
  readonly windows: ReadonlyMap<string, readonly WindowResult[]>;
  readonly oracle: OracleVerdict | null;
  /** Half of its own median; absent where the session does not ask for it. */
  readonly open: OpenLoopAtHalf | null;
  readonly fsyncsPer1000: number | null;
}

interface Seat {
  readonly contender: Contender;
  readonly running: RunningContender;
  readonly windows: Map<string, WindowResult[]>;
}

export interface SessionPlan {
  readonly workloads: readonly Workload[];
  readonly contenders: readonly Contender[];
  /** Also measures at half load and counts flushes: once a run is enough. */
  readonly inDepth: boolean;
}

/**
 * Starts the contenders, interleaves short windows, asks the oracle about each, and stops them. A session ends well before
 * its holds expire, so that whatever leaves a shelf stays off it.
 */
export async function runSession(
  { workloads, contenders, inDepth }: SessionPlan,
  settings: SessionSettings,
  say: (line: string) => void,
): Promise<readonly ContenderResult[]> {
  requireTime({ workloads, contenders, inDepth }, settings);
  const seats: Seat[] = [];
  const names = workloads.map(({ name }) => name).join(' and ');
  try {
    for (const contender of contenders) seats.push(await takeSeat(contender, settings, say));
    for (const seat of seats) for (const workload of served(seat, workloads)) await warmUp(seat, workload, settings);
    for (let round = 1; round <= settings.rounds; round += 1) {
      say(`${names}: round ${round} of ${settings.rounds}`);
      // Everybody is first once in a while.
      const order = [...seats.slice(round % seats.length), ...seats.slice(0, round % seats.length)];
      for (const workload of workloads) {
        for (const seat of order.filter((one) => workload.servedBy(one.contender.name))) {
          const window = await measure(seat, workload, settings, round);
          const windows = seat.windows.get(workload.name) ?? [];
          seat.windows.set(workload.name, [...windows, window]);
        }
      }
    }
    const results: ContenderResult[] = [];
    for (const seat of seats) {
      say(`${names}: ${seat.contender.name} is questioned`);
      results.push(await question(seat, workloads, inDepth, settings));
    }
    return results;
  } finally {
    for (const { running } of seats) await running.stop();
  }
}

/** Holds last a quarter of an hour, and one that expired looks like a unit that never left its shelf. */
function requireTime({ workloads, contenders }: SessionPlan, { seconds, rounds }: SessionSettings): void {
  const seats = workloads.flatMap(({ servedBy }) => contenders.filter(({ name }) => servedBy(name)));
  const takesS = seats.length * (rounds * (seconds + PAUSE_S) + WARM_UP_S);
  if (takesS > SESSION_MAX_S) {
    throw new Error(
      `Take fewer rounds or shorter windows: a session would take ${Math.round(takesS)} s, at most ${SESSION_MAX_S}.`,
    );
  }
}

async function takeSeat(
  contender: Contender,
  { folder, rounds, signal }: SessionSettings,
  say: (line: string) => void,
): Promise<Seat> {
  signal.throwIfAborted();
  say(`starting ${contender.name}`);
  const own = join(folder, contender.name);
  mkdirSync(own, { recursive: true });
  // A server that is started as another user walks through.
  chmodSync(own, 0o755);
  const running = await contender.start({ folder: own, say: () => {} });
  const skus = allSkus(rounds);
  if (contender.name !== 'hello') {
    await running.list?.(skus);
    const inventory = skus.filter((sku) => /^\d+$/.test(sku));
    await receive(
      running,
      inventory.map((sku) => ({ sku, quantity: BASE_UNITS })),
    );
  }
  return { contender, running, windows: new Map() };
}

function served({ contender }: Seat, workloads: readonly Workload[]): readonly Workload[] {
  return workloads.filter((workload) => workload.servedBy(contender.name));
}

/** A fresh isolate's first thousands of requests are several times slower. */
async function warmUp(seat: Seat, workload: Workload, settings: SessionSettings): Promise<void> {
  await measure(seat, workload, { ...settings, seconds: WARM_UP_S }, 0);
}

async function measure(
  { running }: Seat,
  workload: Workload,
  { seconds, connections, seed, signal }: SessionSettings,
  round: number,
): Promise<WindowResult> {
  signal.throwIfAborted();
  const nonce = `${workload.name}-${round}-${seed}`;
  const window = await measureWindow(running, workload, { seconds, connections, seed, round, nonce });
  await running.settle?.();
  return window;
}

async function question(
  seat: Seat,
  workloads: readonly Workload[],
  inDepth: boolean,
  settings: SessionSettings,
): Promise<ContenderResult> {
  const { contender, running, windows } = seat;
  const takesHolds = contender.name !== 'hello' && workloads.some(({ unitsAHold }) => unitsAHold > 0);
  const most = spread((windows.get('hot') ?? windows.get('hello') ?? []).map(({ perS }) => perS));
  const open = inDepth && most !== null ? await atHalf(running, contender.name, most.median, settings) : null;
  const fsyncsPer1000 = inDepth && takesHolds && hasStrace() ? await flushesPer1000(running, settings) : null;
  const { connections, seed } = settings;
  const nonce = `${workloads[0]?.name}-${seed}`;
  const oracle = takesHolds
    ? await consultOracle(running, { seconds: ORACLE_S, connections, seed, nonce, scarceUnits: SCARCE_UNITS })
    : null;
  return { contender, windows, oracle, open, fsyncsPer1000 };
}
