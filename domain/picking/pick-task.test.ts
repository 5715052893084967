import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_STOCK } from '../inventory/stock-level.ts';
import type { StockLevel } from '../inventory/stock-level.ts';
import { post } from '../inventory/ledger.ts';
import type { Account } from '../inventory/ledger.ts';
import {
  accepted,
  ASHA,
  cancelled,
  complete,
  COURIER,
  EGGS,
  expecting,
  GOLD,
  handedOver,
  item,
  must,
  packed,
  picking,
  queued,
  RAVI,
  rejected,
  restocking,
  SEALED,
  sealed,
  TEA,
} from '../../test/support/pick-tasks.ts';
import type { Sku, UserId } from '../shared/ids.ts';
import type { Result } from '../shared/result.ts';
import { acceptTask, cancelTask, rejectTask } from './acceptance.ts';
import { claimTask, CLAIM_LEASE_MS, handOff, lapseClaim, releaseClaim } from './claim.ts';
import { expectCourier, handOverTask } from './handover.ts';
import { packTask } from './pack.ts';
import { isOver, pickedUnits, unitsOf } from './pick-task.ts';
import type { PickTask, TaskError, TaskStep } from './pick-task.ts';
import { restockItem, writeOffRestock } from './restock.ts';
import { scanItem, shortLine } from './scan.ts';

const [NOW, NO_SEALS] = [1000, new Set<string>()];

describe('a task on the floor', () => {
  it('goes from the queue to the courier [F7] [F8]', () => {
    expect([queued, accepted, picking, packed, handedOver].map(({ status }) => status)).toEqual([
      'QUEUED',
      'ACCEPTED',
      'PICKING',
      'PACKED',
      'HANDED_OVER',
    ]);
    expect(unitsOf(queued)).toBe(3);
    expect(handedOver).toMatchObject({ pickerId: ASHA, bags: 2, courier: COURIER });
  });

  it('keeps when it took its steps, and when it should have been ready [F5]', () => {
    expect(handedOver.times).toEqual({
      assignedAtMs: 0,
      estimatedReadyAtMs: 240_000,
      acceptedAtMs: 1000,
      claimedAtMs: 2000,
      packedAtMs: 90_000,
      handedOverAtMs: 120_000,
    });
  });

  it.each([
    ['accept', (task: PickTask) => acceptTask(task, NOW), ['queued', 'accepted']],
    [
      'reject',
      (task: PickTask) => rejectTask(task, { reason: 'OTHER', notThere: [] }),
      ['queued', 'accepted', 'rejected'],
    ],
    ['claim', (task: PickTask) => claimTask(task, { pickerId: ASHA, nowMs: NOW }), ['accepted', 'picking', 'complete']],
    ['release', (task: PickTask) => releaseClaim(task, { pickerId: ASHA }), ['picking', 'complete']],
    [
      'hand on',
      (task: PickTask) => handOff(task, { pickerId: ASHA }, { to: RAVI, nowMs: NOW }),
      ['picking', 'complete'],
    ],
    ['scan', (task: PickTask) => scanItem(task, { pickerId: ASHA, nowMs: NOW, ...item(TEA) }), ['picking']],
    [
      'short',
      (task: PickTask) => shortLine(task, { pickerId: ASHA, nowMs: NOW, sku: TEA, quantity: 1, reason: 'NOT_FOUND' }),
      ['picking'],
    ],
    [
      'pack',
      (task: PickTask) => packTask(task, { pickerId: ASHA, nowMs: NOW, bags: 2, usedSeals: NO_SEALS }),
      ['complete', 'packed', 'expecting'],
    ],
    ['hand over', (task: PickTask) => handOverTask(task, { code: '123456', seals: [], nowMs: NOW }), ['expecting']],
    [
      'cancel',
      cancelTask,
      [
        'queued',
        'accepted',
        'picking',
        'complete',
        'packed',
        'expecting',
        'sealed',
        'restocking',
        'cancelled',
        'rejected',
      ],
    ],
    ['restock', (task: PickTask) => restockItem(task, item(EGGS)), ['restocking']],
  ])('takes %s only at its own step', (_command, command, allowed) => {
    const tasks = {
      queued,
      accepted,
      picking,
      complete,
      packed,
      expecting,
      sealed,
      handedOver,
      restocking,
      cancelled,
      rejected,
    };
    const taken = Object.entries(tasks).filter(([, task]) => command(task).ok);
    expect(taken.map(([name]) => name)).toEqual(allowed);
  });

  it('does a command once: asked again it changes nothing [X3]', () => {
    expect(must(acceptTask(accepted, 5))).toEqual({ task: accepted, changed: false, movements: [] });
    expect(must(rejectTask(rejected, { reason: 'OTHER', notThere: [] })).changed).toBe(false);
    expect(must(claimTask(picking, { pickerId: ASHA, nowMs: 5 })).changed).toBe(false);
    expect(must(packTask(packed, { pickerId: ASHA, nowMs: 5, bags: 2, usedSeals: NO_SEALS })).changed).toBe(false);
    const seals = new Set(SEALED.map(({ seal }) => seal));
    expect(must(packTask(sealed, { pickerId: ASHA, nowMs: 5, bags: SEALED, usedSeals: seals })).changed).toBe(false);
    expect(must(cancelTask(cancelled)).changed).toBe(false);
    expect(must(cancelTask(restocking)).changed).toBe(false);
  });
});

