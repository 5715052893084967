import { ID_PREFIXES, asUserId, isId } from '../shared/ids.ts';
import type { UserId } from '../shared/ids.ts';

/** What a refresh token says of itself: whose object knows it, which family it is of, and the secret. */
export interface RefreshToken {
  readonly userId: UserId;
  /** 16 random bytes in Crockford's base32. */
  readonly familyId: string;
  /** 32 bytes in Crockford's base32. */
  readonly secret: string;
}

const PATTERN = /^kir_rt_([0-9A-Z]{26})_([0-9A-Z]{26})_([0-9A-Z]{52})$/;

/** `kir_rt_<user>_<family>_<secret>`: the prefix lets a secret scanner recognise one that leaked. */
export function writeRefreshToken({ userId, familyId, secret }: RefreshToken): string {
  return `kir_rt_${userId.slice(ID_PREFIXES.UserId.length + 1)}_${familyId}_${secret}`;
}

/** `null` for anything that cannot be one of ours. */
export function readRefreshToken(text: string): RefreshToken | null {
  const [, user, familyId, secret] = PATTERN.exec(text) ?? [];
  const userId = `${ID_PREFIXES.UserId}_${user}`;
  if (familyId === undefined || secret === undefined || !isId('UserId', userId)) return null;
  return { userId: asUserId(userId), familyId, secret };
}
