import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { LogPort, PartitionAck } from '../kit/log-port.ts';
import { AppendQueue } from './append-queue.ts';
import {
  ANSWER_TYPE,
  BODY_BYTES_MAX,
  checkContentType,
  parseProduceBody,
  type GatewayProblem,
} from './produce-request.ts';
import type { StreamsStatus } from './status.ts';

/** Requests under way at once; the HTTP Proxy has the same bound per shard. */
const IN_FLIGHT_MAX = 500;
/** A body that trickles in holds a place that others could use. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than a client's own pause between requests, so that a connection is not cut under its hands. */
const KEEP_ALIVE_MS = 65_000;
/** What a stop waits for; after that connections are cut and clients retry. */
const DRAIN_MS = 5_000;

export interface GatewayOptions {
  readonly log: LogPort;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly token: string;
  readonly status: () => Promise<StreamsStatus>;
}

export interface Gateway {
  readonly url: string;
  /** Takes no new request, answers those under way. */
  stop(): Promise<void>;
}

/** The produce endpoint of Redpanda's HTTP Proxy, for brokers that have none, and the state of this process. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const queue = new AppendQueue(options.log);
  const tokenDigest = digestOf(`Bearer ${options.token}`);
  let inFlight = 0;
  let stopping = false;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (stopping) return refuse(response, STOPPING);
    if (path === '/status/ready') return answerReady(response, await options.status());
    if (!timingSafeEqual(digestOf(request.headers.authorization ?? ''), tokenDigest)) {
      return refuse(response, { status: 401, errorCode: 40101, message: 'a valid bearer token is required' });
    }
    if (path === '/streams/status') return send(response, 200, 'application/json', await options.status());
    const topic = /^\/topics\/([A-Za-z0-9._-]{1,249})$/.exec(path)?.[1];
    if (topic === undefined) return refuse(response, { status: 404, errorCode: 40401, message: 'no such resource' });
    if (request.method !== 'POST') {
      return refuse(response, { status: 405, errorCode: 40501, message: 'records are sent with POST' });
    }
    if (inFlight >= IN_FLIGHT_MAX) return refuse(response, TOO_MANY);
    inFlight += 1;
    try {
      const produced = await produce(queue, topic, request);
      // Otherwise the connection would be kept for a next request, and a stop would wait for it.
      if (stopping) response.setHeader('connection', 'close');
      if (produced.ok) send(response, 200, ANSWER_TYPE, { offsets: produced.value.map(toEntry) });
      else refuse(response, produced.error);
    } finally {
      inFlight -= 1;
    }
  }

  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => {
      answer(request, response).catch((cause: unknown) => {
        if (response.headersSent || response.destroyed) return;
        refuse(response, { status: 500, errorCode: 50001, message: `internal error: ${String(cause)}` });
      });
    },
  );
  await listening(server, options.port, options.host);
  return {
    url: urlOf(server, options.host),
    async stop() {
      stopping = true;
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await queue.drained();
      await closed;
      clearTimeout(cut);
    },
  };
}

const STOPPING: GatewayProblem = { status: 503, errorCode: 50301, message: 'stopping' };
const TOO_MANY: GatewayProblem = { status: 429, errorCode: 42901, message: 'too many requests in flight' };

async function produce(
  queue: AppendQueue,
  topic: string,
  request: IncomingMessage,
): Promise<Result<readonly PartitionAck[], GatewayProblem>> {
  const unsuitable = checkContentType(request.headers['content-type'], request.headers.accept);
  if (unsuitable !== undefined) return err(unsuitable);
  const body = await readBody(request);
  if (!body.ok) return body;
  const records = parseProduceBody(topic, body.value);
  if (!records.ok) return records;
  const appended = await queue.append(records.value);
  if (appended.ok) return appended;
  if (appended.error.code === 'QUEUE_FULL') return err(TOO_MANY);
  return err({ status: 503, errorCode: 50302, message: 'the log does not answer' });
}

async function readBody(request: IncomingMessage): Promise<Result<string, GatewayProblem>> {
  const tooLarge = err({ status: 413, errorCode: 41301, message: `a body may have ${BODY_BYTES_MAX} bytes` });
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) return tooLarge;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) return tooLarge;
    chunks.push(chunk);
  }
  return ok(Buffer.concat(chunks).toString('utf8'));
}

function toEntry({ partition, baseOffset, errorCode }: PartitionAck) {
  return errorCode === 0 ? { partition, offset: baseOffset } : { partition, error_code: errorCode, offset: -1 };
}

function answerReady(response: ServerResponse, status: StreamsStatus): void {
  if (status.log.ready) send(response, 200, 'application/json', { status: 'ready' });
  else refuse(response, { status: 503, errorCode: 50302, message: 'the log does not answer' });
}

function refuse(response: ServerResponse, { status, errorCode, message }: GatewayProblem): void {
  if (status === 429 || status === 503) response.setHeader('retry-after', '1');
  // What is left of the request's body will not be read.
  if (status === 413 || errorCode === STOPPING.errorCode) response.setHeader('connection', 'close');
  send(response, status, ANSWER_TYPE, { error_code: errorCode, message });
}

function send(response: ServerResponse, status: number, type: string, body: unknown): void {
  response.writeHead(status, { 'content-type': type });
  response.end(JSON.stringify(body));
}

/** Digests have one length, so that comparing them tells nothing about the token. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string): string {
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
