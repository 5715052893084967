import type { Context } from 'hono';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';

const PATTERN = /^[\x21-\x7e]{8,64}$/;

/** How a route that wants a key describes it. */
export const KEY_HEADER = {
  'idempotency-key': { required: true, description: '8 to 64 printable characters, new for each thing you want.' },
};

/** The client's own name for what it wants: sent again with it, the request finds what it made. */
export function readIdempotencyKey(c: Context): Result<string, Refusal<'IDEMPOTENCY_KEY_REQUIRED'>> {
  const key = c.req.header('idempotency-key') ?? '';
  return PATTERN.test(key) ? ok(key) : err(REQUIRED);
}

const REQUIRED = refuse('IDEMPOTENCY_KEY_REQUIRED', 'Send 8 to 64 printable characters, new for each thing you want.');
