import { createHmac } from 'node:crypto';
import { SignJWT, UnsecuredJWT, importJWK } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  ACTORS,
  bearerOf,
  CHANNEL,
  CHANNEL_KEY,
  emptyEdgeEnv,
  OPERATOR_KEY,
  signingJwk,
} from '../../test/support/edge-env.ts';
import { readConfig } from '../env.ts';
import type { EdgeEnv } from '../env.ts';
import { apiKeyDigest } from './api-key.ts';
import { authenticate, authOf } from './authenticate.ts';
import { issueTicket, readTicket } from './socket-tickets.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 9, 30);
const RANDOM = new Uint8Array(16).fill(7);
const TARGET = { object: 'order', id: 'ord_00000000000000000000000001' } as const;
let env: EdgeEnv;

beforeAll(async () => {
  env = await emptyEdgeEnv();
});

/** The actor's kind, or the code of the refusal. */
async function outcome(header: string | undefined, nowMs = NOW_MS): Promise<string> {
  const result = await authenticate(env, header, nowMs);
  return result.ok ? result.value.kind : result.error.code;
}

/** A token with our key, but with whatever header and claims. */
async function forge(header: object, claims: object, kid = 'test-key'): Promise<string> {
  const { signingKey } = readConfig(env);
  const key = await importJWK(signingKey, 'EdDSA');
  const nowS = NOW_MS / 1000;
  const all = {
    iss: 'kirana',
    aud: 'kirana-api',
    iat: nowS,
    exp: nowS + 600,
    sub: ACTORS.customer.userId,
    role: 'customer',
    ...claims,
  };
  const token = await new SignJWT(all).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid, ...header }).sign(key);
  return `Bearer ${token}`;
}

function base64urlJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

