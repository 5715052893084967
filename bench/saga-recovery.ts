import { setTimeout as sleep } from 'node:timers/promises';
import { OrderLogView } from '../contracts/http/order-saga.ts';
import { ApiProblem } from '../scripts/client/api-problem.ts';
import type { Operator } from '../scripts/client/operator.ts';
import type { PrivateSystem } from '../scripts/demo/private-system.ts';
import { percentile } from '../scripts/shared/percentile.ts';
import { hold, letGo } from '../scripts/start/held-parts.ts';
import { endProcess, readRecord } from '../scripts/start/process-record.ts';
import { stateFolder, type StateFolder } from '../scripts/start/state-folder.ts';
import { WORKER, WORKERD } from '../scripts/start/worker-part.ts';
import type { Bench, Figures } from './bench.ts';
import { manyOrders } from './many-orders.ts';
import { firstMoveAtMs, wasOpen, type WrittenFact } from './saga-moves.ts';
import { onPrivateSystem } from './system.ts';

/** Their customers never approve: each order asks its provider ever more rarely, at the rarest every 30 s. */
const OPEN_TOKEN = 'tok_stays_pending';
/** As many as the machine makes within the time below; the figures say how many. */
const ORDERS = 10_000;
const PLACE_MAX_MS = 90_000;
/** Longer than any of them waits: when the Worker comes back, all are due. */
const AWAY_MS = 31_000;
/** Nobody asks an order anything meanwhile, for a question wakes it up too. */
const QUIET_MS = 30_000;
const BACK_MAX_MS = 60_000;
const POLL_MS = 10;
const ASKED_MAX_MS = 1_000;
const READ_TOGETHER = 16;

/**
 * Orders that wait for their provider when the machine dies: how long after its restart the last of them has gone on by its own clock,
 * and whether any was forgotten. What each did and when is read from its log afterwards.
 */
export const sagaRecoveryBench: Bench = {
  name: 'saga-recovery',
  what: 'kill -9 with up to 10,000 orders under way: until the last saga moves again, none lost',
  goals: [
    { name: 'recovered_ms', wanted: null },
    { name: 'sagas_lost', wanted: 0, isMost: true },
  ],
  run: (_settings, say) => onPrivateSystem(say, (system) => measure(system, say)),
};

async function measure(system: PrivateSystem, say: (line: string) => void): Promise<Figures> {
  const { operator, url } = system;
  const state = stateFolder(system.stateFolder);
  const market = await manyOrders(system);
  say('orders that wait for their provider');
  const startMs = performance.now();
  const ids = await market.place(ORDERS, OPEN_TOKEN, PLACE_MAX_MS);
  const placedS = (performance.now() - startMs) / 1_000;
  say('the machine dies');
  const killedAtMs = Date.now();
  await takeAway(state);
  await sleep(AWAY_MS);
  say('and comes back');
  letGo(state, WORKER);
  const letGoAtMs = Date.now();
  const backMs = (await whenItAnswers(url)) - letGoAtMs;
  await sleep(QUIET_MS);
  say(`${ids.length} logs are read`);
  const logs = await readLogs(operator, ids);
  const open = [...logs.values()].filter((log) => wasOpen(log, killedAtMs));
  const movedMs = open.flatMap((log) => {
    const atMs = firstMoveAtMs(log, letGoAtMs);
    return atMs === null ? [] : [atMs - letGoAtMs];
  });
  return {
    open_orders: open.length,
    placed_in_s: Math.round(placedS),
    worker_back_ms: backMs,
    recovered_ms: movedMs.length === 0 ? null : Math.max(...movedMs),
    recovered_p50_ms: percentile(movedMs, 50),
    recovered_p99_ms: percentile(movedMs, 99),
    sagas_per_s: Math.round((movedMs.length * 1_000) / Math.max(1, Math.max(...movedMs) - Math.min(...movedMs))),
    sagas_lost: ids.length - logs.size + open.length - movedMs.length,
  };
}

async function whenItAnswers(origin: string): Promise<number> {
  for (const untilMs = Date.now() + BACK_MAX_MS; Date.now() < untilMs;) {
    try {
      const response = await fetch(`${origin}/api/v1/hello`, { signal: AbortSignal.timeout(ASKED_MAX_MS) });
      await response.arrayBuffer();
      if (response.ok) return Date.now();
    } catch {
      // Not there yet.
    }
    await sleep(POLL_MS);
  }
  throw new Error(`${origin} is not answered any more`);
}

/** By order; one that nobody knows is not there. */
async function readLogs(
  operator: Operator,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly WrittenFact[]>> {
  const logs = new Map<string, readonly WrittenFact[]>();
  const left = [...ids];
  async function reader(): Promise<void> {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      try {
        logs.set(id, (await operator.call({ method: 'GET', path: `/api/v1/orders/${id}/log` }, OrderLogView)).log);
      } catch (cause) {
        if (!(cause instanceof ApiProblem && cause.code === 'NOT_FOUND')) throw cause;
      }
    }
  }
  await Promise.all(Array.from({ length: READ_TOGETHER }, reader));
  return logs;
}

/** First the process that would start workerd again. */
async function takeAway(state: StateFolder): Promise<void> {
  hold(state, WORKER);
  for (const name of [WORKER, WORKERD]) {
    const record = readRecord(state.run, name);
    if (record === undefined) throw new Error('the private system is not whole');
    await endProcess(record, 0);
  }
}
