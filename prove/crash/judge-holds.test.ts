import { describe, expect, test } from 'vitest';
import type { HoldAnswer } from '../../contracts/http/holds.ts';
import type { Answer, Entry } from './client-ledger.ts';
import { judgeHolds, type FoundHold } from './judge-holds.ts';

const STORE = 'sto_00000000000000000000000001';
const HOLD = 'hld_00000000000000000000000001';
const EXPIRES_AT_MS = Date.parse('2026-01-01T00:05:00Z');
const LINES = [{ sku: 'TEA', quantity: 2 }];

function view(change: Partial<HoldAnswer> = {}): HoldAnswer {
  const expiresAt = new Date(EXPIRES_AT_MS).toISOString();
  return {
    id: HOLD,
    storeId: STORE,
    kind: 'cart',
    status: 'HELD',
    lines: LINES,
    setAside: LINES,
    expiresAt,
    ...change,
  };
}
function hold(...answers: readonly Answer<HoldAnswer>[]): Entry<'hold'> {
  const operation = {
    do: 'hold',
    key: 'k-1',
    asker: 'channel',
    storeId: STORE,
    holdId: HOLD,
    lines: LINES,
    forS: 300,
  } as const;
  return { operation, sent: Math.max(1, answers.length), troubles: [], answers };
}
function release(...answers: readonly Answer<HoldAnswer>[]): Entry<'release'> {
  const operation = { do: 'release', key: 'release-k-1', asker: 'channel', storeId: STORE, holdId: HOLD } as const;
  return { operation, sent: 1, troubles: [], answers };
}
const HELD = { ok: true, body: view() } as const;
const RELEASED = { ok: true, body: view({ status: 'RELEASED' }) } as const;
function refused(code: string): Answer<HoldAnswer> {
  return { ok: false, code };
}

interface Seen {
  readonly found: FoundHold;
  readonly heldUnits?: number;
  readonly nowMs?: number;
}
function judged(entries: readonly Entry[], { found, heldUnits, nowMs = EXPIRES_AT_MS - 1 }: Seen): string {
  const units = heldUnits ?? (found?.status === 'HELD' ? 2 : 0);
  return judgeHolds({
    entries,
    found: new Map([[HOLD, found]]),
    heldUnits: new Map([[STORE, [units, units]]]),
    nowMs,
  }).join('\n');
}

describe('a hold that nobody released', () => {
  test('is there as it was acknowledged', () => {
    expect(judged([hold(HELD)], { found: view() })).toBe('');
    expect(judged([hold(HELD)], { found: null })).toContain('acknowledged and is not there');
    expect(judged([hold(HELD)], { found: view({ lines: [{ sku: 'TEA', quantity: 1 }] }) })).toContain(
      'it holds 1 x TEA',
    );
    expect(judged([hold(HELD)], { found: view({ setAside: [] }), heldUnits: 0 })).toContain(
      '2 x TEA was set aside and is nothing',
    );
    expect(judged([hold(HELD)], { found: view({ status: 'RELEASED' }) })).toContain('nobody touched it');
  });

  test('ends with its time, not before and at most a minute after', () => {
    const expired = view({ status: 'EXPIRED' });
    expect(judged([hold(HELD)], { found: expired, nowMs: EXPIRES_AT_MS })).toBe('');
    expect(judged([hold(HELD)], { found: expired })).toContain('expired before its time');
    expect(judged([hold(HELD)], { found: view(), nowMs: EXPIRES_AT_MS + 60_000 })).toBe('');
    expect(judged([hold(HELD)], { found: view(), nowMs: EXPIRES_AT_MS + 60_001 })).toContain('it still holds');
  });

  test('is the same one for every retry', () => {
    expect(judged([hold(HELD, HELD)], { found: view() })).toBe('');
    const other = { ok: true, body: view({ id: 'hld_00000000000000000000000002' }) } as const;
    expect(judged([hold(HELD, other)], { found: view() })).toContain('another hold');
  });

  test('leaves nothing when it was refused, and is known to somebody in the end', () => {
    expect(judged([hold(refused('INSUFFICIENT_STOCK'))], { found: null })).toBe('');
    expect(judged([hold(refused('INSUFFICIENT_STOCK'))], { found: view() })).toContain('it was refused');
    expect(judged([hold()], { found: view() })).toContain('nobody knows');
  });
});

describe('a hold that was released', () => {
  test('stays released, also when the release came first', () => {
    expect(judged([hold(HELD), release(RELEASED)], { found: view({ status: 'RELEASED' }) })).toBe('');
    expect(
      judged([hold(refused('HOLD_RELEASED')), release(RELEASED)], { found: view({ status: 'RELEASED', lines: [] }) }),
    ).toBe('');
    expect(judged([hold(HELD), release(RELEASED)], { found: view() })).toContain('answered RELEASED, and it is HELD');
    expect(judged([hold(refused('HOLD_RELEASED')), release(RELEASED)], { found: null })).toContain(
      'its release was acknowledged and is not there',
    );
    expect(judged([hold(HELD), release(refused('FORBIDDEN'))], { found: view() })).toContain('FORBIDDEN');
  });

  test('before it came has not been released', () => {
    expect(judged([hold(HELD), release(refused('HOLD_NOT_FOUND'))], { found: view() })).toBe('');
    expect(judged([hold(HELD), release(refused('HOLD_NOT_FOUND'))], { found: null })).toContain(
      'acknowledged and is not there',
    );
    const twice = release(refused('HOLD_NOT_FOUND'), RELEASED);
    expect(judged([hold(HELD), twice], { found: view() })).toContain('answered RELEASED, and it is HELD');
  });

  test('is a question as long as nobody was answered', () => {
    expect(judged([hold(HELD), release()], { found: view() })).toContain('nobody knows whether it was released');
  });
});

test('units that no client knows of are seen in the sums, and so are holds that keep nothing', () => {
  expect(judged([hold(HELD)], { found: view(), heldUnits: 4 })).toContain('4 units are held, of which clients know 2');
  expect(judged([hold(HELD)], { found: view(), heldUnits: 0 })).toContain(
    'its holds keep 2 units, its stock has 0 held',
  );
});
