import * as v from 'valibot';
import { OrderIdText } from '../../../contracts/wire.ts';
import { asOrderId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { NoticeReader } from '../port.ts';
import { isSignedBy } from '../signature.ts';

/** Hex of HMAC-SHA-256 over the raw body: https://razorpay.com/docs/webhooks/validate-test */
export const RAZORPAY_SIGNATURE_HEADER = 'x-razorpay-signature';
/** The same for every delivery of an event: https://razorpay.com/docs/webhooks/best-practices */
export const RAZORPAY_EVENT_HEADER = 'x-razorpay-event-id';

/** Razorpay writes an empty list where there are no notes. */
const Notes = v.union([v.looseObject({ order_id: v.optional(v.string()) }), v.array(v.unknown())]);
const Notice = v.object({
  event: v.string(),
  payload: v.object({
    payment: v.optional(v.object({ entity: v.object({ notes: v.optional(Notes) }) })),
    order: v.optional(v.object({ entity: v.object({ receipt: v.nullish(v.string()) }) })),
  }),
});
const EventId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{6,100}$/));

/**
 * The signature covers the body alone, neither a time nor the event's id: a replay is stopped by the inbox, which keeps the id of
 * every event for ever, and one under a made-up id only makes the order ask once more. The order is named by the note that it gave
 * its payment, or by the receipt of its order.
 */
export const readRazorpayNotice: NoticeReader = ({ body, header }, secrets) => {
  const signature = header(RAZORPAY_SIGNATURE_HEADER) ?? '';
  if (!/^[0-9a-f]{64}$/.test(signature)) return err({ code: 'SIGNATURE_MISSING' });
  if (!isSignedBy(secrets, body, [signature])) return err({ code: 'SIGNATURE_WRONG' });
  const eventId = v.safeParse(EventId, header(RAZORPAY_EVENT_HEADER));
  const notice = v.safeParse(v.pipe(v.string(), v.parseJson(), Notice), body);
  if (!eventId.success || !notice.success) return err({ code: 'NOTICE_MALFORMED' });
  const { payment, order } = notice.output.payload;
  const notes = payment?.entity.notes;
  const noted = notes === undefined || Array.isArray(notes) ? undefined : notes.order_id;
  const named = v.safeParse(OrderIdText, order?.entity.receipt ?? noted);
  return ok({ providerEventId: eventId.output, orderId: named.success ? asOrderId(named.output) : null });
};
