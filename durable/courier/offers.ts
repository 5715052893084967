import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { OfferJob } from '../../contracts/rpc/courier.ts';
import type { OfferId, OrderId, ZoneId } from '../../domain/shared/ids.ts';
import { receiveOffer, settleOffer, timesOut } from '../../domain/dispatch/offer.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { CourierBooks } from './courier-books.ts';
import type { OfferRecord } from './courier-rows.ts';
import { announce, answerZone, reportToOrder, tellZone } from './courier-announcements.ts';

/** The deadline of an open offer, by offer id. */
export const OFFER_DEADLINE = 'offer';

type AnswerRefusal = Refusal<'OFFER_GONE' | 'NOT_ON_SHIFT'>;

/** Takes an offer in and starts its clock, or answers at once when it cannot be considered. */
export function takeOffer(books: CourierBooks, offer: OfferJob, nowMs: number): Result<null, never> {
  const { rows, deadlines } = books;
  // A zone that lost its memory of this offer may send it again under another operation id.
  if (rows.offer(offer.offerId) !== null) return ok(null);
  const received = receiveOffer(rows.hands(), offer, nowMs);
  if (received === 'UNAVAILABLE') {
    answerZone(books, offer, 'unavailable', nowMs);
    return ok(null);
  }
  rows.insertOffer(offer, received, nowMs);
  rows.prune(nowMs);
  announce(books, 'courier.offered', refOf(offer), nowMs, offer.traceparent);
  if (received === 'OPEN') deadlines.set(OFFER_DEADLINE, offer.offerId, offer.expiresAtMs);
  else answerTimedOut(books, offer, nowMs);
  return ok(null);
}

/** Accepting is decided here and nowhere else: this object owns the courier's load. */
export function acceptOffer(books: CourierBooks, offerId: string, nowMs: number): Result<null, AnswerRefusal> {
  const settled = answerable(books, offerId, 'ACCEPTED', nowMs);
  if (!settled.ok) return settled;
  const offer = settled.value;
  settle(books, offer, 'ACCEPTED', nowMs);
  books.rows.insertJob(offer, nowMs);
  // The new load first: in the order of one lane the zone never sees this courier free in between.
  tellZone(books, nowMs);
  answerZone(books, offer, 'accepted', nowMs);
  reportToOrder(books, offer, 'accepted', nowMs);
  announce(books, 'courier.offer_accepted', refOf(offer), nowMs, offer.traceparent);
  return ok(null);
}

export function rejectOffer(books: CourierBooks, offerId: string, nowMs: number): Result<null, AnswerRefusal> {
  const settled = answerable(books, offerId, 'REJECTED', nowMs);
  if (!settled.ok) return settled;
  reject(books, settled.value, nowMs);
  return ok(null);
}

/** Going off shift says no to whatever is open. */
export function declineOpenOffers(books: CourierBooks, nowMs: number): void {
  for (const offer of books.rows.openOffers()) reject(books, offer, nowMs);
}

/** The clock ends an offer. Quiet when it has ended another way, or its time has not come. */
export function timeOutOffer(books: CourierBooks, offerId: string, nowMs: number): void {
  const offer = books.rows.offer(offerId);
  if (offer === null || !timesOut(offer, nowMs)) return;
  settle(books, offer, 'TIMED_OUT', nowMs);
  answerTimedOut(books, offer, nowMs);
}

/** The zone takes back what it proposed. It knows that it did, so it gets no answer. */
export function withdrawOffers(books: CourierBooks, zoneId: ZoneId, orderId: OrderId, nowMs: number): void {
  for (const offer of books.rows.openOffers()) {
    if (offer.zoneId === zoneId && offer.orderId === orderId) settle(books, offer, 'WITHDRAWN', nowMs);
  }
}

function answerable(
  books: CourierBooks,
  offerId: string,
  answer: 'ACCEPTED' | 'REJECTED',
  nowMs: number,
): Result<OfferRecord, AnswerRefusal> {
  const { rows } = books;
  if (rows.profile()?.onShift !== true) return err(refuse('NOT_ON_SHIFT', 'Start your shift to answer offers.'));
  // An alarm can be late; the deadline is not.
  timeOutOffer(books, offerId, nowMs);
  const offer = rows.offer(offerId);
  const settled = settleOffer(offer, answer, nowMs);
  if (settled.ok && offer !== null) return ok(offer);
  const status = settled.ok ? null : settled.error.status;
  return err(refuse('OFFER_GONE', 'The offer is no longer open; wait for the next one.', { offerId, status }));
}

function reject(books: CourierBooks, offer: OfferRecord, nowMs: number): void {
  settle(books, offer, 'REJECTED', nowMs);
  answerZone(books, offer, 'rejected', nowMs);
  announce(books, 'courier.offer_rejected', refOf(offer), nowMs, offer.traceparent);
}

function answerTimedOut(books: CourierBooks, offer: OfferRecord | OfferJob, nowMs: number): void {
  answerZone(books, offer, 'timed_out', nowMs);
  announce(books, 'courier.offer_timed_out', refOf(offer), nowMs, offer.traceparent);
}

function settle(
  { rows, deadlines }: CourierBooks,
  { offerId }: OfferRecord,
  status: 'ACCEPTED' | 'REJECTED' | 'TIMED_OUT' | 'WITHDRAWN',
  nowMs: number,
): void {
  rows.settleOffer(offerId, status, nowMs);
  deadlines.clear(OFFER_DEADLINE, offerId);
}

function refOf({ offerId, orderId, zoneId }: { offerId: OfferId; orderId: OrderId; zoneId: ZoneId }) {
  return { offerId, orderId, zoneId };
}
