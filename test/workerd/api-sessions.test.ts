import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SessionView } from '../../contracts/http/users.ts';
import type { SessionRpc, SignedInActor } from '../../contracts/rpc/session.ts';
import { bearer, bodyOf, call, codeOf, OPERATOR_BEARER, ZONE_ID } from './support/api.ts';
import { newCourierId, newUserId } from './support/store.ts';

const DEVICE = 'phone-01';

/** A session as a sign-in opens it, without the Postgres that a password needs. */
async function signIn(actor: SignedInActor = { kind: 'customer', userId: newUserId() }): Promise<string> {
  const rpc = env.SESSION.getByName(actor.userId) as unknown as SessionRpc;
  return (await rpc.open(actor, DEVICE)).refreshToken;
}
async function refresh(refreshToken: string, deviceId = DEVICE): Promise<Response> {
  return call('/api/v1/users/refresh', { method: 'POST', body: { refreshToken, deviceId } });
}

// Refusals that are our fault are logged; here they are what is asked for.
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

describe('POST users/refresh', () => {
  test('needs no Postgres: new tokens, and the access token is good at once [U5]', async () => {
    const actor: SignedInActor = { kind: 'courier', userId: newUserId(), courierId: newCourierId(), zoneId: ZONE_ID };
    const session = await bodyOf(SessionView, await refresh(await signIn(actor)));
    expect(session).toMatchObject({
      tokenType: 'Bearer',
      expiresIn: 600,
      deviceId: DEVICE,
      user: { id: actor.userId, role: 'courier', courierId: actor.courierId, zoneId: ZONE_ID },
    });
    const headers = { authorization: `Bearer ${session.accessToken}` };
    expect((await call('/api/v1/couriers/me/ticket', { method: 'POST', headers })).status).toBe(201);
    // The profile is in Postgres, which is away here: known, but not readable.
    expect(await codeOf(await call('/api/v1/users/profile', { headers }))).toBe('UNAVAILABLE');
  });

  test('a stolen token ends for thief and owner [U5]', async () => {
    const stolen = await signIn();
    const session = await bodyOf(SessionView, await refresh(stolen));
    expect(await codeOf(await refresh(stolen, 'laptop-1'))).toBe('SESSION_REVOKED');
    expect(await codeOf(await refresh(session.refreshToken))).toBe('SESSION_REVOKED');
  });

  test.each([
    ['a made-up token', `kir_rt_${'0'.repeat(26)}_${'0'.repeat(26)}_${'0'.repeat(52)}`, 'SESSION_REVOKED'],
    ['a token of another kind', 'kir_rt_short', 'INVALID_INPUT'],
    ['no string', 1, 'INVALID_INPUT'],
  ])('refuses %s [X8]', async (_, refreshToken, code) => {
    const body = { refreshToken, deviceId: DEVICE };
    expect(await codeOf(await call('/api/v1/users/refresh', { method: 'POST', body }))).toBe(code);
  });
});

describe('POST users/logout', () => {
  test('ends the session, and is quiet when it has ended [U1]', async () => {
    const refreshToken = await signIn();
    for (let i = 0; i < 2; i += 1) {
      expect((await call('/api/v1/users/logout', { method: 'POST', body: { refreshToken } })).status).toBe(204);
    }
    expect(await codeOf(await refresh(refreshToken))).toBe('SESSION_REVOKED');
  });
});

describe('with Postgres away', () => {
  test.each([
    ['/api/v1/users/login', { phone: '+919876543210', password: 'a-password' }],
    ['/api/v1/users/register', { phone: '+919876543210', name: 'Asha', password: 'a-password' }],
  ])('%s says so with 503 [X7]', async (path, body) => {
    const response = await call(path, { method: 'POST', body });
    expect(response.status).toBe(503);
    expect(await codeOf(response)).toBe('UNAVAILABLE');
  });

  test('readyz says that orders go on [X7] [X11]', async () => {
    const response = await call('/readyz');
    expect(await response.json()).toMatchObject({
      parts: {
        postgres: { state: 'down', neededForOrders: false },
        log: { state: 'up', neededForOrders: false },
        snapshots: { state: 'down', neededForOrders: true },
      },
      ready: false,
    });
    expect(response.status).toBe(503);
  });
});

describe('guessing', () => {
  test('is cut off after thirty tries a minute an account, whoever tries [X2]', async () => {
    const body = { email: 'nobody@example.com', password: 'guess' };
    let tries = 0;
    let status = 0;
    // Sixty-one tries reach into two minutes at most, and one of these has more than thirty.
    for (; status !== 429 && tries < 61; tries += 1) {
      const response = await call('/api/v1/users/login', { method: 'POST', body });
      status = response.status;
      await response.text();
    }
    expect(status).toBe(429);
    expect(tries).toBeGreaterThan(30);
  });
});

describe("an operator's key", () => {
  test('works where an access token does, and only for operators [U6]', async () => {
    const headers = { authorization: OPERATOR_BEARER };
    const zone = await call(`/api/v1/admin/zones/${ZONE_ID}`, { headers });
    expect(await zone.json()).toEqual({ candidates: [], waiting: [] });
    expect(await codeOf(await call('/api/v1/orders', { method: 'POST', body: {}, headers }))).toBe('FORBIDDEN');
    const customer = await bearer({ kind: 'customer', userId: newUserId() });
    expect(await codeOf(await call(`/api/v1/admin/zones/${ZONE_ID}`, { headers: customer }))).toBe('FORBIDDEN');
  });
});
