import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { refused, runBatch, runOne, type NeonAnswer, type NeonQuery } from './neon-sql.ts';
import { createTunnel } from './neon-tunnel.ts';

export interface NeonEndpointOptions {
  /** What clients must present: user, password, host, port and database are compared, parameters are not. */
  readonly connectionString: string;
  /** Where PostgreSQL really is. */
  readonly postgresUrl: string;
  /** A port of the loopback interface; any free one if left out. */
  readonly port?: number;
  /** How long one statement may take; 30 s unless said. */
  readonly statementMaxMs?: number;
}

export interface NeonEndpoint {
  readonly port: number;
  close(): Promise<void>;
}

export interface NeonEndpointProblem {
  readonly code: 'PORT_BUSY';
  readonly detail: string;
}

const CONNECTIONS = 20;
/** Statements that wait for a connection; above this the answer is 503 at once. */
const WAITING_MAX = 200;
const CONNECT_WAIT_MS = 2_000;
const STATEMENT_MAX_MS = 30_000;
const CLOSE_WAIT_MS = 1_000;
/** Neon's own bound for a request and for an answer. https://neon.com/docs/serverless/serverless-driver */
const BODY_BYTES_MAX = 10 * 1024 * 1024;
/** Longer than any client keeps an idle connection: else a request may meet the closing of the one it was sent on. */
const KEEP_ALIVE_MS = 120_000;

/**
 * Speaks Neon's HTTP (`POST /sql`) and WebSocket (`/v2`) protocol in front of a local PostgreSQL, so that the Worker
 * runs the driver it has in production. Loopback only. While PostgreSQL is down every request is answered at once with
 * code 08006, and the first one after its return works: connections are opened on demand.
 */
export async function startNeonEndpoint(
  options: NeonEndpointOptions,
): Promise<Result<NeonEndpoint, NeonEndpointProblem>> {
  const { statementMaxMs = STATEMENT_MAX_MS } = options;
  const target = new URL(options.postgresUrl);
  const pool = new pg.Pool({
    connectionString: options.postgresUrl,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_WAIT_MS,
    statement_timeout: statementMaxMs,
    // For a server that does not answer at all: the client's limit strikes after the server's own.
    query_timeout: statementMaxMs + CONNECT_WAIT_MS,
    application_name: 'kirana-neon-endpoint',
  });
  // The pool listens to idle connections only; the death of one that it has just handed out would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  const tunnel = createTunnel(addressOf(new URL(options.connectionString)), {
    host: target.hostname,
    port: Number(target.port || 5432),
  });
  const server = createServer((request, response) => {
    void answer(pool, options.connectionString, request).then((result) => send(response, request, result));
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('upgrade', tunnel.upgrade);
  const port = await listen(server, options.port ?? 0);
  if (port === undefined) {
    await pool.end();
    return err({
      code: 'PORT_BUSY',
      detail: `Port ${options.port} for the Neon endpoint is taken: end what listens there, or choose another port.`,
    });
  }
  return ok({
    port,
    async close() {
      tunnel.close();
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
      // A statement in flight has nobody left to answer to; PostgreSQL ends it when it stops.
      await Promise.race([pool.end(), sleep(CLOSE_WAIT_MS, undefined, { ref: false })]);
    },
  });
}

async function answer(pool: pg.Pool, allowed: string, request: IncomingMessage): Promise<NeonAnswer> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (path !== '/sql') return { status: 404, body: 'This endpoint answers POST /sql and WebSocket /v2.' };
  if (request.method !== 'POST') return { status: 405, body: 'Use POST.' };
  if (!sameConnection(allowed, header(request, 'neon-connection-string') ?? '')) {
    return refused('the Neon-Connection-String is not the one of this endpoint', '28P01');
  }
  if (pool.waitingCount >= WAITING_MAX) return { status: 503, body: 'too many statements are waiting' };
  const announced = Number(header(request, 'content-length') ?? 0);
  const body = announced > BODY_BYTES_MAX ? undefined : await readBody(request);
  if (body === undefined) return { status: 413, body: `a request has at most ${BODY_BYTES_MAX} bytes` };
  const parsed = parseBody(body);
  if (parsed === undefined) return refused('the body is not {"query","params"} or {"queries":[…]}');
  if (!Array.isArray(parsed)) return runOne(pool, parsed);
  const isolationLevel = header(request, 'neon-batch-isolation-level');
  return runBatch(pool, parsed, {
    ...(isolationLevel === undefined ? {} : { isolationLevel }),
    readOnly: header(request, 'neon-batch-read-only') === 'true',
    deferrable: header(request, 'neon-batch-deferrable') === 'true',
  });
}

function send(response: ServerResponse, request: IncomingMessage, { status, body }: NeonAnswer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const tooLarge = Buffer.byteLength(text) > BODY_BYTES_MAX;
  response.statusCode = tooLarge ? 507 : status;
  response.setHeader('content-type', typeof body === 'string' || tooLarge ? 'text/plain' : 'application/json');
  if (status === 503) response.setHeader('retry-after', '1');
  for (const name of ['neon-batch-isolation-level', 'neon-batch-read-only', 'neon-batch-deferrable']) {
    const value = header(request, name);
    if (value !== undefined) response.setHeader(name, value);
  }
  // A body that was refused unread would be taken for the next request on this connection.
  if (!request.complete) response.setHeader('connection', 'close');
  response.end(tooLarge ? `the answer has more than ${BODY_BYTES_MAX} bytes` : text);
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      const part: Buffer = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > BODY_BYTES_MAX) return undefined;
      chunks.push(part);
    }
  } catch {
    // The client went away; nobody reads the answer.
    return '';
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(text: string): NeonQuery | NeonQuery[] | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(body)) return undefined;
  if (!('queries' in body)) return toQuery(body);
  if (!Array.isArray(body['queries'])) return undefined;
  const queries = body['queries'].map(toQuery);
  return queries.every((query) => query !== undefined) ? queries : undefined;
}

function toQuery(raw: unknown): NeonQuery | undefined {
  if (!isRecord(raw)) return undefined;
  const { query, params = [] } = raw;
  return typeof query === 'string' && Array.isArray(params) ? { query, params } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function sameConnection(allowed: string, presented: string): boolean {
  if (!URL.canParse(presented)) return false;
  const [left, right] = [allowed, presented].map((text) => {
    const url = new URL(text);
    return Buffer.from(`${url.username}:${url.password}@${addressOf(url)}${url.pathname}`);
  });
  return left !== undefined && right !== undefined && left.length === right.length && timingSafeEqual(left, right);
}

function addressOf(url: URL): string {
  return `${url.hostname}:${url.port || '5432'}`;
}

function listen(server: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' ? address?.port : undefined);
    });
  });
}
