import { env } from 'cloudflare:workers';
import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { expect, test } from 'vitest';
import type { SessionRpc } from '../../contracts/rpc/session.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { newUserId } from './support/store.ts';

const DEVICE = 'phone-01';

function sessionsOf(userId: UserId) {
  const stub = env.SESSION.getByName(userId);
  // The platform's mapped type of a stub widens tuples; the payloads are plain data, so the interface holds.
  const rpc = stub as unknown as SessionRpc;
  return {
    stub,
    rpc,
    signIn: async (device = DEVICE) => (await rpc.open({ kind: 'customer', userId }, device)).refreshToken,
    /** The next token, or the code of the refusal. */
    async refresh(token: string, device = DEVICE): Promise<string> {
      const grant = await rpc.refresh(token, device);
      return grant.ok ? grant.value.refreshToken : grant.error.code;
    },
  };
}
function user() {
  return sessionsOf(newUserId());
}

test('each refresh brings the next token, and the actor with all that it is bound to [U5]', async () => {
  const userId = newUserId();
  const { rpc } = sessionsOf(userId);
  const actor = { kind: 'customer', userId } as const;
  const opened = await rpc.open(actor, DEVICE);
  const refreshed = await rpc.refresh(opened.refreshToken, DEVICE);
  expect(refreshed).toMatchObject({ ok: true, value: { actor, expiresAtMs: opened.expiresAtMs } });
  expect(refreshed.ok && refreshed.value.refreshToken).not.toBe(opened.refreshToken);
});

test('a session outlives its object: rotation and reuse are judged the same after an eviction [U5]', async () => {
  const { stub, signIn, refresh } = user();
  const first = await signIn();
  await evictDurableObject(stub);
  const second = await refresh(first);
  await evictDurableObject(stub);
  const third = await refresh(second);
  await evictDurableObject(stub);
  expect(await refresh(first)).toBe('SESSION_REVOKED');
  expect(await refresh(third)).toBe('SESSION_REVOKED');
});

test('of many refreshes at once with one token, all get the one successor [U5]', async () => {
  const { signIn, refresh } = user();
  const first = await signIn();
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first)));
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^kir_rt_/);
  expect(await refresh(answers[0] ?? '')).toMatch(/^kir_rt_/);
});

test('of a thief and an owner at once, no two walk on: another device gets nothing and the family ends [U5]', async () => {
  const { signIn, refresh } = user();
  const first = await signIn();
  const [owner, thief] = await Promise.all([refresh(first), refresh(first, 'laptop-1')]);
  expect(thief).toBe('SESSION_REVOKED');
  expect(await refresh(owner)).toBe('SESSION_REVOKED');
});

test('signing out ends one device, signing out everywhere all of them [U1] [U5]', async () => {
  const userId = newUserId();
  const { rpc, signIn, refresh } = sessionsOf(userId);
  const [phone, tablet, laptop] = [await signIn('phone-01'), await signIn('tablet-1'), await signIn('laptop-1')];
  await rpc.close(phone);
  expect(await refresh(phone, 'phone-01')).toBe('SESSION_REVOKED');
  const next = await refresh(tablet, 'tablet-1');
  expect(next).toMatch(/^kir_rt_/);
  await rpc.closeAll(userId);
  expect(await refresh(next, 'tablet-1')).toBe('SESSION_REVOKED');
  expect(await refresh(laptop, 'laptop-1')).toBe('SESSION_REVOKED');
});

test("a token in another user's object is nobody's [U4]", async () => {
  const [owner, other] = [user(), user()];
  await other.signIn();
  const token = await owner.signIn();
  expect(await other.refresh(token)).toBe('SESSION_REVOKED');
  await other.rpc.close(token);
  expect(await owner.refresh(token)).toMatch(/^kir_rt_/);
});

test('a made-up token costs no storage', async () => {
  const userId = newUserId();
  const { stub, rpc, refresh } = sessionsOf(userId);
  const made = `kir_rt_${userId.slice(4)}_${'0'.repeat(26)}_${'0'.repeat(52)}`;
  expect(await refresh(made)).toBe('SESSION_REVOKED');
  await rpc.close(made);
  await rpc.closeAll(userId);
  const tables = await runInDurableObject(stub, (_object, state) =>
    state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
  );
  expect(tables).toEqual([]);
});
