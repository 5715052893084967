import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import type { TrackingDelta, TrackingState } from '../../contracts/ws/tracking.ts';
import { LiveSocket } from '../client/live-socket.ts';
import type { Session } from '../client/session.ts';
import { ChangeSignal } from './change-signal.ts';

/** What the customer saw on the live socket. */
export interface Watched {
  /** In the order they came. */
  readonly statuses: readonly OrderStatus[];
  readonly positions: number;
  readonly reconnects: number;
  /** Nothing happened for too long. */
  readonly stuck: boolean;
}

/** An order that stands still for so long will not move any more: the slowest step, looking for a courier again, takes less. */
const STANDS_STILL_MAX_MS = 120_000;
const LOOK_EVERY_MS = 1_000;
const OVER: readonly OrderStatus[] = ['CLOSED', 'CANCELLED', 'REFUNDED'];

/** Follows an order on its live socket until it is over, or stands still. */
export async function watchOrder(session: Session, orderId: string, tell: (what: string) => void): Promise<Watched> {
  const statuses: OrderStatus[] = [];
  const changed = new ChangeSignal();
  let positions = 0;
  let movedAtMs = performance.now();
  function see(status: OrderStatus, eta: string | null): void {
    movedAtMs = performance.now();
    if (statuses.at(-1) === status) return;
    statuses.push(status);
    tell(eta === null ? status : `${status}, at the door by ${eta.slice(11, 19)} UTC`);
    changed.raise();
  }
  const socket = new LiveSocket<TrackingState, TrackingDelta>({
    session,
    ticketPath: `/api/v1/orders/${orderId}/ticket`,
    onSnapshot: ({ status, eta }) => see(status, eta?.p50 ?? null),
    onDelta: (delta) => {
      if ('status' in delta) see(delta.status, delta.eta?.p50 ?? null);
    },
    onPosition: () => {
      positions += 1;
      movedAtMs = performance.now();
    },
    onReconnect: (why) => tell(`lost the live socket (${why}), reconnecting`),
    onFailed: () => changed.raise(),
  });
  await socket.open();
  const gone = new AbortController();
  const over = changed.until(() => statuses.find((status) => OVER.includes(status)));
  const outcome = await Promise.race([over, standsStill(() => movedAtMs, gone.signal)]);
  gone.abort();
  await socket.close();
  return { statuses, positions, reconnects: socket.reconnects, stuck: outcome === undefined };
}

/** Settles, with nothing, when the time has come. */
async function standsStill(movedAtMs: () => number, gone: AbortSignal): Promise<undefined> {
  while (!gone.aborted && performance.now() - movedAtMs() < STANDS_STILL_MAX_MS) {
    await sleep(LOOK_EVERY_MS, undefined, { signal: gone, ref: true }).catch(() => undefined);
  }
  return undefined;
}
