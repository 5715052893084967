import type { Refusal } from '../../contracts/problem.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { readConfig } from '../env.ts';
import type { Config, EdgeEnv } from '../env.ts';
import { AccessTokens, UNAUTHENTICATED } from './access-tokens.ts';
import { isOperatorKey, readOperatorKey } from './operator-key.ts';
import { SigningKeys } from './signing-keys.ts';

export interface Auth {
  readonly config: Config;
  readonly keys: SigningKeys;
  readonly tokens: AccessTokens;
}

const made = new WeakMap<EdgeEnv, Auth>();

/** Keys and the cache of verified tokens, once an isolate. */
export function authOf(env: EdgeEnv): Auth {
  const known = made.get(env);
  if (known !== undefined) return known;
  const config = readConfig(env);
  const keys = new SigningKeys(config);
  const auth = { config, keys, tokens: new AccessTokens(keys) };
  made.set(env, auth);
  return auth;
}

/** Who sends this `Authorization` header: an access token's user, or the operator of a key. */
export async function authenticate(
  env: EdgeEnv,
  header: string | undefined,
  nowMs: number,
): Promise<Result<SignedInActor, Refusal<'UNAUTHENTICATED' | 'TOKEN_EXPIRED'>>> {
  if (header?.startsWith('Bearer ') !== true) return err(UNAUTHENTICATED);
  const bearer = header.slice('Bearer '.length);
  const { config, tokens } = authOf(env);
  if (!isOperatorKey(bearer)) return tokens.verify(bearer, nowMs);
  const operator = readOperatorKey(config.operatorKeys, bearer);
  return operator === null ? err(UNAUTHENTICATED) : ok(operator);
}
