import type { Context, Next } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { refuse } from '../../contracts/problem.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';

/** The largest order, 100 lines, is under 10 kB. */
const BODY_BYTES_MAX = 256 * 1024;
/** 500 assortment rows with long texts. */
const ADMIN_BODY_BYTES_MAX = 2 * 1024 * 1024;
/** Address and query string together. */
const URL_CHARS_MAX = 4_096;
const HEADER_CHARS_MAX = 4_096;
const LONG_HEADERS = ['authorization', 'idempotency-key', 'if-none-match', 'origin', 'traceparent'];

const JSON_MEDIA_TYPE = /^application\/json\s*(?:;|$)/i;

const smallBody = countBody(BODY_BYTES_MAX);
const adminBody = countBody(ADMIN_BODY_BYTES_MAX);

/** Everything that arrives has a bound, and every body is JSON. */
export function limit(c: Context<AppEnv>, next: Next): Promise<Response | void> {
  const { url, method, headers } = c.req.raw;
  if (url.length > URL_CHARS_MAX) return tooLarge(c, `Send an address of at most ${URL_CHARS_MAX} characters.`);
  if (LONG_HEADERS.some((name) => (headers.get(name)?.length ?? 0) > HEADER_CHARS_MAX)) {
    return tooLarge(c, `Send headers of at most ${HEADER_CHARS_MAX} characters.`);
  }
  return method === 'GET' || method === 'HEAD' ? next() : limitBody(c, next);
}

function limitBody(c: Context<AppEnv>, next: Next): Promise<Response | void> {
  const { headers } = c.req.raw;
  const length = headers.get('content-length');
  const isStreamed = headers.has('transfer-encoding');
  const hasBody = isStreamed || Number(length ?? 0) > 0;
  if (hasBody && !JSON_MEDIA_TYPE.test(headers.get('content-type') ?? '')) {
    return Promise.resolve(problem(c, refuse('UNSUPPORTED_MEDIA_TYPE', 'Send Content-Type: application/json.')));
  }
  const isAdmin = c.req.path.startsWith('/api/v1/admin/');
  // A body that does not say how long it is: its bytes are counted as they come.
  if (isStreamed || length === null) return isAdmin ? adminBody(c, next) : smallBody(c, next);
  const maxSize = isAdmin ? ADMIN_BODY_BYTES_MAX : BODY_BYTES_MAX;
  return Number(length) <= maxSize ? next() : tooLarge(c, bodyDetail(maxSize));
}

function countBody(maxSize: number): (c: Context, next: Next) => Promise<Response | void> {
  return bodyLimit({ maxSize, onError: (c) => tooLarge(c, bodyDetail(maxSize)) });
}

function bodyDetail(maxSize: number): string {
  return `Send a body of at most ${maxSize} bytes.`;
}

function tooLarge(c: Context, detail: string): Promise<Response> {
  return Promise.resolve(problem(c, refuse('PAYLOAD_TOO_LARGE', detail)));
}
