import { ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ZoneId } from '../../domain/shared/ids.ts';
import type { Fix } from '../../domain/dispatch/position.ts';
import type { CourierBooks } from './courier-books.ts';
import { announce, tellZone } from './courier-announcements.ts';
import { declineOpenOffers } from './offers.ts';

/** From now on the zone may propose orders. Starting in another zone ends the shift in the first one. */
export function startShift(books: CourierBooks, zoneId: ZoneId, at: Fix): Result<null, never> {
  const before = books.rows.profile();
  if (before?.onShift === true && before.zoneId !== zoneId) endShift(books, at.atMs);
  books.rows.startShift(zoneId, at);
  tellZone(books, at.atMs);
  if (before?.onShift !== true || before.zoneId !== zoneId) {
    announce(books, 'courier.shift_started', { zoneId }, at.atMs);
  }
  return ok(null);
}

/** No more offers. What is on hand is still to be delivered. */
export function endShift(books: CourierBooks, nowMs: number): Result<null, never> {
  const profile = books.rows.profile();
  if (profile?.onShift !== true) return ok(null);
  books.rows.endShift();
  tellZone(books, nowMs);
  declineOpenOffers(books, nowMs);
  announce(books, 'courier.shift_ended', { zoneId: profile.zoneId }, nowMs);
  return ok(null);
}
