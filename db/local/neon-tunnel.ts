import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer } from 'ws';

/** Sessions at once; each is a connection of PostgreSQL, which allows 100 in all. */
const TUNNELS_MAX = 40;
const CONNECT_WAIT_MS = 2_000;
/** One frame; the driver cuts nothing, so this bounds one statement with its parameters. */
const FRAME_BYTES_MAX = 16 * 1024 * 1024;

export interface Tunnel {
  upgrade(this: void, request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/**
 * Neon's WebSocket side: PostgreSQL's own protocol, byte for byte, in binary frames to `/v2?address=<host>:<port>`.
 * The client signs in to PostgreSQL through it. `address` must be the allowed one; the bytes go to `target`.
 */
export function createTunnel(allowedAddress: string, target: { readonly host: string; readonly port: number }): Tunnel {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: FRAME_BYTES_MAX });
  let open = 0;
  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      const url = new URL(request.url ?? '/', 'http://localhost');
      if (url.pathname !== '/v2') return reject(socket, '404 Not Found');
      if (url.searchParams.get('address') !== allowedAddress) return reject(socket, '403 Forbidden');
      if (open >= TUNNELS_MAX) return reject(socket, '503 Service Unavailable');
      open += 1;
      const upstream = connect({ host: target.host, port: target.port, noDelay: true });
      upstream.setTimeout(CONNECT_WAIT_MS, () => upstream.destroy());
      upstream.once('close', () => {
        open -= 1;
      });
      // A client hears of a database that is down at the handshake, not after waiting for its first answer.
      function refuse(): void {
        reject(socket, '503 Service Unavailable');
      }
      upstream.on('error', () => {});
      upstream.once('close', refuse);
      socket.once('close', () => upstream.destroy());
      upstream.once('connect', () => {
        upstream.off('close', refuse);
        upstream.setTimeout(0);
        sockets.handleUpgrade(request, socket, head, (client) => {
          const stream = createWebSocketStream(client);
          pipeline(stream, upstream, stream, () => client.terminate());
        });
      });
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

function reject(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
