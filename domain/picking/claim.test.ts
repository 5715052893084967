import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accepted,
  ASHA,
  EGGS,
  item,
  must,
  packed,
  pick,
  picking,
  queued,
  RAVI,
} from '../../test/support/pick-tasks.ts';
import { CLAIM_LEASE_MS, claimTask, handOff, lapseClaim, releaseClaim, renewClaim, RENEWAL_MS } from './claim.ts';
import { packTask } from './pack.ts';
import { scanItem } from './scan.ts';

// The task of `picking` was claimed by Asha at 2000.
const LEASE_ENDS = 2000 + CLAIM_LEASE_MS;
const asPicking = picking.status === 'PICKING' ? picking : undefined;
if (asPicking === undefined) throw new Error('not picking');

describe('one picker a task', () => {
  it('tells the second whose it is', () => {
    const taken = { ok: false, error: { code: 'TASK_TAKEN', pickerId: ASHA } };
    expect(claimTask(picking, { pickerId: RAVI, nowMs: 5000 })).toEqual(taken);
    expect(scanItem(picking, { pickerId: RAVI, nowMs: 5000, ...item(EGGS) })).toEqual(taken);
    expect(packTask(picking, { pickerId: RAVI, nowMs: 5000, bags: 1, usedSeals: new Set() })).toEqual(taken);
    expect(releaseClaim(picking, { pickerId: RAVI })).toEqual(taken);
    expect(handOff(picking, { pickerId: RAVI }, { to: RAVI, nowMs: 5000 })).toEqual(taken);
  });
});

describe('a claim', () => {
  it('is of a task that was accepted: neither before that nor after it was packed [F7]', () => {
    for (const task of [queued, packed]) {
      const claimed = claimTask(task, { pickerId: ASHA, nowMs: 5000 });
      expect(claimed).toMatchObject({ error: { code: 'TASK_STATE', status: task.status, wanted: 'ACCEPTED' } });
    }
  });

  it('ends without a sign of life, by the clock alone, and keeps what is picked', () => {
    const task = pick(picking, EGGS);
    expect(lapseClaim(task, LEASE_ENDS - 1)).toBeUndefined();
    const lapsed = lapseClaim(task, LEASE_ENDS);
    expect(lapsed).toMatchObject({ task: { status: 'ACCEPTED', offer: null, lines: task.lines }, movements: [] });
    expect(lapseClaim(lapsed?.task ?? task, LEASE_ENDS)).toBeUndefined();
  });

  it('once ended says so to the picker who comes back, who may claim again; picking began when it first did [F5]', () => {
    const lapsed = lapseClaim(pick(picking, EGGS), LEASE_ENDS)?.task ?? picking;
    const late = scanItem(lapsed, { pickerId: ASHA, nowMs: LEASE_ENDS, ...item(EGGS) });
    expect(late).toEqual({ ok: false, error: { code: 'TASK_REQUEUED' } });
    const again = must(claimTask(lapsed, { pickerId: RAVI, nowMs: 200_000 })).task;
    expect(again).toMatchObject({ pickerId: RAVI, times: { claimedAtMs: 2000 } });
    expect(scanItem(again, { pickerId: ASHA, nowMs: 200_001, ...item(EGGS) })).toMatchObject({
      error: { code: 'TASK_TAKEN', pickerId: RAVI },
    });
  });

  it('is written anew at most every 30 s, and any command does it', () => {
    expect(renewClaim(asPicking, 2000 + RENEWAL_MS - 1)).toBe(asPicking);
    expect(renewClaim(asPicking, 2000 + RENEWAL_MS)).toMatchObject({ leaseEndsAtMs: LEASE_ENDS + RENEWAL_MS });
    expect(pick(picking, EGGS, 1, 40_000)).toMatchObject({ leaseEndsAtMs: 40_000 + CLAIM_LEASE_MS });
  });

  it('never ends for one who gives a sign of life every minute', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: CLAIM_LEASE_MS - RENEWAL_MS }), { maxLength: 50 }), (gaps) => {
        let [task, nowMs] = [asPicking, 2000];
        for (const gapMs of gaps) {
          nowMs += gapMs;
          expect(lapseClaim(task, nowMs)).toBeUndefined();
          task = renewClaim(task, nowMs);
        }
      }),
    );
  });
});

describe('handing a task on', () => {
  it('keeps it for the other, who has to claim it, and for everybody after a while', () => {
    const offered = must(handOff(pick(picking, EGGS), { pickerId: ASHA }, { to: RAVI, nowMs: 5000 })).task;
    expect(offered).toMatchObject({ status: 'ACCEPTED', offer: { pickerId: RAVI, untilMs: 5000 + CLAIM_LEASE_MS } });
    expect(claimTask(offered, { pickerId: ASHA, nowMs: 6000 })).toEqual({
      ok: false,
      error: { code: 'TASK_TAKEN', pickerId: RAVI },
    });
    expect(must(claimTask(offered, { pickerId: RAVI, nowMs: 6000 })).task).toMatchObject({ pickerId: RAVI });
    expect(claimTask(offered, { pickerId: ASHA, nowMs: 5000 + CLAIM_LEASE_MS }).ok).toBe(true);
  });

  it('to oneself changes nothing; asked for twice it is done once', () => {
    expect(must(handOff(picking, { pickerId: ASHA }, { to: ASHA, nowMs: 5000 })).changed).toBe(false);
    const offered = must(handOff(picking, { pickerId: ASHA }, { to: RAVI, nowMs: 5000 })).task;
    expect(must(handOff(offered, { pickerId: ASHA }, { to: RAVI, nowMs: 5001 })).changed).toBe(false);
  });

  it('and taking it away is for the lead too, who also points at a task that nobody has', () => {
    expect(must(handOff(picking, { lead: true }, { to: RAVI, nowMs: 5000 })).task).toMatchObject({
      status: 'ACCEPTED',
    });
    expect(must(releaseClaim(picking, { lead: true })).task).toMatchObject({ status: 'ACCEPTED', offer: null });
    expect(must(handOff(accepted, { lead: true }, { to: RAVI, nowMs: 5000 })).task).toMatchObject({
      offer: { pickerId: RAVI },
    });
    expect(handOff(accepted, { pickerId: ASHA }, { to: RAVI, nowMs: 5000 }).ok).toBe(false);
  });
});
