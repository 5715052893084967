import type { TicketView } from '../../contracts/http/tickets.ts';
import type { CLOSE_CODES, PING, PONG, ServerFrame } from '../../contracts/ws/frames.ts';
import type { TabletDelta, TabletState } from '../../contracts/ws/tablet.ts';
import { SignedOut } from './session.ts';

export type FromStore = ServerFrame<TabletState, Partial<TabletDelta>>;

export interface ConnectionPorts {
  ticket(): Promise<TicketView>;
  opened(send: (frame: object) => void): void;
  heard(frame: FromStore): void;
  closed(): void;
  signedOut(why: string): void;
}

const [PING_TEXT, PONG_TEXT]: [typeof PING, typeof PONG] = ['{"t":"ping"}', '{"t":"pong"}'];
const ACCESS_ENDED: (typeof CLOSE_CODES)['ACCESS_ENDED'] = 4403;

const PING_EVERY_MS = 5_000;
/** Wifi that is gone says nothing: a wire that is silent for so long is dead. */
const SILENCE_MAX_MS = 12_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** The socket of the store, kept open for as long as there is wifi, and opened again when there is some. */
export class Connection {
  readonly #ports: ConnectionPorts;
  #seq: number | undefined;
  #isStopped = false;
  #hangUp: () => void = () => undefined;

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
  }

  async keepOpen(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#isStopped) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one connection after the other
        await this.#live(await this.#ports.ticket(), () => {
          pauseMs = FIRST_PAUSE_MS;
        });
      } catch (cause) {
        if (cause instanceof SignedOut) {
          this.#isStopped = true;
          this.#ports.signedOut(cause.message);
          return;
        }
      }
      // oxlint-disable-next-line no-await-in-loop -- see above
      if (!this.#isStopped) await wifiOr(pauseMs * (0.5 + Math.random()));
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#hangUp();
  }

  /** One connection, until it is closed, silent, or there is no wifi. */
  async #live({ path, ticket }: TicketView, opened: () => void): Promise<void> {
    const url = new URL(path, location.href.replace(/^http/, 'ws'));
    url.searchParams.set('ticket', ticket);
    if (this.#seq !== undefined) url.searchParams.set('after', String(this.#seq));
    const socket = new WebSocket(url);
    let heardAtMs = performance.now();
    const end = new AbortController();
    const { signal } = end;
    await new Promise<void>((resolve) => {
      this.#hangUp = resolve;
      const watch = setInterval(() => {
        if (performance.now() - heardAtMs > SILENCE_MAX_MS) resolve();
        else if (socket.readyState === WebSocket.OPEN) socket.send(PING_TEXT);
      }, PING_EVERY_MS);
      signal.addEventListener('abort', () => {
        clearInterval(watch);
      });
      window.addEventListener('offline', () => resolve(), { signal });
      socket.addEventListener(
        'open',
        () => {
          opened();
          this.#ports.opened((frame) => {
            if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
          });
        },
        { signal },
      );
      socket.addEventListener(
        'message',
        ({ data }) => {
          heardAtMs = performance.now();
          if (data !== PONG_TEXT) this.#hear(String(data));
        },
        { signal },
      );
      socket.addEventListener(
        'close',
        ({ code }) => {
          if (code === ACCESS_ENDED) {
            this.#isStopped = true;
            this.#ports.signedOut('Your access to this store has ended.');
          }
          resolve();
        },
        { signal },
      );
    });
    end.abort();
    socket.close();
    this.#ports.closed();
  }

  #hear(text: string): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own store, by its contract
    const frame = JSON.parse(text) as FromStore;
    if ('seq' in frame) this.#seq = frame.seq;
    this.#ports.heard(frame);
  }
}

/** Waits, and no longer than until there is wifi again. */
function wifiOr(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(go, ms);
    window.addEventListener('online', go, { once: true });
    function go(): void {
      clearTimeout(timer);
      window.removeEventListener('online', go);
      resolve();
    }
  });
}
