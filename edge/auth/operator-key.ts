import { createHash, timingSafeEqual } from 'node:crypto';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { asUserId } from '../../domain/shared/ids.ts';
import type { OperatorKey } from '../env.ts';

/** The secret part has 192 bits or more, so a plain digest is enough: there is nothing to guess. */
const PATTERN = /^kir_op_([A-Za-z0-9]{1,32})_[A-Za-z0-9_-]{32,128}$/;

export function isOperatorKey(bearer: string): boolean {
  return bearer.startsWith('kir_op_');
}

/** SHA-256 in hex of the whole key: what is configured in the key's place. */
export function operatorKeyDigest(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** The operator of this key, or `null`. Found by its id, compared in constant time. */
export function readOperatorKey(keys: readonly OperatorKey[], bearer: string): SignedInActor | null {
  const id = PATTERN.exec(bearer)?.[1];
  const known = keys.find((key) => key.id === id);
  if (known === undefined) return null;
  const encoder = new TextEncoder();
  const same = timingSafeEqual(encoder.encode(operatorKeyDigest(bearer)), encoder.encode(known.sha256));
  return same ? { kind: 'operator', userId: asUserId(known.userId) } : null;
}
