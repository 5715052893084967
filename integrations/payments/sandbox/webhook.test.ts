import { describe, expect, test } from 'vitest';
import { readNotice, signNotice } from './webhook.ts';

const SECRET = 'a-secret-of-at-least-24-bytes';
const NOW_MS = 1_700_000_000_000;
const ORDER = 'ord_00000000000000000000000001';
const BODY = JSON.stringify({ id: 'evt_12345678', type: 'payment.approved', orderId: ORDER });
const SIGNED = signNotice(SECRET, BODY, NOW_MS);

describe('a notice of the sandbox provider', () => {
  test('is read when the signature is over exactly this body', () => {
    expect(readNotice(BODY, SIGNED, [SECRET], NOW_MS)).toEqual({
      ok: true,
      value: { providerEventId: 'evt_12345678', orderId: ORDER },
    });
  });

  test('is refused for every single changed character of body or signature', () => {
    for (let index = 0; index < BODY.length; index += 1) {
      const forged = BODY.slice(0, index) + String.fromCharCode(BODY.charCodeAt(index) ^ 1) + BODY.slice(index + 1);
      expect(readNotice(forged, SIGNED, [SECRET], NOW_MS)).toEqual({ ok: false, error: { code: 'SIGNATURE_WRONG' } });
    }
    for (let index = SIGNED.indexOf('v1=') + 3; index < SIGNED.length; index += 1) {
      const other = SIGNED.charAt(index) === '0' ? '1' : '0';
      const forged = SIGNED.slice(0, index) + other + SIGNED.slice(index + 1);
      expect(readNotice(BODY, forged, [SECRET], NOW_MS).ok).toBe(false);
    }
  });

  test('is refused without a signature, under another secret, with another time, and when it is old', () => {
    expect(readNotice(BODY, null, [SECRET], NOW_MS)).toEqual({ ok: false, error: { code: 'SIGNATURE_MISSING' } });
    expect(readNotice(BODY, SIGNED, ['another-secret-of-24-bytes'], NOW_MS).ok).toBe(false);
    expect(readNotice(BODY, SIGNED, [], NOW_MS).ok).toBe(false);
    expect(readNotice(BODY, SIGNED.replace('t=17', 't=18'), [SECRET], NOW_MS).ok).toBe(false);
    for (const laterMs of [301_000, -301_000]) {
      const late = readNotice(BODY, SIGNED, [SECRET], NOW_MS + laterMs);
      expect(late).toEqual({ ok: false, error: { code: 'SIGNATURE_OLD' } });
    }
  });

  test('is good under the old secret while it is being replaced', () => {
    expect(readNotice(BODY, SIGNED, ['the-new-secret-of-24-bytes-', SECRET], NOW_MS).ok).toBe(true);
  });

  test('is refused when it is signed but no notice', () => {
    for (const body of ['', '{}', 'null', '[]', JSON.stringify({ id: 'evt_12345678', type: 'x', orderId: ORDER })]) {
      const answer = readNotice(body, signNotice(SECRET, body, NOW_MS), [SECRET], NOW_MS);
      expect(answer).toEqual({ ok: false, error: { code: 'NOTICE_MALFORMED' } });
    }
  });
});
