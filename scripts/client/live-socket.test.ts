import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import type { SessionView } from '../../contracts/http/users.ts';
import { CLOSE_CODES } from '../../contracts/ws/frames.ts';
import { LiveSocket } from './live-socket.ts';
import { Session } from './session.ts';

const SIGNED_IN: SessionView = {
  tokenType: 'Bearer',
  accessToken: 'access',
  expiresIn: 600,
  refreshToken: 'kir_rt_1',
  refreshExpiresAt: '2030-01-01T00:00:00.000Z',
  deviceId: 'device-1',
  user: { id: `usr_${'0'.repeat(26)}`, role: 'customer' },
};

interface Connection {
  readonly socket: ServerSocket;
  readonly after: string | null;
  readonly frames: { readonly id: string; readonly do: string }[];
}

let server: Server;
let sockets: WebSocketServer;
let connections: Connection[];
/** What the server does with each connection: by its number, from 0. */
let behave: (connection: Connection, number: number) => void;
let live: LiveSocket<{ tasks: string[] }, { task: string }>;
let seen: string[];
let failures: Error[];

beforeEach(async () => {
  connections = [];
  seen = [];
  failures = [];
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const ticket = { ticket: 't', expiresAt: '2030-01-01T00:00:00.000Z', path: '/live' };
    response.end(JSON.stringify(request.url === '/api/v1/users/login' ? SIGNED_IN : ticket));
  });
  sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    const after = new URL(request.url ?? '', 'http://localhost').searchParams.get('after');
    const connection: Connection = { socket, after, frames: [] };
    connections.push(connection);
    const number = connections.length - 1;
    socket.on('message', (data) => {
      connection.frames.push(JSON.parse((data as Buffer).toString()));
      behave(connection, number);
    });
    if (after === null) send(socket, { t: 'snapshot', v: 1, seq: 4, state: { tasks: ['first'] } });
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;
  live = new LiveSocket({
    session: new Session(`http://127.0.0.1:${port}`, { phone: '+910', password: 'secret' }),
    ticketPath: '/api/v1/ticket',
    onSnapshot: ({ tasks }) => seen.push(...tasks),
    onDelta: ({ task }) => seen.push(task),
    onFailed: (cause) => failures.push(cause),
  });
});

afterEach(async () => {
  await live.close();
  sockets.close();
  server.close();
});

function send(socket: ServerSocket, frame: object): void {
  socket.send(JSON.stringify(frame));
}

test('a command whose wire is cut is sent again under the same id, and settled once', async () => {
  behave = ({ socket, frames }, number) => {
    if (number === 0) socket.terminate();
    else send(socket, { t: 'answer', id: frames[0]?.id, ok: true, value: 'done' });
  };
  await live.open();
  expect(await live.command({ do: 'claim', taskId: 'ord_1' })).toEqual({ ok: true, value: 'done' });
  const ids = connections.map(({ frames }) => frames.map(({ id }) => id));
  expect(ids).toHaveLength(2);
  expect(ids[0]).toHaveLength(1);
  expect(ids[1]).toEqual(ids[0]);
  expect(live.reconnects).toBe(1);
});

test('a refusal is an answer', async () => {
  const problem = { code: 'TASK_TAKEN', detail: 'Take another one.' };
  behave = ({ socket, frames }) => send(socket, { t: 'answer', id: frames[0]?.id, ok: false, problem });
  await live.open();
  expect(await live.command({ do: 'claim' })).toEqual({ ok: false, error: problem });
});

test('a new connection asks for what came after the last delta, and a known one is not told twice', async () => {
  behave = ({ socket, frames }, number) => {
    const answer = { t: 'answer', id: frames.at(-1)?.id, ok: true, value: null };
    if (number === 0) {
      send(socket, { t: 'delta', seq: 5, delta: { task: 'second' } });
      send(socket, answer);
      socket.close(1012);
    } else {
      send(socket, { t: 'delta', seq: 5, delta: { task: 'second' } });
      send(socket, { t: 'delta', seq: 6, delta: { task: 'third' } });
      send(socket, answer);
    }
  };
  await live.open();
  await live.command({ do: 'accept' });
  await live.command({ do: 'claim' });
  expect(connections.map(({ after }) => after)).toEqual([null, '5']);
  expect(seen).toEqual(['first', 'second', 'third']);
});

test('closed for good, it fails what waits and whatever is asked later', async () => {
  behave = ({ socket }) => socket.close(CLOSE_CODES.REPLACED, 'another device');
  await live.open();
  await expect(live.command({ do: 'claim' })).rejects.toThrow('4409 another device');
  await expect(live.command({ do: 'claim' })).rejects.toThrow('4409 another device');
  expect(failures).toHaveLength(1);
  expect(connections).toHaveLength(1);
});

test('what cannot be decided just now is asked again under the same id', async () => {
  const problem = { code: 'UNAVAILABLE', detail: 'Send the same command again.' };
  behave = ({ socket, frames }) => {
    const { id } = frames[0] ?? {};
    if (frames.length === 1) send(socket, { t: 'answer', id, ok: false, problem });
    else send(socket, { t: 'answer', id: frames[1]?.id, ok: true, value: frames[1]?.id === id });
  };
  await live.open();
  expect(await live.command({ do: 'deliver' })).toEqual({ ok: true, value: true });
});
