import type {
  AnnounceReady,
  AnswerOffer,
  RequestCourier,
  UpdateCandidate,
  WithdrawRequest,
} from '../../contracts/rpc/zone.ts';
import { S2_DISTANCE_LOAD } from '../../domain/dispatch/score.ts';
import type { Candidate, Strategy } from '../../domain/dispatch/score.ts';
import { nextStep, REST_MS } from '../../domain/dispatch/search.ts';
import { asOfferId } from '../../domain/shared/ids.ts';
import type { CourierId } from '../../domain/shared/ids.ts';
import { ok } from '../../domain/shared/result.ts';
import type { Ok } from '../../domain/shared/result.ts';
import type { ZoneBooks } from './zone-books.ts';
import { ANSWER_DEADLINE, announceExhausted, endSearch, propose } from './proposals.ts';

/** When waiting orders are looked at again though nobody said anything: one for the whole zone. */
export const LOOK_DEADLINE = 'look';
const WHOLE_ZONE = 'zone';

const FIRST_ROUND = 1;
const STRATEGY: Strategy = S2_DISTANCE_LOAD;

export function requestCourier(books: ZoneBooks, command: RequestCourier, nowMs: number): Ok<null> {
  const { orderId, takenOff } = command;
  books.searches.request(command, nowMs);
  if (takenOff !== undefined) {
    const offerId = books.newOfferId(nowMs);
    books.searches.propose({ offerId, orderId, courierId: takenOff, round: FIRST_ROUND, expiresAtMs: nowMs });
    books.searches.settle(offerId, 'DECLINED');
  }
  match(books, nowMs);
  return ok(null);
}

export function announceReady(books: ZoneBooks, { orderId, readyAtMs }: AnnounceReady, nowMs: number): Ok<null> {
  books.searches.readyAt(orderId, readyAtMs);
  match(books, nowMs);
  return ok(null);
}

export function withdraw(books: ZoneBooks, { orderId, reason }: WithdrawRequest, nowMs: number): Ok<null> {
  if (!books.searches.has(orderId)) return ok(null);
  endSearch(books, orderId, { except: null, reason }, nowMs);
  // Whoever was asked for this order is free for another one.
  match(books, nowMs);
  return ok(null);
}

/** What a courier's object says of itself. Its version decides, so that no journal is needed for the most frequent call. */
export function updateCandidate(books: ZoneBooks, command: UpdateCandidate, nowMs: number): Ok<null> {
  const { candidates, searches } = books;
  const { courierId, onShift, load, capacity } = command;
  if (!candidates.apply(command, nowMs)) return ok(null);
  candidates.heard(courierId);
  if (onShift && load < capacity) searches.mayAskAgain(courierId);

  match(books, nowMs);
  return ok(null);
}

/** A courier's object has decided. An answer to an offer of a search that is over changes nothing. */
export function answerOffer(books: ZoneBooks, command: AnswerOffer, nowMs: number): Ok<null> {
  const { candidates, searches, deadlines } = books;
  const { offerId, orderId, courierId, answer } = command;
  candidates.heard(courierId);
  const offer = searches.offer(offerId);
  if (offer !== null && offer.courierId === courierId && offer.orderId === orderId) {
    if (answer === 'accepted') {
      endSearch(books, orderId, { except: offer, reason: 'Another courier had accepted.' }, nowMs);
    } else searches.settle(offerId, answer === 'unavailable' ? 'UNAVAILABLE' : 'DECLINED');
    deadlines.clear(ANSWER_DEADLINE, offerId);
  }
  match(books, nowMs);
  return ok(null);
}

/** All grace is over and nothing came: the next courier is asked, and this one no more until heard again. */
export function giveUpOn(books: ZoneBooks, offerId: string, nowMs: number): void {
  const offer = books.searches.offer(asOfferId(offerId));
  if (offer?.status !== 'OPEN') return;
  books.searches.settle(offer.offerId, 'LOST');
  books.candidates.fellSilent(offer.courierId, nowMs);

  match(books, nowMs);
}

/** Finds couriers for the orders that wait, the most urgent first; each choice counts for the next one. */
export function match(books: ZoneBooks, nowMs: number): void {
  const { searches, candidates, deadlines } = books;
  const waiting = searches.waiting();
  if (waiting.length === 0) return;
  const pool = new Map<CourierId, Candidate>(candidates.pool().map((one) => [one.courierId, one]));
  let left = 0;
  for (const order of waiting) {
    const step = nextStep(order, [...pool.values()], STRATEGY, nowMs);
    if (step.do === 'propose') {
      propose(books, order, { ...step, strategy: STRATEGY.name }, nowMs);
      const asked = pool.get(step.ranked[0].courierId);
      if (asked !== undefined) pool.set(asked.courierId, { ...asked, offered: asked.offered + 1 });
      continue;
    }
    left += 1;
    if (step.do === 'wait') continue;
    searches.rest(order.orderId, step.untilMs);
    announceExhausted(books, order, nowMs);
  }
  if (left > 0) deadlines.set(LOOK_DEADLINE, WHOLE_ZONE, nowMs + REST_MS);
}
