import type { OfferId, OrderId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { hasRoom } from './score.ts';

/** How long a courier may think about an offer. */
export const OFFER_MS = 20_000;
/** How long after an offer's end the zone still waits to be told: the courier's object may be away, its answer on the way. */
export const ANSWER_GRACE_MS = 15_000;

export type OfferStatus = 'OPEN' | 'ACCEPTED' | 'REJECTED' | 'TIMED_OUT' | 'WITHDRAWN';

/** One order proposed to one courier. Only the courier's object ends it, by its own clock. */
export interface Offer {
  readonly offerId: OfferId;
  readonly orderId: OrderId;
  readonly expiresAtMs: number;
  readonly status: OfferStatus;
}

/** What a courier has on hand when an offer comes or is answered. */
export interface Hands {
  readonly onShift: boolean;
  /** Orders accepted and not yet delivered. */
  readonly liveOrderIds: readonly OrderId[];
  readonly openOffers: readonly Offer[];
  readonly capacity: number;
}

/** What becomes of an offer that arrives: it may be late, and the zone's picture of the courier may be old. */
export function receiveOffer(
  hands: Hands,
  offer: Pick<Offer, 'orderId' | 'expiresAtMs'>,
  nowMs: number,
): 'OPEN' | 'TIMED_OUT' | 'UNAVAILABLE' {
  const { onShift, capacity, liveOrderIds, openOffers } = hands;
  const known = liveOrderIds.includes(offer.orderId) || openOffers.some(({ orderId }) => orderId === offer.orderId);
  if (known || !hasRoom({ onShift, capacity, load: liveOrderIds.length, offered: openOffers.length })) {
    return 'UNAVAILABLE';
  }
  return isOver(offer, nowMs) ? 'TIMED_OUT' : 'OPEN';
}

export interface OfferGone {
  readonly code: 'OFFER_GONE';
  /** What became of it; `null` when it was never made. */
  readonly status: OfferStatus | null;
}

/** The courier's answer counts while the offer is open and its time is not over, even if no alarm has ended it yet. */
export function settleOffer(
  offer: Offer | null,
  answer: 'ACCEPTED' | 'REJECTED',
  nowMs: number,
): Result<Offer, OfferGone> {
  if (offer === null) return err({ code: 'OFFER_GONE', status: null });
  if (offer.status !== 'OPEN') return err({ code: 'OFFER_GONE', status: offer.status });
  if (isOver(offer, nowMs)) return err({ code: 'OFFER_GONE', status: 'TIMED_OUT' });
  return ok({ ...offer, status: answer });
}

/** Whether the clock ends this offer now. */
export function timesOut(offer: Offer, nowMs: number): boolean {
  return offer.status === 'OPEN' && isOver(offer, nowMs);
}

function isOver(offer: Pick<Offer, 'expiresAtMs'>, nowMs: number): boolean {
  return nowMs >= offer.expiresAtMs;
}
