import { describe, expect, it } from 'vitest';
import {
  accepted,
  EGGS,
  GOLD,
  handedOver,
  must,
  packed,
  pick,
  picking,
  queued,
  TEA,
} from '../../test/support/pick-tasks.ts';
import { cancelTask, rejectTask } from './acceptance.ts';
import { lapseClaim } from './claim.ts';

describe('sending an order back [F7]', () => {
  it('gives its units back for sale, but those that are not on the shelf', () => {
    const step = must(rejectTask(accepted, { reason: 'ITEM_UNAVAILABLE', notThere: [TEA] }));
    expect(step.task).toMatchObject({ status: 'REJECTED', reason: 'ITEM_UNAVAILABLE' });
    expect(step.movements).toEqual([
      { kind: 'deallocated', sku: EGGS, quantity: 2 },
      { kind: 'shorted', sku: TEA, quantity: 1 },
    ]);
  });

  it('gives back only what is still set aside for a line that was shortened', () => {
    const shortened = accepted.lines.map((line) => ({ ...line, shorted: line.sku === TEA ? line.quantity : 1 }));
    const step = must(rejectTask({ ...accepted, lines: shortened }, { reason: 'TOO_BUSY', notThere: [TEA] }));
    expect(step.movements).toEqual([{ kind: 'deallocated', sku: EGGS, quantity: 1 }]);
  });

  it('names only what the order wants', () => {
    expect(rejectTask(queued, { reason: 'ITEM_UNAVAILABLE', notThere: [GOLD] })).toEqual({
      ok: false,
      error: { code: 'WRONG_ITEM', skus: [GOLD] },
    });
  });

  it('is too late once somebody has begun to pick, even if the claim lapsed', () => {
    const requeued = lapseClaim(picking, 1_000_000)?.task ?? picking;
    expect(requeued.status).toBe('ACCEPTED');
    for (const task of [picking, requeued]) {
      expect(rejectTask(task, { reason: 'OTHER', notThere: [] })).toMatchObject({ error: { code: 'TASK_STATE' } });
    }
  });
});

describe('cancelling', () => {
  it('puts back on sale what was set aside, and nothing of what is in the tote', () => {
    const step = must(cancelTask(pick(picking, EGGS)));
    expect(step.task.status).toBe('RESTOCK');
    expect(step.movements).toEqual([
      { kind: 'deallocated', sku: EGGS, quantity: 1 },
      { kind: 'deallocated', sku: TEA, quantity: 1 },
    ]);
    expect(must(cancelTask(packed))).toMatchObject({ task: { status: 'RESTOCK' }, movements: [] });
  });

  it('of a task with an empty tote is over at once; one that has left cannot be', () => {
    expect(must(cancelTask(picking)).task.status).toBe('CANCELLED');
    expect(cancelTask(handedOver)).toMatchObject({ error: { code: 'TASK_STATE', status: 'HANDED_OVER' } });
  });
});
