import { setTimeout as sleep } from 'node:timers/promises';
import { OrderView } from '../../contracts/http/orders.ts';
import { UpdatesView } from '../../contracts/http/updates.ts';
import type { TrackingFrame } from '../../contracts/ws/tracking.ts';
import type { Operator } from '../../scripts/client/operator.ts';
import type { PrivateSystem } from '../../scripts/demo/private-system.ts';
import { percentile } from '../../scripts/shared/percentile.ts';
import { endProcess, readRecord } from '../../scripts/start/process-record.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import { WORKERD } from '../../scripts/start/worker-part.ts';
import type { Figures } from '../bench.ts';
import { SocketWatcher } from './socket-watcher.ts';
import { until } from './until.ts';

const OPENED_TOGETHER = 100;
const OPEN_MAX_MS = 60_000;
const BACK_MAX_MS = 180_000;
/** From the cancelled order to the last that follows from it. */
const SETTLES_MS = 3_000;

/** One of the crowd: what it has, and whether what came was what had to come. */
class Fan {
  readonly #watcher: SocketWatcher;
  lastSeq: number | null = null;
  faults = 0;
  connections = 0;
  backAtMs = 0;

  constructor(session: Operator, orderId: string, random: () => number) {
    this.#watcher = new SocketWatcher({
      session,
      orderId,
      random,
      after: () => this.lastSeq,
      onConnected: () => {
        this.connections += 1;
        this.backAtMs = performance.now();
      },
      onFrame: (frame) => this.#hear(frame),
    });
  }

  begin(): void {
    this.#watcher.begin();
  }

  end(): Promise<void> {
    return this.#watcher.end();
  }

  #hear(frame: TrackingFrame): void {
    if (frame.t !== 'snapshot' && frame.t !== 'delta') return;
    const isExpected = frame.t === 'snapshot' ? this.lastSeq === null : frame.seq === (this.lastSeq ?? -1) + 1;
    if (!isExpected) this.faults += 1;
    this.lastSeq = frame.seq;
  }
}

/**
 * A crowd on the sockets of one order is cut off at once by `kill -9`, and the order is cancelled before most are back: how long until
 * all are, and whether each was told exactly what it missed.
 */
export async function reconnectStorm(
  { operator, stateFolder: path }: PrivateSystem,
  orderId: string,
  options: { readonly sockets: number; readonly random: () => number; readonly say: (line: string) => void },
): Promise<Figures> {
  const { sockets, random, say } = options;
  say(`${sockets} sockets on one order`);
  const crowd = Array.from({ length: sockets }, () => new Fan(operator, orderId, random));
  for (let from = 0; from < sockets; from += OPENED_TOGETHER) {
    const together = crowd.slice(from, from + OPENED_TOGETHER);
    for (const fan of together) fan.begin();
    // oxlint-disable-next-line no-await-in-loop -- a storm is what comes after
    await until(OPEN_MAX_MS, () => together.every(({ lastSeq }) => lastSeq !== null));
  }
  const before = crowd.map(({ connections }) => connections);
  const workerd = readRecord(stateFolder(path).run, WORKERD);
  if (workerd === undefined) throw new Error('the private system is not whole');
  say('all are cut off at once');
  const cutAtMs = performance.now();
  await endProcess(workerd, 0);
  const cancel = { method: 'PUT', path: `/api/v1/orders/${orderId}/cancel`, body: { reason: 'A storm.' } } as const;
  await operator.call({ ...cancel, headers: { 'idempotency-key': `storm-${orderId}` } }, OrderView);
  await until(BACK_MAX_MS, () => crowd.every(({ connections }, index) => connections > (before[index] ?? 0)));
  const back = crowd.filter(({ connections }, index) => connections > (before[index] ?? 0));
  const backAfterMs = back.map(({ backAtMs }) => backAtMs - cutAtMs);
  await sleep(SETTLES_MS);
  const updates = { method: 'GET', path: `/api/v1/orders/${orderId}/updates?waitMs=0` } as const;
  const { seq: head } = await operator.call(updates, UpdatesView);
  await until(SETTLES_MS, () => back.every(({ lastSeq }) => lastSeq === head));
  const lost = crowd.filter(({ lastSeq, faults }) => lastSeq !== head || faults > 0).length + (sockets - back.length);
  await Promise.all(crowd.map((fan) => fan.end()));
  return {
    storm_sockets: sockets,
    storm_all_live_ms: Math.round(Math.max(...backAfterMs)),
    storm_back_p50_ms: Math.round(percentile(backAfterMs, 50) ?? 0),
    storm_back_p99_ms: Math.round(percentile(backAfterMs, 99) ?? 0),
    storm_lost: lost,
  };
}
