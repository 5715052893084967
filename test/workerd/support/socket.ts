import type { Actor } from '../../../contracts/actor.ts';
import { writeUpgrade } from '../../../contracts/ws/upgrade.ts';
import { invariant } from '../../../domain/shared/assert.ts';

export interface Frame {
  readonly t: string;
  readonly [field: string]: unknown;
}

/** A client that plays by hand: sends what it is told and keeps what it gets, in order. */
export interface HandSocket {
  readonly frames: Frame[];
  readonly closes: { code: number; reason: string }[];
  send(frame: unknown): void;
  /** As it is, also what is no frame at all. */
  sendRaw(message: string | ArrayBuffer): void;
  /** Sends a command and waits for the answer to this very sending. */
  act(command: Readonly<Record<string, unknown>>, id: string): Promise<Frame>;
  close(): void;
}

const open = new Set<WebSocket>();
/** Closes what a test left open; for `afterEach`. */
export function closeSockets(): void {
  for (const socket of open) socket.close(1000, 'the test is over');
  open.clear();
}

let tickets = 0;
export function upgradeRequest(
  actor: Actor,
  {
    after = null,
    ticketId = `ticket-${(tickets += 1)}`,
    expiresInMs = 30_000,
  }: { after?: number | null; ticketId?: string; expiresInMs?: number } = {},
): Request {
  const headers = new Headers({ upgrade: 'websocket' });
  writeUpgrade(headers, { actor, ticketId, ticketExpiresAtMs: Date.now() + expiresInMs, after });
  return new Request('https://object/live', { headers });
}

/** Opens the socket of an object as the edge does, with a verified ticket. */
export async function openSocket(
  stub: { fetch(request: Request): Promise<Response> },
  request: Request,
): Promise<HandSocket> {
  const response = await stub.fetch(request);
  const socket = response.webSocket;
  invariant(socket !== null, `the upgrade was answered ${response.status}`);
  const frames: Frame[] = [];
  const closes: { code: number; reason: string }[] = [];
  socket.addEventListener('message', ({ data }) => {
    frames.push(JSON.parse(String(data)) as Frame);
  });
  socket.addEventListener('close', ({ code, reason }) => {
    closes.push({ code, reason });
    open.delete(socket);
  });
  socket.accept();
  open.add(socket);
  function send(frame: unknown): void {
    socket?.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }
  return {
    frames,
    closes,
    send,
    sendRaw: (message) => {
      socket.send(message);
    },
    act(command, id) {
      const seen = frames.length;
      send({ t: 'command', id, ...command });
      return until(() => frames.slice(seen).find((frame) => frame.t === 'answer' && frame['id'] === id));
    },
    close: () => {
      open.delete(socket);
      socket.close(1000, 'bye');
    },
  };
}

/** Waits for something to appear; the test's own timeout is the limit. */
export async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    await scheduler.wait(2);
  }
}
