import type { Actor } from '../../contracts/actor.ts';
import type { Json, Refusal } from '../../contracts/problem.ts';
import { CLIENT_FRAME_BYTES_MAX, CLOSE_CODES, PING, PONG, PROTOCOL_VERSION } from '../../contracts/ws/frames.ts';
import type { ServerFrame } from '../../contracts/ws/frames.ts';
import { readUpgrade } from '../../contracts/ws/upgrade.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { FeedSource } from './feed.ts';
import type { SqlPort } from './sql.ts';

/** Survives hibernation with the socket; at most 16,384 bytes (Cloudflare, "WebSocket attachments"). */
interface Attachment {
  readonly actor: Actor;
  /** The newest delta this socket has been sent. */
  readonly sentSeq: number;
  /** The last sign of life that is known, and the newest delta sent before it. */
  readonly heardAtMs: number;
  readonly heardSeq: number;
  /** What the object wants to know of this client after it slept. Small. */
  readonly note?: Json;
}

/**
 * A client that reads also pings, or commands. The runtime does not tell how much of what was sent is still unread, so one that was
 * silent for so long while so much was sent to it is taken to read nothing. About 1 MB of deltas.
 */
const SILENCE_MAX_MS = 60_000;
const UNHEARD_DELTAS_MAX = 500;

/** A close reason takes 123 bytes (RFC 6455, 5.5). */
const REASON_BYTES_MAX = 123;

export interface SocketDeps {
  readonly ctx: DurableObjectState;
  readonly sql: SqlPort;
  readonly feed: FeedSource;
  /** The whole state for a new watcher, as this actor may see it. */
  snapshot(actor: Actor): unknown;
  /** Whether this actor may watch this object at all. */
  admits(actor: Actor): boolean;
  /** The version of the target's frames, where it has one of its own. */
  readonly version?: number;
  /** How long one of so many sockets should wait before it comes back; said to each at its beginning. Absent: nothing is said. */
  reconnectAfterMs?(sockets: number): number;
}

