import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrackingFrame } from '../../contracts/ws/tracking.ts';
import { openOrderSocket, type OrderSocket } from '../../scripts/client/order-socket.ts';
import type { PrivateSystem } from '../../scripts/demo/private-system.ts';
import { percentile } from '../../scripts/shared/percentile.ts';
import { seededRandom } from '../../scripts/shared/seeded-random.ts';
import { readRecord } from '../../scripts/start/process-record.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import { readSystemFile } from '../../scripts/start/system-file.ts';
import { WORKERD } from '../../scripts/start/worker-part.ts';
import type { Bench, BenchSettings, Figures, Tell } from '../bench.ts';
import { manyOrders } from '../many-orders.ts';
import { FAST_TOKEN } from '../order/provider.ts';
import { rounded } from '../rate-figures.ts';
import { onPrivateSystem } from '../system.ts';
import { hireCouriers, withOrders, type HiredCourier } from './hired-couriers.ts';
import { Latencies } from './latencies.ts';
import { pickMeanwhile } from './pickers.ts';
import { reconnectStorm } from './reconnect-storm.ts';

/** As many as the machine makes within the times below; the figures say how many. */
const ORDERS = 1_000;
const SOCKETS_AN_ORDER = 10;
/** The orders that move, with a courier each. Two pings a second of each are as many as of 1,000 couriers, one every 5 s. */
const COURIERS = 100;
const PING_EVERY_MS = 500;
const STORM_SOCKETS = 5_000;
const PLACE_MAX_MS = 60_000;
const OPEN_MAX_MS = 100_000;
const OPENED_TOGETHER = 64;
/** An object that nobody speaks to sleeps after 10 s, and its sockets with it. */
const ASLEEP_MS = 20_000;
const LAST_FRAMES_MS = 2_000;

/**
 * Watchers of many orders, some of which are on their way: how long a position takes from a courier's app through the courier's object
 * and the order's to everybody who watches, what an idle socket costs, and how a crowd comes back. The watchers are operators, who see
 * a courier from the assignment on.
 */
export const trackingBench: Bench = {
  name: 'tracking',
  what: '10,000 sockets over 1,000 orders: position in to frame out, memory, 5,000 that come back',
  seconds: 15,
  goals: [
    { name: 'position_to_frame_p99_ms', wanted: 250, isMost: true },
    { name: 'memory_per_idle_socket_kb', wanted: null },
    { name: 'storm_all_live_ms', wanted: null },
    { name: 'storm_lost', wanted: 0, isMost: true },
  ],
  run: (settings, say, tell) => onPrivateSystem(say, (system) => measure(system, settings, say, tell)),
};

async function measure(
  system: PrivateSystem,
  { seconds, seed }: BenchSettings,
  say: (line: string) => void,
  tell: Tell,
): Promise<Figures> {
  const running = readSystemFile(stateFolder(system.stateFolder));
  if (!running.ok) throw new Error(running.error);
  const { url, databaseUrl } = running.value;
  const market = await manyOrders(system);
  say(`${COURIERS} couriers start their shifts`);
  const hired = await hireCouriers({ url, databaseUrl, store: market.store }, COURIERS);
  say(`${ORDERS} orders`);
  const first = await market.place(COURIERS, FAST_TOKEN, PLACE_MAX_MS);
  const couriers = await pickMeanwhile(url, market.store, () => withOrders(hired));
  say(`${couriers.length} of ${first.length} orders have a courier`);
  const rest = await market.place(ORDERS - COURIERS, FAST_TOKEN, PLACE_MAX_MS);
  const latencies = new Latencies(couriers);
  const opening = await openSockets(system, [...first, ...rest], latencies, say);
  const moving = await ride(couriers, latencies, seconds, say);
  const soFar = { ...opening.figures, ...moving };
  tell({ workload: 'positions', ...soFar }, `positions: p99 ${moving['position_to_frame_p99_ms']} ms`);
  for (const socket of opening.sockets) socket.drop();
  await Promise.all(couriers.map((courier) => courier.close()));
  const [stormed] = rest;
  if (stormed === undefined) throw new Error('there is no order left to storm');
  const storm = await reconnectStorm(system, stormed, { sockets: STORM_SOCKETS, random: seededRandom(seed), say });
  return { ...soFar, ...storm };
}

