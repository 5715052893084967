import { errors, importJWK, jwtVerify, SignJWT } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Config } from '../env.ts';

const ALGORITHM = 'EdDSA';
const ISSUER = 'kirana';

/** What a token is for. The verifier checks both, so that one kind never passes for another (RFC 8725, 3.11 and 3.9). */
export interface TokenKind {
  readonly typ: string;
  readonly audience: string;
}

export interface Signed {
  readonly claims: JWTPayload;
  readonly expiresAtMs: number;
}

/** Signs with the one current key and verifies with that and the retired ones. Each is imported once an isolate. */
export class SigningKeys {
  readonly #config: Pick<Config, 'signingKey' | 'retiredKeys'>;
  #signing: CryptoKey | undefined;
  readonly #verifying = new Map<string, CryptoKey>();

  constructor(config: Pick<Config, 'signingKey' | 'retiredKeys'>) {
    this.#config = config;
  }

  async sign(kind: TokenKind, claims: JWTPayload, nowMs: number, ttlS: number): Promise<string> {
    const { signingKey } = this.#config;
    this.#signing ??= await importKey(signingKey);
    const nowS = Math.floor(nowMs / 1000);
    return new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: kind.typ, kid: signingKey.kid })
      .setIssuer(ISSUER)
      .setAudience(kind.audience)
      .setIssuedAt(nowS)
      .setExpirationTime(nowS + ttlS)
      .sign(this.#signing);
  }

  /** The claims of a token that one of our keys signed for exactly this purpose; `EXPIRED` only for one that was good. */
  async verify(kind: TokenKind, token: string, nowMs: number): Promise<Result<Signed, 'INVALID' | 'EXPIRED'>> {
    try {
      const { payload } = await jwtVerify(token, (header) => this.#keyOf(header.kid), {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: kind.audience,
        typ: kind.typ,
        requiredClaims: ['sub', 'iat', 'exp'],
        currentDate: new Date(nowMs),
      });
      return ok({ claims: payload, expiresAtMs: (payload.exp ?? 0) * 1000 });
    } catch (cause) {
      // A key we cannot import is a fault of ours; everything jose says about the token is the token's.
      if (!(cause instanceof errors.JOSEError)) throw cause;
      return err(cause instanceof errors.JWTExpired ? 'EXPIRED' : 'INVALID');
    }
  }

  async #keyOf(kid: string | undefined): Promise<CryptoKey> {
    const { signingKey, retiredKeys } = this.#config;
    const jwk = [signingKey, ...retiredKeys].find((key) => key.kid === kid);
    if (jwk === undefined) throw new errors.JWKSNoMatchingKey();
    const known = this.#verifying.get(jwk.kid);
    if (known !== undefined) return known;
    const { kty, crv, x } = jwk;
    const key = await importKey({ kty, crv, x });
    this.#verifying.set(jwk.kid, key);
    return key;
  }
}

async function importKey(jwk: { kty: string; crv: string; x: string; d?: string | undefined }): Promise<CryptoKey> {
  const { d, ...open } = jwk;
  const key = await importJWK(d === undefined ? open : { ...open, d }, ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('an Ed25519 key was expected');
  return key;
}
