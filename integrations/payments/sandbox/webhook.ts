import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { OrderIdText } from '../../../contracts/wire.ts';
import { asOrderId } from '../../../domain/shared/ids.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';

/** Where the sandbox provider sends its notices, and the header that carries `t=<unix seconds>,v1=<hex>`. */
export const SANDBOX_WEBHOOK_PATH = '/api/v1/webhooks/payments/sandbox';
export const SANDBOX_SIGNATURE_HEADER = 'sandbox-signature';
/** A notice is good for five minutes around its time, as Stripe's are: later ones may be replays. */
const TOLERANCE_S = 300;
/** Far above any notice of ours. */
const BODY_CHARACTERS_MAX = 4096;

const Notice = v.object({
  id: v.pipe(v.string(), v.regex(/^evt_[A-Za-z0-9_]{8,60}$/)),
  type: v.picklist(['payment.approved']),
  orderId: OrderIdText,
});

/** What a notice says: that something happened to the payment of this order. What it was, the provider is asked. */
export interface SandboxNotice {
  readonly providerEventId: string;
  readonly orderId: OrderId;
}
export interface NoticeError {
  readonly code: 'SIGNATURE_MISSING' | 'SIGNATURE_WRONG' | 'SIGNATURE_OLD' | 'NOTICE_MALFORMED';
}

/** `t=<seconds>,v1=<hex of HMAC-SHA-256 over "<t>.<body>">`. */
export function signNotice(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${macOf(secret, seconds, body)}`;
}

/**
 * Checks and reads a notice. The signature is over the body's exact text, so it is checked before anything is parsed; any of
 * the secrets will do, for the days when one is being replaced.
 */
export function readNotice(
  body: string,
  signature: string | null,
  secrets: readonly string[],
  nowMs: number,
): Result<SandboxNotice, NoticeError> {
  const [, seconds, given] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature ?? '') ?? [];
  if (seconds === undefined || given === undefined) return err({ code: 'SIGNATURE_MISSING' });
  if (body.length > BODY_CHARACTERS_MAX) return err({ code: 'NOTICE_MALFORMED' });
  const signed = secrets.some((secret) => isEqual(macOf(secret, Number(seconds), body), given));
  if (!signed) return err({ code: 'SIGNATURE_WRONG' });
  if (Math.abs(nowMs / 1000 - Number(seconds)) > TOLERANCE_S) return err({ code: 'SIGNATURE_OLD' });
  const notice = v.safeParse(v.pipe(v.string(), v.parseJson(), Notice), body);
  if (!notice.success) return err({ code: 'NOTICE_MALFORMED' });
  return ok({ providerEventId: notice.output.id, orderId: asOrderId(notice.output.orderId) });
}

function macOf(secret: string, seconds: number, body: string): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}

function isEqual(mac: string, given: string): boolean {
  const encoder = new TextEncoder();
  return timingSafeEqual(encoder.encode(mac), encoder.encode(given));
}
