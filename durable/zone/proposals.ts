import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Command } from '../../contracts/actor.ts';
import { DISPATCH_DECISIONS } from '../../contracts/events/dispatch.ts';
import { ANSWER_GRACE_MS, OFFER_MS } from '../../domain/dispatch/offer.ts';
import type { Rated } from '../../domain/dispatch/score.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import type { ZoneBooks } from './zone-books.ts';
import type { WaitingOrder, ZoneOffer } from './search-rows.ts';

/** The deadline after which an offer counts as lost, by offer id. */
export const ANSWER_DEADLINE = 'answer';

/** Candidates written into one decision, the best ones: about 100 kB, well below the largest event. */
const CANDIDATES_IN_EVENT = 500;

export interface Proposal {
  readonly round: number;
  readonly strategy: string;
  /** Best first; the first one is asked. */
  readonly ranked: readonly [Rated, ...Rated[]];
}

/** Asks the best candidate, and writes down who else was there and why it was this one. */
export function propose(books: ZoneBooks, order: WaitingOrder, proposal: Proposal, nowMs: number): void {
  const { searches, outbox, deadlines } = books;
  const { round, strategy, ranked } = proposal;
  const { courierId, distanceM } = ranked[0];
  const { orderId, storeId, storeName, pickup, tripM, traceparent } = order;
  const offerId = books.newOfferId(nowMs);
  const expiresAtMs = nowMs + OFFER_MS;
  searches.propose({ offerId, orderId, courierId, round, expiresAtMs });
  deadlines.set(ANSWER_DEADLINE, offerId, expiresAtMs + ANSWER_GRACE_MS);
  const command = {
    ...ownCommand(books, `${offerId}:offer`, traceparent),
    offerId,
    zoneId: books.zoneId,
    orderId,
    storeId,
    storeName,
    pickup,
    toPickupM: distanceM,
    tripM,
    expiresAtMs,
  };
  outbox.call({ to: 'courier', id: courierId, method: 'offer', command }, nowMs);
  outbox.announce({
    topic: DISPATCH_DECISIONS,
    type: 'dispatch.proposed',
    subject: books.zoneId,
    key: books.zoneId,
    data: {
      orderId,
      storeId,
      offerId,
      round,
      strategy,
      chosen: courierId,
      candidates: ranked.slice(0, CANDIDATES_IN_EVENT).map((rated) => ({ ...rated, terms: { ...rated.terms } })),
    },
    atMs: nowMs,
    traceparent: traceparent ?? undefined,
  });
}

/** Nobody is left to ask in this round. */
export function announceExhausted(
  books: ZoneBooks,
  { orderId, round, traceparent }: WaitingOrder,
  nowMs: number,
): void {
  books.outbox.announce({
    topic: DISPATCH_DECISIONS,
    type: 'dispatch.exhausted',
    subject: books.zoneId,
    key: books.zoneId,
    data: { orderId, round },
    atMs: nowMs,
    traceparent: traceparent ?? undefined,
  });
}

/** Ends a search and takes back what is still proposed for it, unless this offer is the one that ended it. */
export function endSearch(
  books: ZoneBooks,
  orderId: OrderId,
  { except, reason }: { readonly except: ZoneOffer | null; readonly reason: string },
  nowMs: number,
): void {
  const { searches, outbox, deadlines } = books;
  const open = searches.openOffer(orderId);
  searches.end(orderId);
  if (open === null) return;
  deadlines.clear(ANSWER_DEADLINE, open.offerId);
  if (open.offerId === except?.offerId) return;
  const command = {
    ...ownCommand(books, `${open.offerId}:withdraw`, null),
    orderId,
    step: 'withdrawn',
    reason,
  } as const;
  outbox.call({ to: 'courier', id: open.courierId, method: 'moveJob', command }, nowMs);
}

/** The id says what the command is about, so that it is the same on every attempt. */
function ownCommand({ zoneId }: ZoneBooks, opId: string, traceparent: string | null): Command {
  return {
    v: RPC_VERSION,
    actor: { kind: 'object', object: 'zone', id: zoneId },
    opId: asOpId(opId),
    ...(traceparent === null ? {} : { traceparent }),
  };
}
