import { createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { NoticeError } from './port.ts';

/** How far a timestamp may be from now: later ones may be replays. Stripe's own default. */
const TOLERANCE_S = 300;
/** A header with more signatures than this was not made by a provider. */
const SIGNATURES_MAX = 10;

/** HMAC-SHA-256, hex. */
export function hmacHex(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

/** Whether one of the secrets signed the text. Takes as long for a wrong signature as for a right one. */
export function isSignedBy(secrets: readonly string[], text: string, signatures: readonly string[]): boolean {
  return secrets.some((secret) => {
    const mac = hmacHex(secret, text);
    return signatures.some((given) => isEqual(mac, given));
  });
}

/** `t=<seconds>,v1=<hex of HMAC-SHA-256 over "<t>.<body>">`. */
export function signTimed(secret: string, body: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  return `t=${seconds},v1=${hmacHex(secret, `${seconds}.${body}`)}`;
}

/**
 * Checks a header of the scheme `t=<unix seconds>,v1=<hex>[,v1=<hex>]` over `<t>.<body>`; other fields are ignored. It is
 * Stripe's: https://docs.stripe.com/webhooks#verify-manually
 */
export function checkTimed(
  header: string | null,
  body: string,
  secrets: readonly string[],
  nowMs: number,
): Result<null, NoticeError> {
  const fields = (header ?? '').split(',').map((field) => field.trim());
  const seconds = fields.map((field) => /^t=(\d{1,12})$/.exec(field)?.[1]).find((value) => value !== undefined);
  const signatures = fields.flatMap((field) => /^v1=([0-9a-f]{64})$/.exec(field)?.[1] ?? []);
  if (seconds === undefined || signatures.length === 0) return err({ code: 'SIGNATURE_MISSING' });
  if (signatures.length > SIGNATURES_MAX) return err({ code: 'SIGNATURE_WRONG' });
  if (!isSignedBy(secrets, `${seconds}.${body}`, signatures)) return err({ code: 'SIGNATURE_WRONG' });
  if (Math.abs(nowMs / 1000 - Number(seconds)) > TOLERANCE_S) return err({ code: 'SIGNATURE_OLD' });
  return ok(null);
}

function isEqual(mac: string, given: string): boolean {
  const encoder = new TextEncoder();
  const [expected, actual] = [encoder.encode(mac), encoder.encode(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
