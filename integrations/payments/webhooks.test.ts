import { describe, expect, test } from 'vitest';
import type { NoticeReader } from './port.ts';
import { RAZORPAY_EVENT_HEADER, RAZORPAY_SIGNATURE_HEADER, readRazorpayNotice } from './razorpay/razorpay-webhook.ts';
import { readSandboxNotice, SANDBOX_SIGNATURE_HEADER } from './sandbox/webhook.ts';
import { hmacHex, signTimed } from './signature.ts';
import { readStripeNotice, STRIPE_SIGNATURE_HEADER } from './stripe/stripe-webhook.ts';

const SECRET = 'a-secret-of-at-least-24-bytes';
const NOW_MS = 1_700_000_000_000;
const ORDER = 'ord_00000000000000000000000001';
const WRONG = { ok: false, error: { code: 'SIGNATURE_WRONG' } };
const MALFORMED = { ok: false, error: { code: 'NOTICE_MALFORMED' } };

interface Scheme {
  readonly read: NoticeReader;
  readonly body: string;
  readonly signatureHeader: string;
  /** The header that carries the event's id, where the body does not. */
  readonly eventHeader?: string;
  sign(secret: string, body: string): string;
}
function timed(secret: string, body: string): string {
  return signTimed(secret, body, NOW_MS);
}
const SANDBOX: Scheme = {
  read: readSandboxNotice,
  body: JSON.stringify({ id: 'evt_12345678', type: 'payment.approved', orderId: ORDER }),
  signatureHeader: SANDBOX_SIGNATURE_HEADER,
  sign: timed,
};
const STRIPE: Scheme = {
  read: readStripeNotice,
  body: JSON.stringify({
    id: 'evt_12345678',
    object: 'event',
    type: 'payment_intent.amount_capturable_updated',
    data: { object: { id: 'pi_1', object: 'payment_intent', metadata: { order_id: ORDER } } },
  }),
  signatureHeader: STRIPE_SIGNATURE_HEADER,
  sign: timed,
};
const RAZORPAY: Scheme = {
  read: readRazorpayNotice,
  body: JSON.stringify({
    entity: 'event',
    event: 'payment.authorized',
    contains: ['payment'],
    payload: { payment: { entity: { id: 'pay_1', order_id: 'order_1', notes: { order_id: ORDER } } } },
    created_at: 1_700_000_000,
  }),
  signatureHeader: RAZORPAY_SIGNATURE_HEADER,
  eventHeader: RAZORPAY_EVENT_HEADER,
  sign: hmacHex,
};
const TIMED = [
  ['sandbox', SANDBOX],
  ['stripe', STRIPE],
] as const;
const ALL = [...TIMED, ['razorpay', RAZORPAY]] as const;

interface Sent {
  readonly body?: string;
  readonly signature?: string | null;
  readonly secrets?: readonly string[];
  readonly nowMs?: number;
}
function take(scheme: Scheme, sent: Sent = {}): ReturnType<NoticeReader> {
  const { body = scheme.body, signature = scheme.sign(SECRET, scheme.body), secrets = [SECRET] } = sent;
  const headers = new Map([[scheme.eventHeader ?? '', 'evt_12345678']]);
  if (signature !== null) headers.set(scheme.signatureHeader, signature);
  return scheme.read({ body, header: (name) => headers.get(name) ?? null }, secrets, sent.nowMs ?? NOW_MS);
}

describe.each(ALL)('a webhook of %s', (_name, scheme) => {
  const signature = scheme.sign(SECRET, scheme.body);

  test('is read when the signature is over exactly this body', () => {
    expect(take(scheme)).toEqual({ ok: true, value: { providerEventId: 'evt_12345678', orderId: ORDER } });
  });

  test('is refused for every single changed character of the body [X8]', () => {
    for (let index = 0; index < scheme.body.length; index += 1) {
      const changed = String.fromCharCode(scheme.body.charCodeAt(index) ^ 1);
      const body = scheme.body.slice(0, index) + changed + scheme.body.slice(index + 1);
      expect(take(scheme, { body })).toEqual(WRONG);
    }
  });

  test('is refused when it was parsed and written again [X8]', () => {
    expect(take(scheme, { body: JSON.stringify(JSON.parse(scheme.body), null, 1) })).toEqual(WRONG);
  });

  test('is refused for every single changed character of the signature [X8]', () => {
    for (let index = signature.length - 64; index < signature.length; index += 1) {
      const other = signature.charAt(index) === '0' ? '1' : '0';
      expect(take(scheme, { signature: signature.slice(0, index) + other + signature.slice(index + 1) })).toEqual(
        WRONG,
      );
    }
  });

  test('is refused without a signature, under another secret, and under none [X8]', () => {
    const missing = { ok: false, error: { code: 'SIGNATURE_MISSING' } };
    for (const none of [null, '', 'v1=', 'nonsense']) expect(take(scheme, { signature: none })).toEqual(missing);
    expect(take(scheme, { secrets: ['another-secret-of-24-bytes'] })).toEqual(WRONG);
    expect(take(scheme, { secrets: [] })).toEqual(WRONG);
  });

  test('is good under the old secret and under the new one while it is being replaced [X8]', () => {
    const secrets = ['the-new-secret-of-24-bytes-', SECRET];
    expect(take(scheme, { secrets }).ok).toBe(true);
    expect(take(scheme, { secrets, signature: scheme.sign('the-new-secret-of-24-bytes-', scheme.body) }).ok).toBe(true);
  });

  test('is refused when it is signed but no notice', () => {
    for (const body of ['', '{}', 'null', '[]', '{"id":"evt_12345678"}']) {
      expect(take(scheme, { body, signature: scheme.sign(SECRET, body) })).toEqual(MALFORMED);
    }
  });
});

describe.each(TIMED)('a webhook of %s', (_name, scheme) => {
  test('is refused under another time, and more than 300 s away from now [X8]', () => {
    const signature = scheme.sign(SECRET, scheme.body);
    expect(take(scheme, { signature: signature.replace('t=17', 't=18') })).toEqual(WRONG);
    for (const awayMs of [300_000, -300_000]) expect(take(scheme, { nowMs: NOW_MS + awayMs }).ok).toBe(true);
    for (const awayMs of [301_000, -301_000]) {
      expect(take(scheme, { nowMs: NOW_MS + awayMs })).toEqual({ ok: false, error: { code: 'SIGNATURE_OLD' } });
    }
  });
});

test('one of several signatures of Stripe is enough, as while a secret is rolled', () => {
  const signature = `t=1700000000,v1=${'0'.repeat(64)},${timed(SECRET, STRIPE.body).split(',')[1]},v0=${'1'.repeat(64)}`;
  expect(take(STRIPE, { signature }).ok).toBe(true);
});

test('an event that is about no order of ours is taken, and names none', () => {
  const body = JSON.stringify({ id: 'evt_12345678', type: 'payout.paid', data: { object: { id: 'po_1' } } });
  expect(take(STRIPE, { body, signature: timed(SECRET, body) })).toMatchObject({ ok: true, value: { orderId: null } });
  const foreign = RAZORPAY.body.replace(ORDER, 'somebody else’s');
  expect(take(RAZORPAY, { body: foreign, signature: hmacHex(SECRET, foreign) })).toMatchObject({
    ok: true,
    value: { orderId: null },
  });
});