describe('an access token', () => {
  test.each(Object.values(ACTORS))('carries all that a $kind is bound to [U4] [U5]', async (actor) => {
    const result = await authenticate(env, await bearerOf(env, actor, NOW_MS), NOW_MS);
    expect(result).toEqual({ ok: true, value: actor });
  });

  test('is good until it expires, also from the cache, and not a millisecond longer [U5]', async () => {
    const header = await bearerOf(env, ACTORS.customer, NOW_MS);
    expect(await outcome(header, NOW_MS)).toBe('customer');
    expect(await outcome(header, NOW_MS + 599_999)).toBe('customer');
    expect(await outcome(header, NOW_MS + 600_000)).toBe('TOKEN_EXPIRED');
    const unseen = await bearerOf(env, ACTORS.staff, NOW_MS);
    expect(await outcome(unseen, NOW_MS + 600_000)).toBe('TOKEN_EXPIRED');
  });

  test('forged as it is meant to be is let in, so that the refusals below mean something', async () => {
    expect(await outcome(await forge({}, {}))).toBe('customer');
  });

  test.each([
    ['no header', async () => undefined],
    ['another scheme', async () => 'Basic dXNlcjpwYXNz'],
    ['nothing after Bearer', async () => 'Bearer '],
    ['no token at all', async () => 'Bearer abc.def.ghi'],
    ['another audience', () => forge({}, { aud: 'kirana-socket' })],
    ['another issuer', () => forge({}, { iss: 'evil' })],
    ['another type', () => forge({ typ: 'JWT' }, {})],
    ['no expiry', () => forge({}, { exp: undefined })],
    ['no subject', () => forge({}, { sub: undefined })],
    ['an unknown key id', () => forge({}, {}, '../../../etc/passwd')],
    ['an unknown role', () => forge({}, { role: 'superuser' })],
    ['a role without what it is bound to', () => forge({}, { role: 'staff' })],
    ['not before tomorrow', () => forge({}, { nbf: NOW_MS / 1000 + 86_400 })],
    ['a critical extension', () => forge({ crit: ['exp'], exp: 1 }, {}).catch(() => 'Bearer a.b.c')],
    [
      'a socket ticket',
      async () => `Bearer ${await issueTicket(authOf(env).keys, ACTORS.customer, TARGET, NOW_MS, RANDOM)}`,
    ],
    ['3,000 characters', () => forge({}, { pad: 'x'.repeat(3_000) })],
    ['one changed character', async () => (await forge({}, {})).replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['another key of the same name', async () => bearerOf(await emptyEdgeEnv(), ACTORS.operator, NOW_MS)],
  ])('is refused with %s [X8]', async (_, make) => {
    expect(await outcome(await make())).toBe('UNAUTHENTICATED');
  });

  test('is refused unsigned, and signed with the public key as a password (RFC 8725, 2.1) [X8]', async () => {
    const { signingKey } = readConfig(env);
    const claims = {
      sub: ACTORS.operator.userId,
      role: 'operator',
      iss: 'kirana',
      aud: 'kirana-api',
      iat: NOW_MS / 1000,
      exp: NOW_MS / 1000 + 600,
    };
    const unsigned = new UnsecuredJWT(claims).encode();
    const signed = `${base64urlJson({ alg: 'HS256', typ: 'at+jwt', kid: signingKey.kid })}.${base64urlJson(claims)}`;
    const mac = createHmac('sha256', Buffer.from(signingKey.x, 'base64url')).update(signed).digest('base64url');
    expect(await outcome(`Bearer ${unsigned}`)).toBe('UNAUTHENTICATED');
    expect(await outcome(`Bearer ${signed}.${mac}`)).toBe('UNAUTHENTICATED');
  });

  test('of a key that was rotated out is good while the key is listed [U5]', async () => {
    const oldJwk = await signingJwk('old');
    const header = await bearerOf(await emptyEdgeEnv({ JWT_PRIVATE_JWK: oldJwk }), ACTORS.courier, NOW_MS);
    const { d: _secret, ...open } = JSON.parse(oldJwk) as Record<string, string>;
    const rotated = await emptyEdgeEnv({ JWT_RETIRED_JWKS: JSON.stringify([open]) });
    expect(await authenticate(rotated, header, NOW_MS)).toEqual({ ok: true, value: ACTORS.courier });
    expect(await outcome(header)).toBe('UNAUTHENTICATED');
  });
});

describe('a key', () => {
  test.each([
    [OPERATOR_KEY, ACTORS.operator],
    [CHANNEL_KEY, CHANNEL],
  ])('says who calls, the first time and from the cache: %s [U6]', async (key, caller) => {
    expect(await authenticate(env, `Bearer ${key}`, NOW_MS)).toEqual({ ok: true, value: caller });
    expect(await authenticate(env, `Bearer ${key}`, NOW_MS)).toEqual({ ok: true, value: caller });
  });

  test.each([
    [OPERATOR_KEY.slice(0, -1)],
    [OPERATOR_KEY.replace(/k$/, 'j')],
    [OPERATOR_KEY.replace('_test_', '_other_')],
    [OPERATOR_KEY.replace('_op_', '_ch_')],
    [CHANNEL_KEY.slice(0, -1)],
    [CHANNEL_KEY.replace(/c$/, 'd')],
    [CHANNEL_KEY.replace('_kiosk-1_', '_kiosk-2_')],
    [CHANNEL_KEY.replace('_ch_', '_op_')],
    ['kir_op_'],
    ['kir_op_test_short'],
    ['kir_ch_kiosk-1_short'],
    [`kir_op_${'x'.repeat(4_000)}`],
  ])('is refused as %s, also when the real one was seen [U6]', async (key) => {
    expect(await outcome(`Bearer ${OPERATOR_KEY}`)).toBe('operator');
    expect(await outcome(`Bearer ${CHANNEL_KEY}`)).toBe('channel');
    expect(await outcome(`Bearer ${key}`)).toBe('UNAUTHENTICATED');
  });

  test('of one name may be two, while the new one takes over from the old [U6]', async () => {
    const next = CHANNEL_KEY.replaceAll('c', 'n').replace('kir_nh_', 'kir_ch_');
    const id = 'kiosk-1';
    const CHANNEL_KEYS = JSON.stringify([CHANNEL_KEY, next].map((key) => ({ id, sha256: apiKeyDigest(key) })));
    const both = await emptyEdgeEnv({ CHANNEL_KEYS });
    for (const key of [CHANNEL_KEY, next]) {
      expect(await authenticate(both, `Bearer ${key}`, NOW_MS)).toEqual({ ok: true, value: CHANNEL });
    }
  });
});

describe('a socket ticket', () => {
  test('names its actor, its target and itself, for thirty seconds [T2]', async () => {
    const { keys } = authOf(env);
    const text = await issueTicket(keys, ACTORS.customer, TARGET, NOW_MS, RANDOM);
    const ticket = {
      actor: ACTORS.customer,
      target: TARGET,
      ticketId: '0W3GE1R70W3GE1R70W3GE1R70W',
      expiresAtMs: NOW_MS + 30_000,
    };
    expect(await readTicket(keys, text, NOW_MS + 29_999)).toEqual(ticket);
    expect(await readTicket(keys, text, NOW_MS + 30_000)).toBeNull();
  });

  test('is not an access token, nor the other way round [T2]', async () => {
    const token = (await bearerOf(env, ACTORS.customer, NOW_MS)).slice('Bearer '.length);
    expect(await readTicket(authOf(env).keys, token, NOW_MS)).toBeNull();
  });
});

describe('the configuration', () => {
  test('names what is wrong and never shows it', async () => {
    const wrong = await emptyEdgeEnv({ JWT_PRIVATE_JWK: '{"d":"very-secret"}', ACCESS_TOKEN_TTL_S: '-1' });
    expect(() => readConfig(wrong)).toThrow(/JWT_PRIVATE_JWK, ACCESS_TOKEN_TTL_S/);
    expect(() => readConfig(wrong)).not.toThrow(/very-secret/);
  });

  test('shows demo logins in a demonstration only', async () => {
    const DEMO_LOGINS = JSON.stringify([{ role: 'customer', phone: '+910000000000', password: 'x', name: 'Asha' }]);
    expect(readConfig(await emptyEdgeEnv({ DEMO_LOGINS })).demoLogins).toEqual([]);
    expect(readConfig(await emptyEdgeEnv({ DEMO_LOGINS, DEMO: 'true' })).demoLogins).toHaveLength(1);
  });
});
