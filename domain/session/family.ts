import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';

/** A family lives this long from its sign-in, however often it is refreshed (OWASP ASVS 5.0, 10.4.8). */
export const FAMILY_TTL_MS = 30 * 24 * 60 * 60 * 1000;
/** A client whose answer was lost may ask again this long, from the same device. */
export const GRACE_MS = 10_000;
/** Devices one user can be signed in on; one more ends the oldest. */
export const FAMILIES_MAX = 20;

/** All refresh tokens that descend from one sign-in on one device. */
export interface Family {
  readonly deviceId: string;
  readonly rotatedAtMs: number;
  readonly expiresAtMs: number;
}

/** Which token of its family was presented. `other` is an older one, or one that never was. */
export type Presented = 'current' | 'previous' | 'other';

/** Give out the successor for the first time, or once more to a client that did not get it. */
export type RefreshStep = 'rotate' | 'repeat';
export type FamilyEnd = 'EXPIRED' | 'OTHER_DEVICE' | 'REUSED';

/**
 * What a presented token leads to. Whatever is refused ends its family: a token that comes back after its successor was
 * seen, or from another device, has two holders, and nobody can tell which one is the thief (RFC 9700, 4.14.2).
 * While the previous token comes back, its successor was never used: using it would have moved `previous` on.
 */
export function decideRefresh(
  family: Family,
  presented: Presented,
  deviceId: string,
  nowMs: number,
): Result<RefreshStep, FamilyEnd> {
  if (nowMs >= family.expiresAtMs) return err('EXPIRED');
  if (presented === 'other') return err('REUSED');
  if (deviceId !== family.deviceId) return err('OTHER_DEVICE');
  if (presented === 'current') return ok('rotate');
  return nowMs - family.rotatedAtMs <= GRACE_MS ? ok('repeat') : err('REUSED');
}
