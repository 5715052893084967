import type { Context } from 'hono';
import { refuse } from '../contracts/problem.ts';
import type { AppEnv } from './endpoint.ts';
import { logLine } from './log.ts';
import { problem } from './problem.ts';

/** What nobody expected. The client learns nothing of it but the id under which the log has the rest. */
export function answerFailure(cause: Error, c: Context<AppEnv>): Response {
  const { method, path } = c.req;
  logLine({ event: 'failed', requestId: c.get('requestId'), method, path, cause: cause.stack ?? String(cause) });
  return problem(c, refuse('INTERNAL', 'Try again; if it stays so, tell us the request id.'));
}
