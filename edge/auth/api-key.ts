import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../contracts/actor.ts';
import { asChannelId, asUserId } from '../../domain/shared/ids.ts';
import type { Config } from '../env.ts';

const PREFIX = 'kir_';
/** The secret part has 192 bits or more, so a plain digest is enough: there is nothing to guess. */
const PATTERN = /^kir_(?:op_[A-Za-z0-9]{1,32}|ch_[a-z][a-z0-9-]{0,31})_[A-Za-z0-9_-]{32,128}$/;

export function isApiKey(bearer: string): boolean {
  return bearer.startsWith(PREFIX);
}

/** SHA-256 in hex of the whole key: what is configured in the key's place. */
export function apiKeyDigest(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

interface KnownKey {
  /** `op_<id>` or `ch_<channel>`: what a key says of itself. */
  readonly name: string;
  readonly sha256: Uint8Array;
  readonly caller: Caller;
}

/**
 * The keys of operators, `kir_op_<id>_<secret>`, and of channels, `kir_ch_<channel>_<secret>`. One name may have several keys,
 * so that a new one is in use before the old one is withdrawn.
 */
export class ApiKeys {
  readonly #known: readonly KnownKey[];
  /** By its text, so that a key is digested once an isolate. Only good keys are in it: never more than are configured. */
  readonly #verified = new Map<string, Caller>();

  constructor({ operatorKeys, channelKeys }: Pick<Config, 'operatorKeys' | 'channelKeys'>) {
    this.#known = [
      ...operatorKeys.map(({ id, sha256, userId }) =>
        knownKey(`op_${id}`, sha256, { kind: 'operator', userId: asUserId(userId) }),
      ),
      ...channelKeys.map(({ id, sha256 }) =>
        knownKey(`ch_${id}`, sha256, { kind: 'channel', channelId: asChannelId(id) }),
      ),
    ];
  }

  /** Whose key this is, or `null`. Found by its name, compared in constant time. */
  read(bearer: string): Caller | null {
    const verified = this.#verified.get(bearer);
    if (verified !== undefined) return verified;
    if (!PATTERN.test(bearer)) return null;
    const [, kind = '', id = ''] = bearer.split('_', 3);
    const named = this.#known.filter(({ name }) => name === `${kind}_${id}`);
    if (named.length === 0) return null;
    const digest = new TextEncoder().encode(apiKeyDigest(bearer));
    const caller = named.find(({ sha256 }) => timingSafeEqual(digest, sha256))?.caller;
    if (caller !== undefined) this.#verified.set(bearer, caller);
    return caller ?? null;
  }
}

function knownKey(name: string, sha256: string, caller: Caller): KnownKey {
  return { name, sha256: new TextEncoder().encode(sha256), caller };
}
