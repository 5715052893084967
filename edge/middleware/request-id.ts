import type { Context } from 'hono';
import type { AppEnv } from '../endpoint.ts';

/** W3C Trace Context, version 00: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Names each request by a trace id, the caller's if it sent one: the same id is in the answer, in problem documents, in the
 * log and, through `traceparent`, in the events that the request leads to.
 */
export function nameRequest(c: Context<AppEnv>): void {
  const given = c.req.header('traceparent');
  const id =
    (given === undefined ? undefined : TRACEPARENT.exec(given)?.[1]) ?? crypto.randomUUID().replaceAll('-', '');
  c.set('requestId', id);
  c.header('x-request-id', id);
  c.header('x-content-type-options', 'nosniff');
  // Whatever may be kept says so itself.
  c.header('cache-control', 'no-store');
}

/** The trace context to hand on with a command. */
export function traceparentOf(c: { get(key: 'requestId'): string }): string {
  const id = c.get('requestId');
  return `00-${id}-${id.slice(0, 16)}-01`;
}