interface Opened {
  readonly sockets: readonly OrderSocket[];
  readonly figures: Figures;
}

/** One socket on each order first, so that what an object costs is not taken for what its sockets cost. */
async function openSockets(
  { operator, stateFolder: path }: PrivateSystem,
  orderIds: readonly string[],
  latencies: Latencies,
  say: (line: string) => void,
): Promise<Opened> {
  const sockets: OrderSocket[] = [];
  async function open(orderId: string): Promise<void> {
    function onFrame(frame: TrackingFrame): void {
      latencies.take(orderId, frame);
    }
    sockets.push(await openOrderSocket({ session: operator, orderId, after: null, onFrame }));
    latencies.watch(orderId);
  }
  say(`a socket on each of ${orderIds.length} orders`);
  await inTurns(orderIds, open, OPEN_MAX_MS);
  await sleep(ASLEEP_MS);
  const before = rssKb(path);
  const more = Array.from({ length: SOCKETS_AN_ORDER - 1 }, () => orderIds).flat();
  say(`${more.length} more`);
  const startMs = performance.now();
  const alone = sockets.length;
  await inTurns(more, open, OPEN_MAX_MS);
  const opened = sockets.length - alone;
  const openedPerS = (opened * 1_000) / (performance.now() - startMs);
  await sleep(ASLEEP_MS);
  const after = rssKb(path);
  return {
    sockets,
    figures: {
      sockets: sockets.length,
      orders: orderIds.length,
      sockets_opened_per_s: Math.round(openedPerS),
      memory_per_idle_socket_kb: rounded((after - before) / opened),
      workerd_rss_mb: Math.round(after / 1_024),
    },
  };
}

/** Opens one after the other, some at the same time, until all are open or the time is over. */
async function inTurns(
  orderIds: readonly string[],
  open: (orderId: string) => Promise<void>,
  withinMs: number,
): Promise<void> {
  const untilMs = performance.now() + withinMs;
  let next = 0;
  async function client(): Promise<void> {
    while (performance.now() < untilMs) {
      const orderId = orderIds[next];
      if (orderId === undefined) return;
      next += 1;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await open(orderId);
    }
  }
  await Promise.all(Array.from({ length: OPENED_TOGETHER }, client));
}

/** All couriers ping for so long, each at its own moment of the half second. */
async function ride(
  couriers: readonly HiredCourier[],
  latencies: Latencies,
  seconds: number,
  say: (line: string) => void,
): Promise<Figures> {
  say(`${couriers.length} couriers ride for ${seconds} s`);
  const rounds = Math.round((seconds * 1_000) / PING_EVERY_MS);
  latencies.isMeasuring = true;
  await Promise.all(
    couriers.map(async (courier, index) => {
      await sleep((index * PING_EVERY_MS) / couriers.length);
      for (let round = 0; round < rounds; round += 1) {
        courier.ping();
        // oxlint-disable-next-line no-await-in-loop -- a ping and a pause
        await sleep(PING_EVERY_MS);
      }
    }),
  );
  await sleep(LAST_FRAMES_MS);
  latencies.isMeasuring = false;
  const { tookMs } = latencies;
  const expected = latencies.watchers * rounds;
  return {
    moving_couriers: couriers.length,
    moving_watchers: latencies.watchers,
    positions_per_s: Math.round((couriers.length * 1_000) / PING_EVERY_MS),
    position_frames: tookMs.length,
    position_frames_overtaken_share: rounded((expected - tookMs.length) / expected),
    position_to_frame_p50_ms: rounded(percentile(tookMs, 50) ?? 0),
    position_to_frame_p99_ms: tookMs.length === 0 ? null : rounded(percentile(tookMs, 99) ?? 0),
    position_to_frame_max_ms: rounded(percentile(tookMs, 100) ?? 0),
  };
}

/** Resident memory of workerd; 0 where there is no `/proc`. */
function rssKb(path: string): number {
  const workerd = readRecord(stateFolder(path).run, WORKERD);
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${workerd?.pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}
