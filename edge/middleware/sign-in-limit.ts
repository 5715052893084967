import type { Context } from 'hono';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { AppEnv } from '../endpoint.ts';

/**
 * Bounds guessing per account and per address, before any work is done. The platform counts per location and roughly, which
 * is enough against guessing; limits that must be exact belong to the user's SessionObject.
 */
export async function signInLimit(
  c: Context<AppEnv>,
  account: string,
): Promise<Result<null, Refusal<'TOO_MANY_REQUESTS'>>> {
  const limit = c.env.SIGN_IN_LIMIT;
  if (limit === undefined) return ok(null);
  // The one header about the caller that only the platform's edge can have set; absent on a machine of one's own.
  const address = c.req.header('cf-connecting-ip');
  const keys = [`account:${account}`, ...(address === undefined ? [] : [`address:${address}`])];
  const outcomes = await Promise.all(keys.map((key) => limit.limit({ key })));
  return outcomes.every(({ success }) => success)
    ? ok(null)
    : err(refuse('TOO_MANY_REQUESTS', 'Too many tries. Wait a minute.'));
}
