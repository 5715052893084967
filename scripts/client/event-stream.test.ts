import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followEvents } from './event-stream.ts';

let server: Server;
let origin: string;
/** What each connection resumed by, in order. */
let resumed: (string | undefined)[];
let behave: (response: ServerResponse, number: number) => void;

beforeEach(async () => {
  resumed = [];
  server = createServer((request, response) => {
    const last = request.headers['last-event-id'];
    resumed.push(typeof last === 'string' ? last : undefined);
    behave(response, resumed.length - 1);
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Follows until so many events have come; answers them as `<event> <id>`. */
async function follow(count: number): Promise<string[]> {
  const seen: string[] = [];
  const over = new AbortController();
  await followEvents({
    origin,
    path: '/events',
    authorization: () => Promise.resolve('Bearer key'),
    onEvent: ({ event, id }) => {
      seen.push(`${event} ${id ?? '-'}`);
      if (seen.length === count) over.abort();
    },
    onReconnect: () => undefined,
    signal: over.signal,
  });
  return seen;
}

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('retry: 1\n\n: still here\n\n');
}

test('a stream that ends or breaks is taken up again after the last number [T2]', async () => {
  behave = (response, number) => {
    begin(response);
    if (number === 0) response.end('event: snapshot\nid: 4\ndata: {}\n\nevent: eta\ndata: {}\n\n');
    else if (number === 1) response.write('event: delta\nid: 5\ndata: {}\n\n', () => response.destroy());
    else response.write('event: delta\nid: 6\ndata: {}\n\n');
  };
  expect(await follow(4)).toEqual(['snapshot 4', 'eta -', 'delta 5', 'delta 6']);
  expect(resumed).toEqual([undefined, '4', '5']);
});

test('an answer of 5xx is no end, one of 4xx is', async () => {
  behave = (response, number) => {
    response.writeHead(number === 0 ? 503 : 404, { 'content-type': 'application/json' });
    response.end('{}');
  };
  await expect(follow(1)).rejects.toMatchObject({ status: 404 });
  expect(resumed).toHaveLength(2);
});