/** Accepts, resumes and fans out to hibernating sockets. Frames are sent after the commit, and the output gate holds them until it is durable. */
export class Sockets {
  readonly #deps: SocketDeps;
  constructor(deps: SocketDeps) {
    this.#deps = deps;
    deps.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(PING, PONG));
  }

  /** Answers the upgrade that the edge built. The ticket is burned here, so it opens one socket only. */
  accept(request: Request, nowMs: number): Response {
    const ticket = readUpgrade(request.headers);
    if (ticket === null || request.headers.get('upgrade') !== 'websocket') return new Response(null, { status: 426 });
    const { ctx, feed } = this.#deps;
    if (
      ticket.ticketExpiresAtMs < nowMs ||
      !this.#deps.admits(ticket.actor) ||
      !this.#burn(ticket.ticketId, ticket.ticketExpiresAtMs, nowMs)
    ) {
      return new Response(null, { status: 401 });
    }
    const { 0: client, 1: server } = new WebSocketPair();
    ctx.acceptWebSocket(server, [ticket.actor.kind]);
    const missed = ticket.after === null ? null : feed.since(ticket.after);
    const head = feed.head();
    this.#catchUp(server, ticket.actor, missed, head);
    attach(server, { actor: ticket.actor, sentSeq: head, heardAtMs: nowMs, heardSeq: head });
    this.#advise(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  actorOf(socket: WebSocket): Actor {
    return attachment(socket).actor;
  }

  /** Keeps a note with the socket: it survives hibernation, and writes no row. */
  remember(socket: WebSocket, note: Json): void {
    attach(socket, { ...attachment(socket), note });
  }

  /** The notes of all sockets. */
  notes(): Json[] {
    return this.#deps.ctx.getWebSockets().flatMap((socket) => {
      const { note } = attachment(socket);
      return note === undefined ? [] : [note];
    });
  }

  /** Sends every socket the deltas it does not have yet, or a snapshot when one of them is no longer kept. Call after a commit. */
  fanOut(): void {
    const head = this.#deps.feed.head();
    const nowMs = Date.now();
    for (const socket of this.#deps.ctx.getWebSockets()) {
      const attached = attachment(socket);
      const { actor, sentSeq } = attached;
      if (sentSeq >= head) continue;
      const heard = this.#heard(socket, attached);
      if (head - heard.heardSeq > UNHEARD_DELTAS_MAX && nowMs - heard.heardAtMs > SILENCE_MAX_MS) {
        this.#advise(socket);
        close(socket, CLOSE_CODES.TOO_SLOW, 'Nothing was heard from you for too long: ping every 20 s, and resume.');
        continue;
      }
      this.#catchUp(socket, actor, this.#deps.feed.since(sentSeq), head);
      attach(socket, { ...attached, ...heard, sentSeq: head });
    }
  }

  /** The last sign of life of the sockets of these actors, ms; `null` when they have none. */
  heardAtMs(of: (actor: Actor) => boolean): number | null {
    const signs = this.#deps.ctx.getWebSockets().flatMap((socket) => {
      const attached = attachment(socket);
      return of(attached.actor) ? [this.#heard(socket, attached).heardAtMs] : [];
    });
    return signs.length === 0 ? null : Math.max(...signs);
  }

  /** A ping is answered by the runtime, which keeps the time of it. */
  #heard(socket: WebSocket, { sentSeq, heardAtMs, heardSeq }: Attachment): Pick<Attachment, 'heardAtMs' | 'heardSeq'> {
    const pingedAtMs = this.#deps.ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0;
    return pingedAtMs > heardAtMs ? { heardAtMs: pingedAtMs, heardSeq: sentSeq } : { heardAtMs, heardSeq };
  }

  /** A frame without a number, such as a position, to every socket of these kinds of actors. */
  broadcast(frame: ServerFrame<never, never>, to: (actor: Actor) => boolean = () => true): void {
    const text = JSON.stringify(frame);
    for (const socket of this.#deps.ctx.getWebSockets()) if (to(attachment(socket).actor)) trySend(socket, text);
  }

  answer(socket: WebSocket, id: string, result: Result<unknown, Refusal>): void {
    send(
      socket,
      result.ok
        ? { t: 'answer', id, ok: true, value: result.value }
        : { t: 'answer', id, ok: false, problem: result.error },
    );
  }

  /** The frame as JSON, or `undefined` after closing the socket because it sent something that is none. */
  read(socket: WebSocket, message: string | ArrayBuffer): unknown {
    const attached = attachment(socket);
    attach(socket, { ...attached, heardAtMs: Date.now(), heardSeq: attached.sentSeq });
    if (typeof message === 'string' && isShort(message)) {
      try {
        return JSON.parse(message);
      } catch {
        // Falls through to the close below.
      }
    }
    this.reject(socket, `Send JSON text of at most ${CLIENT_FRAME_BYTES_MAX} bytes.`);
    return undefined;
  }

  reject(socket: WebSocket, reason: string): void {
    close(socket, CLOSE_CODES.BAD_FRAME, reason);
  }

  /** Closes the sockets of actors who may no longer watch. */
  closeWhere(gone: (actor: Actor) => boolean): void {
    for (const socket of this.#deps.ctx.getWebSockets()) {
      if (gone(attachment(socket).actor)) close(socket, CLOSE_CODES.ACCESS_ENDED, 'Access ended.');
    }
  }

  /** Beforehand, since a deploy or a crash closes a socket without a word. */
  #advise(socket: WebSocket): void {
    const retryAfterMs = this.#deps.reconnectAfterMs?.(this.#deps.ctx.getWebSockets().length);
    if (retryAfterMs !== undefined) send(socket, { t: 'advice', retryAfterMs });
  }

  #catchUp(socket: WebSocket, actor: Actor, missed: ReturnType<FeedSource['since']>, head: number): void {
    if (missed === null) {
      send(socket, {
        t: 'snapshot',
        v: this.#deps.version ?? PROTOCOL_VERSION,
        seq: head,
        state: this.#deps.snapshot(actor),
      });
      return;
    }
    for (const { seq, delta } of missed) trySend(socket, deltaFrame(seq, delta));
  }

  #burn(ticketId: string, expiresAtMs: number, nowMs: number): boolean {
    const { sql } = this.#deps;
    return sql.transaction(() => {
      sql.run('DELETE FROM burned_tickets WHERE expires_at_ms < ?', nowMs);
      const fresh = sql.all(
        'INSERT INTO burned_tickets (ticket_id, expires_at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING 1 AS burned',
        ticketId,
        expiresAtMs,
      );
      return fresh.length === 1;
    });
  }
}

/**
 * Finishes a close that the client began; without it the client waits for its own timeout and sees 1006. The Hibernation API
 * leaves this to the object on every compatibility date (cloudflare/partykit #393). 1005 and 1006 stand for "no code", and may
 * not be sent (RFC 6455, 7.4.1).
 */
export function answerClose(socket: WebSocket, code: number): void {
  socket.close(code === NO_CODE || code === NO_CLOSE_FRAME ? NORMAL_CLOSE : code);
}

const NORMAL_CLOSE = 1000;
const NO_CODE = 1005;
const NO_CLOSE_FRAME = 1006;

/** A character takes up to three bytes in UTF-8, so most frames need no second look. */
function isShort(text: string): boolean {
  if (text.length > CLIENT_FRAME_BYTES_MAX) return false;
  return text.length * 3 <= CLIENT_FRAME_BYTES_MAX || new TextEncoder().encode(text).length <= CLIENT_FRAME_BYTES_MAX;
}

function deltaFrame(seq: number, delta: string): string {
  return `{"t":"delta","seq":${seq},"delta":${delta}}`;
}

function send(socket: WebSocket, frame: ServerFrame<unknown, unknown>): void {
  trySend(socket, JSON.stringify(frame));
}

/** A socket that is closing throws on send; its client resumes on the next one. */
function trySend(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    return;
  }
}

/** A reason may quote what the client sent, in characters that take several bytes or none that can be sent. */
function close(socket: WebSocket, code: number, reason: string): void {
  const bytes = new TextEncoder().encode(reason);
  // What a cut through a character leaves is dropped.
  const kept = new TextDecoder().decode(bytes.slice(0, REASON_BYTES_MAX), { stream: true });
  socket.close(code, kept);
}

function attach(socket: WebSocket, value: Attachment): void {
  socket.serializeAttachment(value);
}

function attachment(socket: WebSocket): Attachment {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `attach` above and by nobody else
  return socket.deserializeAttachment() as Attachment;
}