type Command = (task: PickTask, sku: Sku, by: UserId, quantity: number) => TaskStep | undefined;
const COMMANDS: { readonly [name: string]: Command } = {
  accept: (task) => stepOf(acceptTask(task, NOW)),
  reject: (task, sku) => stepOf(rejectTask(task, { reason: 'ITEM_UNAVAILABLE', notThere: [sku] })),
  claim: (task, _sku, by) => stepOf(claimTask(task, { pickerId: by, nowMs: NOW })),
  release: (task, _sku, by) => stepOf(releaseClaim(task, { pickerId: by })),
  lapse: (task) => lapseClaim(task, NOW + CLAIM_LEASE_MS),
  scan: (task, sku, by, quantity) => stepOf(scanItem(task, { pickerId: by, nowMs: NOW, ...item(sku, quantity) })),
  short: (task, sku, by, quantity) =>
    stepOf(shortLine(task, { pickerId: by, nowMs: NOW, sku, quantity, reason: 'NOT_FOUND' })),
  damage: (task, sku, by, quantity) =>
    stepOf(shortLine(task, { pickerId: by, nowMs: NOW, sku, quantity, reason: 'DAMAGED' })),
  pack: (task, _sku, by) => {
    const bags = pickedUnits(task) > 0 ? SEALED : [];
    return stepOf(packTask(task, { pickerId: by, nowMs: NOW, bags, usedSeals: NO_SEALS }));
  },
  expect: (task) => expectCourier(task, COURIER),
  handOver: (task) => {
    const seals = 'sealed' in task ? task.sealed.map(({ seal }) => seal) : [];
    return stepOf(handOverTask(task, { code: '123456', seals, nowMs: NOW }));
  },
  cancel: (task) => stepOf(cancelTask(task)),
  restock: (task, sku, _by, quantity) => stepOf(restockItem(task, item(sku, quantity))),
  thaw: (task, sku, _by, quantity) => stepOf(writeOffRestock(task, { sku, quantity, reason: 'QUALITY' })),
};
function stepOf(step: Result<TaskStep, TaskError>): TaskStep | undefined {
  return step.ok ? step.value : undefined;
}
/** Mostly what a picker does, so that many sequences reach the end; and now and then something else. */
const anyStep = fc.record({
  name: fc.oneof(
    {
      weight: 40,
      arbitrary: fc.constantFrom('accept', 'claim', 'scan', 'scan', 'pack', 'expect', 'handOver', 'restock'),
    },
    { weight: 6, arbitrary: fc.constantFrom('short', 'damage', 'release', 'lapse', 'thaw') },
    { weight: 2, arbitrary: fc.constantFrom('cancel', 'reject') },
  ),
  sku: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(EGGS, TEA) }, { weight: 1, arbitrary: fc.constant(GOLD) }),
  by: fc.oneof({ weight: 9, arbitrary: fc.constant(ASHA) }, { weight: 1, arbitrary: fc.constant(RAVI) }),
  quantity: fc.integer({ min: 1, max: 2 }),
});

describe('any sequence of commands', () => {
  it('keeps every unit of the order accounted for, and sells only what was picked [I1]', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 80, size: 'max' }), (steps) => {
        let task = queued;
        let accounts = new Map<Sku, Account>(
          queued.lines.map(({ sku, quantity }) => [
            sku,
            { level: { ...NO_STOCK, received: quantity, allocated: quantity }, sequence: 1 },
          ]),
        );
        for (const { name, sku, by, quantity } of steps) {
          const step = COMMANDS[name]?.(task, sku, by, quantity);
          if (step === undefined) continue;
          const posted = post(accounts, step.movements);
          if (!posted.ok) throw new Error(`${posted.error.kind} cannot be posted`);
          accounts = new Map([
            ...accounts,
            ...posted.value.map(({ sku: of, sequence, after }) => [of, { level: after, sequence }] as const),
          ]);
          task = step.task;
          for (const line of task.lines) expect(accounts.get(line.sku)?.level).toMatchObject(expectedLevel(task, line));
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Where the units of a line must be, given the task. */
function expectedLevel(
  task: PickTask,
  { quantity, picked, shorted, restocked }: PickTask['lines'][number],
): Partial<StockLevel> {
  if (task.status === 'HANDED_OVER') return { allocated: 0, picked: 0, sold: picked };
  if (task.status === 'RESTOCK' || isOver(task)) return { allocated: 0, picked: picked - restocked, sold: 0 };
  return { allocated: quantity - picked - shorted, picked, sold: 0, available: 0 };
}
