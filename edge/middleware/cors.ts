import type { Context } from 'hono';
import type { AppEnv } from '../endpoint.ts';
import { readConfig } from '../env.ts';

/** A preflight's answer is good for this long. */
const PREFLIGHT_MAX_AGE_S = '600';
const EXPOSED = 'x-request-id, x-stock-age-ms, x-stock-version, x-stock-stale, idempotent-replayed, etag, retry-after';

/**
 * Lets the pages of the configured origins call the API. Tokens travel in headers, so credentials are never allowed.
 * The answer, if the request only asks whether it may.
 */
export function allowOrigin(c: Context<AppEnv>): Response | undefined {
  const origin = c.req.header('origin');
  if (origin === undefined || !readConfig(c.env).allowedOrigins.has(origin)) return undefined;
  c.header('access-control-allow-origin', origin);
  c.header('vary', 'Origin');
  c.header('access-control-expose-headers', EXPOSED);
  if (c.req.method !== 'OPTIONS') return undefined;
  c.header('access-control-allow-methods', 'GET, POST, PUT, DELETE');
  c.header('access-control-allow-headers', 'authorization, content-type, idempotency-key, if-none-match, traceparent');
  c.header('access-control-max-age', PREFLIGHT_MAX_AGE_S);
  return c.body(null, 204);
}
