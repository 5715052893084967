import { setTimeout as sleep } from 'node:timers/promises';
import type { TrackingFrame } from '../../contracts/ws/tracking.ts';
import { openOrderSocket, type OrderSocket } from '../../scripts/client/order-socket.ts';
import type { Session } from '../../scripts/client/session.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

export interface SocketWatcherOptions {
  /** A session, or an operator's key. */
  readonly session: Pick<Session, 'origin' | 'call'>;
  readonly orderId: string;
  readonly random: () => number;
  /** After which number it asks to go on; null for none. Asked before each connection. */
  readonly after: () => number | null;
  readonly onFrame: (frame: TrackingFrame) => void;
  readonly onConnected?: () => void;
  /** It has no connection, for the first time or still. */
  readonly onCut?: () => void;
}

/** Watches an order over a socket, and opens it again after the time that it was advised, until it is ended. */
export class SocketWatcher {
  readonly #options: SocketWatcherOptions;
  readonly #stop = new AbortController();
  #socket: OrderSocket | undefined;
  #running: Promise<void> = Promise.resolve();
  #advisedMs = FIRST_PAUSE_MS;

  constructor(options: SocketWatcherOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#running = this.#follow();
  }

  async end(): Promise<void> {
    this.#stop.abort();
    this.#socket?.drop();
    await this.#running;
  }

  async #follow(): Promise<void> {
    const { random, onCut } = this.#options;
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted;) {
      const wasConnected = await this.#connect();
      failures = wasConnected ? 0 : failures + 1;
      onCut?.();
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.5 + random());
      await sleep(wasConnected ? this.#advisedMs : pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection to its end. False when there was none. */
  async #connect(): Promise<boolean> {
    const { session, orderId, after, onConnected } = this.#options;
    try {
      this.#socket = await openOrderSocket({
        session,
        orderId,
        after: after(),
        onFrame: (frame) => this.#hear(frame),
      });
    } catch {
      return false;
    }
    onConnected?.();
    if (this.#stop.signal.aborted) this.#socket.drop();
    await this.#socket.closed;
    return true;
  }

  #hear(frame: TrackingFrame): void {
    if (frame.t === 'advice') this.#advisedMs = frame.retryAfterMs;
    this.#options.onFrame(frame);
  }
}
