import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TicketView } from '../../contracts/http/tickets.ts';
import { readOwnJson } from '../../contracts/own-json.ts';
import { CLOSE_CODES, PING, PONG, type ServerFrame } from '../../contracts/ws/frames.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Session } from './session.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;
const UNAVAILABLE_PAUSE_MS = 500;
/** Refusals that decide nothing. */
const ASK_AGAIN: readonly Refusal['code'][] = ['UNAVAILABLE', 'TOO_MANY_REQUESTS'];
const PING_EVERY_MS = 10_000;
/** Nothing at all for this long: the wire is dead though nobody said so. */
const SILENCE_MAX_MS = 25_000;

export interface LiveSocketOptions<State, Delta> {
  /** A session, or an operator's key. */
  readonly session: Pick<Session, 'origin' | 'call'>;
  /** `POST` here gives the ticket. */
  readonly ticketPath: string;
  readonly onSnapshot: (state: State) => void;
  readonly onDelta: (delta: Delta) => void;
  readonly onPosition?: (position: { readonly lat: number; readonly lng: number; readonly at: string }) => void;
  /** Every frame that is new to this client, answers apart. */
  readonly onFrame?: (frame: NewsFrame<State, Delta>) => void;
  readonly onReconnect?: (why: string) => void;
  /** It will not come back: the server closed it for good, or refuses a ticket. */
  readonly onFailed: (cause: Error) => void;
}

type NewsFrame<State, Delta> = Exclude<ServerFrame<State, Delta>, { t: 'answer' }>;

interface Pending {
  readonly text: string;
  readonly settle: (answer: Result<unknown, Refusal>) => void;
  readonly fail: (cause: Error) => void;
}

/**
 * A socket as an app keeps it: a fresh ticket for each connection, resumed after the last sequence number it has, with
 * growing pauses; a command is sent with one id until it is answered, over as many connections as that takes.
 */
export class LiveSocket<State, Delta> {
  readonly #options: LiveSocketOptions<State, Delta>;
  readonly #pending = new Map<string, Pending>();
  #socket: WebSocket | undefined;
  #seq: number | undefined;
  #closed = false;
  #failure: Error | undefined;
  #heardAtMs = 0;
  /** As the server advised: a crowd that was cut off at once must not come back at once. */
  #retryAfterMs: number | undefined;
  #running: Promise<void> | undefined;
  /** Connections made after the first one. */
  reconnects = 0;

  constructor(options: LiveSocketOptions<State, Delta>) {
    this.#options = options;
  }

