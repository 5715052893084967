import type { Context, MiddlewareHandler, Next } from 'hono';
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

const smallBody = limitBody(BODY_BYTES_MAX);
const adminBody = limitBody(ADMIN_BODY_BYTES_MAX);

/** Everything that arrives has a bound, and every body is JSON. */
export const limits: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.url.length > URL_CHARS_MAX) return tooLarge(c, `Send an address of at most ${URL_CHARS_MAX} characters.`);
  if (LONG_HEADERS.some((name) => (c.req.header(name)?.length ?? 0) > HEADER_CHARS_MAX)) {
    return tooLarge(c, `Send headers of at most ${HEADER_CHARS_MAX} characters.`);
  }
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
  if (hasBody(c) && !/^application\/json\s*(?:;|$)/i.test(c.req.header('content-type') ?? '')) {
    return problem(c, refuse('UNSUPPORTED_MEDIA_TYPE', 'Send Content-Type: application/json.'));
  }
  return c.req.path.startsWith('/api/v1/admin/') ? adminBody(c, next) : smallBody(c, next);
};

function hasBody(c: Context): boolean {
  return c.req.header('transfer-encoding') !== undefined || Number(c.req.header('content-length') ?? 0) > 0;
}

function limitBody(maxSize: number): (c: Context, next: Next) => Promise<Response | void> {
  return bodyLimit({ maxSize, onError: (c) => tooLarge(c, `Send a body of at most ${maxSize} bytes.`) });
}

function tooLarge(c: Context, detail: string) {
  return problem(c, refuse('PAYLOAD_TOO_LARGE', detail));
}
