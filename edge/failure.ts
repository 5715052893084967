import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { refuse } from '../contracts/problem.ts';
import type { AppEnv } from './endpoint.ts';
import { logLine } from './log.ts';
import { problem } from './problem.ts';

/** What nobody expected. The client learns nothing of it but the id under which the log has the rest. */
export function answerFailure(cause: Error, c: Context<AppEnv>): Response {
  // hono's own refusals: a body that is no JSON is the one that can occur.
  if (cause instanceof HTTPException && cause.status < 500) {
    return problem(c, refuse('INVALID_INPUT', 'Send a body that is well-formed JSON.'));
  }
  const { method, path } = c.req;
  logLine({ event: 'failed', requestId: c.get('requestId'), method, path, cause: cause.stack ?? String(cause) });
  return problem(c, refuse('INTERNAL', 'Try again; if it stays so, tell us the request id.'));
}
