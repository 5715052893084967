import { WebSocket } from 'ws';
import { TicketView } from '../../contracts/http/tickets.ts';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { TrackingFrame } from '../../contracts/ws/tracking.ts';
import type { Session } from './session.ts';

export interface OrderSocketOptions {
  /** A session, or an operator's key. */
  readonly session: Pick<Session, 'origin' | 'call'>;
  readonly orderId: string;
  /** The last number that the watcher has; null for none. */
  readonly after: number | null;
  /** Every frame as it comes, those that come twice included. */
  readonly onFrame: (frame: TrackingFrame) => void;
}

export interface OrderSocket {
  /** Settles when the connection has ended, by whom ever. */
  readonly closed: Promise<void>;
  /** Ends it without a word, as a dead phone does. */
  readonly drop: () => void;
}

/**
 * One connection to an order's socket, from ticket to end. Keeps nothing and mends nothing: for those who look at what the server
 * itself says, thousands at a time. Throws when it cannot be opened.
 */
export async function openOrderSocket({ session, orderId, after, onFrame }: OrderSocketOptions): Promise<OrderSocket> {
  const { path, ticket } = await session.call({ method: 'POST', path: `/api/v1/orders/${orderId}/ticket` }, TicketView);
  const url = new URL(path, session.origin.replace(/^http/, 'ws'));
  url.searchParams.set('ticket', ticket);
  if (after !== null) url.searchParams.set('after', String(after));
  const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: OPEN_MAX_MS });
  socket.on('message', (data: Buffer) => onFrame(readOwnJson<TrackingFrame>(data.toString('utf8'))));
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    // Later ones are followed by a close.
    socket.on('error', reject);
  });
  return { closed, drop: () => socket.terminate() };
}

/** A ticket lives for 30 s. */
const OPEN_MAX_MS = 20_000;
