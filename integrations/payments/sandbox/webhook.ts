import * as v from 'valibot';
import { OrderIdText } from '../../../contracts/wire.ts';
import { asOrderId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { NoticeReader } from '../port.ts';
import { checkTimed, signTimed } from '../signature.ts';

/** Where the sandbox provider sends its notices, and the header that carries `t=<unix seconds>,v1=<hex>`. */
export const SANDBOX_WEBHOOK_PATH = '/api/v1/webhooks/sandbox';
export const SANDBOX_SIGNATURE_HEADER = 'sandbox-signature';

const Notice = v.object({
  id: v.pipe(v.string(), v.regex(/^evt_[A-Za-z0-9_]{8,60}$/)),
  type: v.picklist(['payment.approved']),
  orderId: OrderIdText,
});

/** `t=<seconds>,v1=<hex of HMAC-SHA-256 over "<t>.<body>">`. */
export function signNotice(secret: string, body: string, nowMs: number): string {
  return signTimed(secret, body, nowMs);
}

export const readSandboxNotice: NoticeReader = ({ body, header }, secrets, nowMs) => {
  const signed = checkTimed(header(SANDBOX_SIGNATURE_HEADER), body, secrets, nowMs);
  if (!signed.ok) return signed;
  const notice = v.safeParse(v.pipe(v.string(), v.parseJson(), Notice), body);
  if (!notice.success) return err({ code: 'NOTICE_MALFORMED' });
  return ok({ providerEventId: notice.output.id, orderId: asOrderId(notice.output.orderId) });
};
