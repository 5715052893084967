import * as v from 'valibot';
import { OrderIdText } from '../../../contracts/wire.ts';
import { asOrderId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { NoticeReader } from '../port.ts';
import { checkTimed } from '../signature.ts';

export const STRIPE_SIGNATURE_HEADER = 'stripe-signature';

const Event = v.object({
  id: v.pipe(v.string(), v.regex(/^evt_[A-Za-z0-9_]{6,100}$/)),
  type: v.string(),
  data: v.object({
    object: v.looseObject({ metadata: v.optional(v.looseObject({ order_id: v.optional(v.string()) })) }),
  }),
});

/** `t=<seconds>,v1=<hex of HMAC-SHA-256 over "<t>.<body>">`; the order is in the metadata of whatever the event is about. */
export const readStripeNotice: NoticeReader = ({ body, header }, secrets, nowMs) => {
  const signed = checkTimed(header(STRIPE_SIGNATURE_HEADER), body, secrets, nowMs);
  if (!signed.ok) return signed;
  const event = v.safeParse(v.pipe(v.string(), v.parseJson(), Event), body);
  if (!event.success) return err({ code: 'NOTICE_MALFORMED' });
  const named = v.safeParse(OrderIdText, event.output.data.object.metadata?.order_id);
  return ok({ providerEventId: event.output.id, orderId: named.success ? asOrderId(named.output) : null });
};
