import { expect, test } from 'vitest';
import { asUserId } from '../shared/ids.ts';
import { decideRefresh, GRACE_MS } from './family.ts';
import type { Family } from './family.ts';
import { readRefreshToken, writeRefreshToken } from './refresh-token.ts';

const FAMILY: Family = { deviceId: 'phone-01', rotatedAtMs: 50_000, expiresAtMs: 1_000_000 };

test.each([
  { presented: 'current', device: 'phone-01', nowMs: 60_000, outcome: 'rotate' },
  { presented: 'current', device: 'laptop-1', nowMs: 60_000, outcome: 'OTHER_DEVICE' },
  { presented: 'current', device: 'phone-01', nowMs: 1_000_000, outcome: 'EXPIRED' },
  { presented: 'previous', device: 'phone-01', nowMs: 50_000 + GRACE_MS, outcome: 'repeat' },
  { presented: 'previous', device: 'phone-01', nowMs: 50_001 + GRACE_MS, outcome: 'REUSED' },
  { presented: 'previous', device: 'laptop-1', nowMs: 50_001, outcome: 'OTHER_DEVICE' },
  { presented: 'other', device: 'phone-01', nowMs: 50_001, outcome: 'REUSED' },
] as const)('$presented token from $device at $nowMs ms: $outcome [U5]', ({ presented, device, nowMs, outcome }) => {
  const decision = decideRefresh(FAMILY, presented, device, nowMs);
  expect(decision.ok ? decision.value : decision.error).toBe(outcome);
});

const TOKEN = {
  userId: asUserId('usr_01JD3YB0000000000000000000'),
  familyId: '0123456789ABCDEFGHJKMNPQRS',
  secret: '0123456789ABCDEFGHJKMNPQRSTVWXYZ0123456789ABCDEFGHJK',
};

test('a refresh token names the user whose object knows it [U5]', () => {
  expect(readRefreshToken(writeRefreshToken(TOKEN))).toEqual(TOKEN);
});

test.each([
  ['', 'nothing'],
  ['kir_rt_', 'the prefix alone'],
  [writeRefreshToken(TOKEN).slice(0, -1), 'a cut one'],
  [`${writeRefreshToken(TOKEN)}x`, 'a longer one'],
  [writeRefreshToken(TOKEN).replace('kir_rt_01JD', 'kir_rt_01ID'), 'an id with a letter that Crockford leaves out'],
  [`${writeRefreshToken(TOKEN)}\n`, 'a line break'],
])('reads no refresh token from %j: %s', (text) => {
  expect(readRefreshToken(text)).toBeNull();
});
