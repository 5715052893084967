import { COURIER_EVENTS } from '../../contracts/events/couriers.ts';
import type { EventData, EventType } from '../../contracts/events/topic.ts';
import type { AnswerOffer } from '../../contracts/rpc/zone.ts';
import type { ReassignReason } from '../../domain/order/reassign.ts';
import type { OfferId, OrderId, ZoneId } from '../../domain/shared/ids.ts';
import { ownCommand } from './courier-books.ts';
import type { CourierBooks } from './courier-books.ts';

// What others are told, written with the change it tells of.

type Topic = typeof COURIER_EVENTS;

export function announce<Type extends EventType<Topic>>(
  { courierId, outbox }: CourierBooks,
  type: Type,
  data: EventData<Topic, Type>,
  atMs: number,
  traceparent: string | null = null,
): void {
  outbox.announce({
    topic: COURIER_EVENTS,
    type,
    subject: courierId,
    key: courierId,
    data,
    atMs,
    traceparent: traceparent ?? undefined,
  });
}

/** Tells the zone what it may count on: on shift or not, where, with how much on hand. */
export function tellZone(books: CourierBooks, nowMs: number): void {
  const { courierId, rows, outbox } = books;
  const fix = books.newestFix();
  if (fix !== null) rows.keepPosition(fix);
  rows.tell();
  const profile = rows.profile();
  if (profile === null) return;
  const { zoneId, candidateVersion, onShift, told, capacity } = profile;
  const command = {
    ...ownCommand(courierId, `${courierId}:candidate:${candidateVersion}`, null),
    courierId,
    version: candidateVersion,
    onShift,
    position: told,
    load: rows.load(),
    capacity,
  };
  outbox.call({ to: 'zone', id: zoneId, method: 'updateCandidate', command }, nowMs);
}

/** An offer as far as its zone must be able to recognise it. */
interface OfferRef {
  readonly offerId: OfferId;
  readonly orderId: OrderId;
  readonly zoneId: ZoneId;
  readonly traceparent?: string | null | undefined;
}

/** The one answer to an offer. */
export function answerZone(
  { courierId, outbox }: CourierBooks,
  { offerId, orderId, zoneId, traceparent }: OfferRef,
  answer: AnswerOffer['answer'],
  nowMs: number,
): void {
  const command = {
    ...ownCommand(courierId, `${offerId}:answer`, traceparent ?? null),
    offerId,
    orderId,
    courierId,
    answer,
  };
  outbox.call({ to: 'zone', id: zoneId, method: 'answerOffer', command }, nowMs);
}

/** Tells the order how far its courier is. The offer's id keeps a second assignment of the same order apart. */
export function reportToOrder(
  { courierId, outbox }: CourierBooks,
  { offerId, orderId, traceparent }: Omit<OfferRef, 'zoneId'>,
  step: 'accepted' | 'departed' | 'gave_back',
  nowMs: number,
  reason?: ReassignReason,
): void {
  const command = {
    ...ownCommand(courierId, `${offerId}:${step}`, traceparent ?? null),
    courierId,
    step,
    atMs: nowMs,
    ...(reason === undefined ? {} : { reason }),
  };
  outbox.call({ to: 'order', id: orderId, method: 'reportCourier', command }, nowMs);
}
