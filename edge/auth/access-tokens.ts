import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { readActor, writeActor } from './actor-claims.ts';
import type { SigningKeys, TokenKind } from './signing-keys.ts';

/** `typ` of a JWT access token (RFC 9068, 2.1). */
const ACCESS: TokenKind = { typ: 'at+jwt', audience: 'kirana-api' };
/** About 5 MB of entries; one isolate sees far fewer customers within a token's life. */
const CACHE_MAX = 10_000;
/** Ours are under 500 characters. */
const TOKEN_CHARS_MAX = 2_048;

interface Verified {
  readonly actor: SignedInActor;
  readonly expiresAtMs: number;
}

/**
 * Issues access tokens, and verifies each once an isolate: a signature check costs half of what the rest of a small request
 * does. The cache is keyed by the token itself, as even a digest of it costs a sixth of such a request; who could read it there could
 * read the key that signs them. It forgets the oldest when it is full.
 */
export class AccessTokens {
  readonly #keys: SigningKeys;
  readonly #verified = new Map<string, Verified>();

  constructor(keys: SigningKeys) {
    this.#keys = keys;
  }

  issue(actor: SignedInActor, nowMs: number, ttlS: number): Promise<string> {
    return this.#keys.sign(ACCESS, writeActor(actor), nowMs, ttlS);
  }

  async verify(
    token: string,
    nowMs: number,
  ): Promise<Result<SignedInActor, Refusal<'UNAUTHENTICATED' | 'TOKEN_EXPIRED'>>> {
    if (token.length > TOKEN_CHARS_MAX) return err(UNAUTHENTICATED);
    const known = this.#verified.get(token);
    if (known !== undefined) {
      if (nowMs < known.expiresAtMs) return ok(known.actor);
      this.#verified.delete(token);
      return err(TOKEN_EXPIRED);
    }
    const signed = await this.#keys.verify(ACCESS, token, nowMs);
    if (!signed.ok) return err(signed.error === 'EXPIRED' ? TOKEN_EXPIRED : UNAUTHENTICATED);
    const actor = readActor(signed.value.claims);
    if (actor === null) return err(UNAUTHENTICATED);
    this.#remember(token, { actor, expiresAtMs: signed.value.expiresAtMs });
    return ok(actor);
  }

  #remember(token: string, verified: Verified): void {
    if (this.#verified.size >= CACHE_MAX) {
      const oldest = this.#verified.keys().next();
      if (oldest.done !== true) this.#verified.delete(oldest.value);
    }
    this.#verified.set(token, verified);
  }
}

const TOKEN_EXPIRED = refuse('TOKEN_EXPIRED', 'Refresh the session and try again.');
export const UNAUTHENTICATED = refuse('UNAUTHENTICATED', 'Send Authorization: Bearer with an access token or a key.');
