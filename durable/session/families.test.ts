import { expect, test } from 'vitest';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { FAMILIES_MAX, FAMILY_TTL_MS, GRACE_MS } from '../../domain/session/family.ts';
import { readRefreshToken } from '../../domain/session/refresh-token.ts';
import { asUserId } from '../../domain/shared/ids.ts';
import { nodeSql } from '../../test/support/node-sql.ts';
import { migrate } from '../kit/migrate.ts';
import { Families } from './families.ts';
import { SESSION_MIGRATIONS } from './session-migrations.ts';

const ACTOR: SignedInActor = { kind: 'customer', userId: asUserId('usr_01JD3YB0000000000000000000') };
const DEVICE = 'phone-01';

function setUp() {
  const sql = nodeSql();
  migrate(sql, 'session', SESSION_MIGRATIONS);
  const families = new Families(sql);
  return {
    sql,
    open: (nowMs: number) => families.open(ACTOR, DEVICE, nowMs).refreshToken,
    /** The next token, or why there is none. */
    refresh: (text: string, nowMs: number, device = DEVICE): string => {
      const token = readRefreshToken(text);
      if (token === null) throw new Error(`not a refresh token: ${text}`);
      const result = families.refresh(token, device, nowMs);
      return result.ok ? result.value.refreshToken : result.error;
    },
    close: (text: string): void => {
      const token = readRefreshToken(text);
      if (token !== null) families.close(token);
    },
  };
}

test('a token is good for one successor [U5]', () => {
  const { open, refresh } = setUp();
  const first = open(0);
  const second = refresh(first, 1000);
  const third = refresh(second, 2000);
  expect(new Set([first, second, third]).size).toBe(3);
  expect(readRefreshToken(third)?.familyId).toBe(readRefreshToken(first)?.familyId);
});

test('a lost answer is given again, the same one, for ten seconds [U5]', () => {
  const { open, refresh } = setUp();
  const first = open(0);
  const second = refresh(first, 1000);
  expect(refresh(first, 1000 + GRACE_MS)).toBe(second);
  expect(readRefreshToken(refresh(second, 12_000))).not.toBeNull();
});

test('asking again and again within the grace changes nothing and does not prolong it [U5]', () => {
  const { open, refresh } = setUp();
  const first = open(0);
  const answers = [1_000, 2_000, 3_000, 11_000].map((nowMs) => refresh(first, nowMs));
  expect(new Set(answers).size).toBe(1);
  expect(refresh(first, 11_001)).toBe('REUSED');
});

test('a rotated token that comes back ends the family, its newest token included [U5]', () => {
  const { open, refresh } = setUp();
  const first = open(0);
  const second = refresh(first, 1000);
  expect(refresh(first, 1001 + GRACE_MS)).toBe('REUSED');
  expect(refresh(second, 12_000)).toBe('UNKNOWN');
});

test('within the grace, a token whose successor was used is reuse all the same [U5]', () => {
  const { open, refresh } = setUp();
  const first = open(0);
  const third = refresh(refresh(first, 1000), 1001);
  expect(refresh(first, 1002)).toBe('REUSED');
  expect(refresh(third, 1003)).toBe('UNKNOWN');
});

test('another device gets nothing and ends the family [U5]', () => {
  const { open, refresh } = setUp();
  const first = open(0);
  expect(refresh(first, 1000, 'laptop-1')).toBe('OTHER_DEVICE');
  expect(refresh(first, 1001)).toBe('UNKNOWN');
});

test('a family ends 30 days after its sign-in, however busy [U5]', () => {
  const { open, refresh } = setUp();
  let token = open(0);
  for (let day = 1; day < 30; day += 1) token = refresh(token, (FAMILY_TTL_MS / 30) * day);
  expect(refresh(token, FAMILY_TTL_MS)).toBe('EXPIRED');
});

test('one family ends without the others [U5]', () => {
  const { open, refresh, close } = setUp();
  const [phone, tablet] = [open(0), open(1)];
  close(phone);
  expect(refresh(phone, 2)).toBe('UNKNOWN');
  expect(readRefreshToken(refresh(tablet, 3))).not.toBeNull();
});

test('a guessed secret closes no family, though it ends the one it tries to refresh', () => {
  const { open, refresh, close } = setUp();
  const token = open(0);
  const guess = token.slice(0, -52) + 'A'.repeat(52);
  close(guess);
  expect(readRefreshToken(refresh(token, 1))).not.toBeNull();
});

test(`the sign-in after ${FAMILIES_MAX} ends the oldest`, () => {
  const { open, refresh } = setUp();
  const tokens = Array.from({ length: FAMILIES_MAX + 1 }, (_, i) => open(i));
  expect(refresh(tokens[0] ?? '', 100)).toBe('UNKNOWN');
  expect(readRefreshToken(refresh(tokens[1] ?? '', 100))).not.toBeNull();
});

test('the table holds nothing that can be presented [U5]', () => {
  const { sql, open, refresh } = setUp();
  const first = open(0);
  const second = refresh(first, 1000);
  const rows = JSON.stringify(sql.all('SELECT * FROM families'));
  for (const text of [first, second]) expect(rows).not.toContain(readRefreshToken(text)?.secret);
});
