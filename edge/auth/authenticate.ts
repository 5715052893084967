import type { Caller } from '../../contracts/actor.ts';
import type { Refusal } from '../../contracts/problem.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { readConfig } from '../env.ts';
import type { Config, EdgeEnv } from '../env.ts';
import { AccessTokens, UNAUTHENTICATED } from './access-tokens.ts';
import { ApiKeys, isApiKey } from './api-key.ts';
import { QuoteTexts } from './quote-text.ts';
import { SigningKeys } from './signing-keys.ts';

export interface Auth {
  readonly config: Config;
  readonly keys: SigningKeys;
  readonly tokens: AccessTokens;
  readonly apiKeys: ApiKeys;
  readonly quotes: QuoteTexts;
}

const made = new WeakMap<EdgeEnv, Auth>();

/** Keys and the caches of what was verified, once an isolate. */
export function authOf(env: EdgeEnv): Auth {
  const known = made.get(env);
  if (known !== undefined) return known;
  const config = readConfig(env);
  const keys = new SigningKeys(config);
  const auth = {
    config,
    keys,
    tokens: new AccessTokens(keys),
    apiKeys: new ApiKeys(config),
    quotes: new QuoteTexts(config),
  };
  made.set(env, auth);
  return auth;
}

/** Who sends this `Authorization` header: an access token's user, or whose API key it is. */
export async function authenticate(
  env: EdgeEnv,
  header: string | undefined,
  nowMs: number,
): Promise<Result<Caller, Refusal<'UNAUTHENTICATED' | 'TOKEN_EXPIRED'>>> {
  if (header?.startsWith('Bearer ') !== true) return err(UNAUTHENTICATED);
  const bearer = header.slice('Bearer '.length);
  const { apiKeys, tokens } = authOf(env);
  if (!isApiKey(bearer)) return tokens.verify(bearer, nowMs);
  const caller = apiKeys.read(bearer);
  return caller === null ? err(UNAUTHENTICATED) : ok(caller);
}