  /**
   * Opens it and keeps it open until `close`. Returns when it is connected for the first time; throws, as every command does
   * from then on, when it has failed for good.
   */
  async open(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#running = this.#keepOpen(resolve).catch((cause: unknown) => {
        const failure = cause instanceof Error ? cause : new Error(String(cause));
        reject(failure);
        this.#fail(failure);
      });
    });
  }

  /** Answered once, whatever happens to the wire in between. `command` lacks its id only. */
  command(command: { readonly do: string; readonly [field: string]: unknown }): Promise<Result<unknown, Refusal>> {
    const id = `cmd-${randomBytes(12).toString('hex')}`;
    const text = JSON.stringify({ t: 'command', id, ...command });
    return new Promise((settle, fail) => {
      if (this.#failure !== undefined) {
        fail(this.#failure);
        return;
      }
      this.#pending.set(id, { text, settle, fail });
      this.#sendText(text);
    });
  }

  /** Said without an answer; lost when there is no connection just now. */
  tell(frame: { readonly t: string; readonly [field: string]: unknown }): void {
    this.#sendText(JSON.stringify(frame));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#socket?.close(1000);
    await this.#running;
  }

  async #keepOpen(onFirst: () => void): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (let connections = 0; !this.#closed;) {
      const ended = await this.#connect(() => {
        pauseMs = FIRST_PAUSE_MS;
        connections += 1;
        if (connections === 1) onFirst();
        else this.reconnects += 1;
      });
      if (this.#closed) return;
      if (
        ended.code === CLOSE_CODES.REPLACED ||
        ended.code === CLOSE_CODES.ACCESS_ENDED ||
        ended.code === CLOSE_CODES.BAD_FRAME
      ) {
        throw new Error(`the socket of ${this.#options.ticketPath} was closed for good: ${ended.code} ${ended.why}`);
      }
      this.#options.onReconnect?.(ended.why);
      await sleep(Math.max(pauseMs * (0.5 + Math.random()), this.#retryAfterMs ?? 0));
      this.#retryAfterMs = undefined;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  #fail(failure: Error): void {
    if (this.#closed) return;
    this.#failure = failure;
    for (const { fail } of this.#pending.values()) fail(failure);
    this.#pending.clear();
    this.#options.onFailed(failure);
  }

  /** One connection, from ticket to close. */
  async #connect(onOpen: () => void): Promise<{ readonly code: number; readonly why: string }> {
    const { session, ticketPath } = this.#options;
    const { path, ticket } = await session.call({ method: 'POST', path: ticketPath }, TicketView);
    if (this.#closed) return { code: 1000, why: 'not wanted any more' };
    const url = new URL(path, session.origin.replace(/^http/, 'ws'));
    url.searchParams.set('ticket', ticket);
    if (this.#seq !== undefined) url.searchParams.set('after', String(this.#seq));
    const socket = new WebSocket(url.href);
    this.#socket = socket;
    this.#heardAtMs = performance.now();
    const watch = setInterval(() => this.#watch(socket), PING_EVERY_MS);
    try {
      return await new Promise((resolve) => {
        socket.addEventListener('open', () => {
          onOpen();
          for (const { text } of this.#pending.values()) socket.send(text);
        });
        socket.addEventListener('message', ({ data }) => this.#take(String(data)));
        // An error is always followed by a close.
        socket.addEventListener('close', ({ code, reason }) =>
          resolve({ code, why: reason === '' ? `closed (${code})` : reason }),
        );
      });
    } finally {
      clearInterval(watch);
    }
  }

  #watch(socket: WebSocket): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (performance.now() - this.#heardAtMs > SILENCE_MAX_MS) socket.close(4000, 'silence');
    else socket.send(PING);
  }

  #take(text: string): void {
    this.#heardAtMs = performance.now();
    if (text === PONG) return;
    const frame = readOwnJson<ServerFrame<State, Delta>>(text);
    // After a resume the first one may be known.
    if (frame.t === 'delta' && frame.seq <= (this.#seq ?? 0)) return;
    if (frame.t !== 'answer') this.#options.onFrame?.(frame);
    switch (frame.t) {
      case 'snapshot':
        this.#seq = frame.seq;
        this.#options.onSnapshot(frame.state);
        return;
      case 'delta':
        this.#seq = frame.seq;
        this.#options.onDelta(frame.delta);
        return;
      case 'answer':
        this.#answer(frame);
        return;
      case 'position':
        this.#options.onPosition?.(frame);
        return;
      case 'advice':
        this.#retryAfterMs = frame.retryAfterMs;
        return;
      case 'eta':
        return;
    }
  }

  #answer(frame: Extract<ServerFrame<State, Delta>, { t: 'answer' }>): void {
    const pending = this.#pending.get(frame.id);
    // Not decided yet: another object could not be asked just now, or we sent too much at once.
    if (pending !== undefined && !frame.ok && ASK_AGAIN.includes(frame.problem.code)) {
      setTimeout(() => this.#sendText(pending.text), UNAVAILABLE_PAUSE_MS * (0.5 + Math.random()));
      return;
    }
    this.#pending.delete(frame.id);
    pending?.settle(frame.ok ? { ok: true, value: frame.value } : { ok: false, error: frame.problem });
  }

  #sendText(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }
}
