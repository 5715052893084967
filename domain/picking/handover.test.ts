import { describe, expect, it } from 'vitest';
import {
  cancelled,
  COURIER,
  EGGS,
  expecting,
  handedOver,
  must,
  packed,
  restocking,
  SEALED,
  sealed,
  TEA,
} from '../../test/support/pick-tasks.ts';
import { expectCourier, HANDOVER_CODE_TRIES, HANDOVER_LOCK_MS, handOverTask } from './handover.ts';
import type { PickTask } from './pick-task.ts';

const right = { code: '123456', seals: [], nowMs: 120_000 };

describe('handing over [F8]', () => {
  it('needs the announced courier and that courier’s code, and sells the units', () => {
    expect(handOverTask(packed, right)).toEqual({ ok: false, error: { code: 'NO_COURIER' } });
    expect(handOverTask(expecting, { ...right, code: '654321' })).toMatchObject({
      error: { code: 'HANDOVER_CODE_WRONG', triesLeft: 4 },
    });
    expect(must(handOverTask(expecting, right)).movements).toEqual([
      { kind: 'sold', sku: EGGS, quantity: 2 },
      { kind: 'sold', sku: TEA, quantity: 1 },
    ]);
  });

  it('takes the last courier announced, until there is nothing to hand over', () => {
    const other = { ...COURIER, handoverCode: '999999' };
    const again = expectCourier(expecting, other)?.task ?? packed;
    expect(handOverTask(again, right).ok).toBe(false);
    expect(handOverTask(again, { ...right, code: '999999' }).ok).toBe(true);
    for (const task of [handedOver, cancelled, restocking]) expect(expectCourier(task, other)).toBeUndefined();
  });

  it('scans the seal of every bag, and of no other', () => {
    const [first, second] = SEALED.map(({ seal }) => seal);
    if (first === undefined || second === undefined) throw new Error('no bags');
    expect(handOverTask(sealed, { ...right, seals: [first] })).toEqual({
      ok: false,
      error: { code: 'SEALS_MISMATCH', missing: [second], foreign: [] },
    });
    expect(handOverTask(sealed, { ...right, seals: [first, second, 'SEAL-9999'] })).toEqual({
      ok: false,
      error: { code: 'SEALS_MISMATCH', missing: [], foreign: ['SEAL-9999'] },
    });
    expect(handOverTask(sealed, { ...right, seals: [second, first] }).ok).toBe(true);
  });
});

describe('a wrong code', () => {
  function guess(task: PickTask, nowMs: number): { task: PickTask; code: string } {
    const answer = handOverTask(task, { ...right, code: '000000', nowMs });
    if (answer.ok) throw new Error('the guess was right');
    const { error } = answer;
    return { task: error.code === 'HANDOVER_CODE_WRONG' ? { ...task, tries: error.tries } : task, code: error.code };
  }

  it('is one of five; then even the right one waits for a minute', () => {
    let task: PickTask = expecting;
    for (let tries = 0; tries < HANDOVER_CODE_TRIES; tries += 1) {
      const guessed = guess(task, 1000);
      expect(guessed.code).toBe('HANDOVER_CODE_WRONG');
      task = guessed.task;
    }
    const locked = { ok: false, error: { code: 'HANDOVER_CODE_LOCKED', lockedUntilMs: 1000 + HANDOVER_LOCK_MS } };
    expect(handOverTask(task, { ...right, nowMs: 1000 + HANDOVER_LOCK_MS - 1 })).toEqual(locked);
    expect(guess(task, 2000)).toEqual({ task, code: 'HANDOVER_CODE_LOCKED' });
    expect(handOverTask(task, { ...right, nowMs: 1000 + HANDOVER_LOCK_MS }).ok).toBe(true);
  });

  it('does not count when the bags are not even there', () => {
    expect(handOverTask(sealed, { ...right, code: '000000' })).toMatchObject({ error: { code: 'SEALS_MISMATCH' } });
  });
});
