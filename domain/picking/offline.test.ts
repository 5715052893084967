import { describe, expect, it } from 'vitest';
import {
  accepted,
  ASHA,
  cancelled,
  complete,
  EGGS,
  handedOver,
  item,
  must,
  packed,
  pick,
  picking,
  queued,
  RAVI,
  rejected,
  restocking,
} from '../../test/support/pick-tasks.ts';
import { CLAIM_LEASE_MS, claimTask, handOff, lapseClaim, releaseClaim } from './claim.ts';
import { goodsInHand, resumeClaim, shortFrom } from './offline.ts';
import type { PickTask, TaskError } from './pick-task.ts';
import { scanItem } from './scan.ts';

// Asha claimed at 2000 and went where there is no wifi. She comes back 20 minutes later.
const BACK_MS = 20 * 60_000;
const lapsed = lapseClaim(pick(picking, EGGS), 2000 + CLAIM_LEASE_MS)?.task ?? picking;
const ravis = must(claimTask(lapsed, { pickerId: RAVI, nowMs: 200_000 })).task;

function resumed(task: PickTask, nowMs = BACK_MS): ReturnType<typeof resumeClaim> {
  return resumeClaim(task, { pickerId: ASHA, nowMs });
}

describe('a claim that the clock ended while the tablet was away', () => {
  it('is claimed again by the journal of who had it, as long as nobody has claimed since [F11]', () => {
    const again = resumed(lapsed);
    expect(again).toMatchObject({
      ok: true,
      value: { task: { status: 'PICKING', pickerId: ASHA, leaseEndsAtMs: BACK_MS + CLAIM_LEASE_MS } },
    });
    // Picking began when it first did, and what was picked stays picked.
    expect(again).toMatchObject({ value: { task: { times: { claimedAtMs: 2000 }, lines: lapsed.lines } } });
  });

  it('is not claimed again by another’s journal, nor where it goes on anyhow', () => {
    expect(resumeClaim(lapsed, { pickerId: RAVI, nowMs: BACK_MS })).toEqual({ ok: true, value: undefined });
    for (const task of [queued, accepted, picking, complete, packed, handedOver, rejected, restocking, cancelled]) {
      expect(resumed(task)).toEqual({ ok: true, value: undefined });
    }
  });

  it('is not claimed again once somebody else had it, though nobody has it now', () => {
    for (const given of [must(releaseClaim(ravis, { pickerId: RAVI })).task, lapseClaim(ravis, BACK_MS)?.task]) {
      expect(given).toMatchObject({ status: 'ACCEPTED' });
      expect(resumed(given ?? ravis)).toEqual({ ok: true, value: undefined });
    }
  });

  it('is not claimed again by who gave it back, or from whom the lead took it', () => {
    const task = pick(picking, EGGS);
    expect(resumed(must(releaseClaim(task, { pickerId: ASHA })).task)).toEqual({ ok: true, value: undefined });
    expect(resumed(must(releaseClaim(task, { lead: true })).task)).toEqual({ ok: true, value: undefined });
    expect(resumed(must(handOff(task, { lead: true }, { to: RAVI, nowMs: 9000 })).task)).toMatchObject({
      value: undefined,
    });
  });

  it('waits for whom the lead has offered it to meanwhile, and goes on once that time is over', () => {
    const offered = must(handOff(lapsed, { lead: true }, { to: RAVI, nowMs: BACK_MS - 1000 })).task;
    expect(resumed(offered)).toEqual({ ok: false, error: { code: 'TASK_TAKEN', pickerId: RAVI } });
    expect(resumed(offered, BACK_MS - 1000 + CLAIM_LEASE_MS)).toMatchObject({ value: { task: { pickerId: ASHA } } });
  });
});

describe('goods in hand, when the store does not take what was done with them', () => {
  function errorOf(task: PickTask): TaskError {
    const scanned = scanItem(task, { pickerId: ASHA, nowMs: BACK_MS, ...item(EGGS) });
    if (scanned.ok) throw new Error('scanned');
    return scanned.error;
  }

  it.each([
    ['another picker has the order', ravis, 'TO_PICKER'],
    ['another had it and gave it back', must(releaseClaim(ravis, { pickerId: RAVI })).task, 'KEEP'],
    ['the order was cancelled, with units in the tote', restocking, 'TO_SHELF'],
    ['the order was cancelled', cancelled, 'TO_SHELF'],
    ['the order was sent back', rejected, 'TO_SHELF'],
    ['the order was packed', packed, 'TO_SHELF'],
    ['the order has left', handedOver, 'TO_SHELF'],
    ['the line wants no more', complete, 'TO_SHELF'],
  ] as const)('%s: %#', (_what, task, goods) => {
    expect(goodsInHand(errorOf(task))).toBe(goods);
  });

  it('that may be of a closed lot are shown to the lead', () => {
    expect(goodsInHand(errorOf(complete), true)).toBe('TO_LEAD');
  });

  it('stay where they are when the refusal is not about them', () => {
    expect(goodsInHand(errorOf(queued))).toBeUndefined();
    expect(goodsInHand({ code: 'LINES_OPEN', open: [] })).toBeUndefined();
  });
});

describe('a short', () => {
  it('from a journal is about the shelf, also when the order was cancelled since: it writes nothing off', () => {
    expect(shortFrom(undefined, restocking, true)).toBe('SHELF');
    expect(shortFrom('SHELF', restocking, false)).toBe('SHELF');
    expect(shortFrom('TOTE', restocking, true)).toBe('TOTE');
  });

  it('of a tablet that does not say is about what the task is at', () => {
    expect(shortFrom(undefined, restocking, false)).toBe('TOTE');
    expect(shortFrom(undefined, picking, false)).toBe('SHELF');
  });
});
