import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_STOCK } from '../inventory/stock-level.ts';
import type { StockLevel } from '../inventory/stock-level.ts';
import { post } from '../inventory/ledger.ts';
import type { Account } from '../inventory/ledger.ts';
import { asCourierId, asHoldId, asOrderId, asSku, asUserId } from '../shared/ids.ts';
import type { Sku, UserId } from '../shared/ids.ts';
import type { Result } from '../shared/result.ts';
import {
  acceptTask,
  cancelTask,
  claimTask,
  expectCourier,
  handOverTask,
  packTask,
  queueTask,
  scanItem,
  unitsOf,
} from './pick-task.ts';
import type { PickTask, TaskError, TaskStep } from './pick-task.ts';

const BODY = '0'.repeat(26);
const [EGGS, TEA, GOLD] = [asSku('EGGS'), asSku('TEA'), asSku('GOLD')];
const [ASHA, RAVI] = [asUserId(`usr_${BODY}`), asUserId(`usr_${'1'.repeat(26)}`)];
const COURIER = { courierId: asCourierId(`cou_${BODY}`), handoverCode: '123456' };
const queued = queueTask({
  orderId: asOrderId(`ord_${BODY}`),
  orderNumber: 'K-1',
  holdId: asHoldId(`hld_${BODY}`),
  promisedAtMs: 900_000,
  lines: [
    { sku: EGGS, quantity: 2 },
    { sku: TEA, quantity: 1 },
  ],
});
function must<S extends TaskStep>(step: Result<S, TaskError>): S {
  if (!step.ok) throw new Error(step.error.code);
  return step.value;
}
const accepted = must(acceptTask(queued)).task;
const picking = must(claimTask(accepted, ASHA)).task;
function pick(task: PickTask, sku: Sku, quantity = 1): PickTask {
  return must(scanItem(task, { pickerId: ASHA, skus: [sku], quantity })).task;
}
const complete = pick(pick(picking, EGGS, 2), TEA);
const packed = must(packTask(complete, { pickerId: ASHA, bags: 2 })).task;
const expecting = expectCourier(packed, COURIER)?.task ?? packed;
const handedOver = must(handOverTask(expecting, '123456')).task;
const cancelled = must(cancelTask(picking)).task;

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

  it.each([
    ['accept', acceptTask, ['queued', 'accepted']],
    ['claim', (task: PickTask) => claimTask(task, ASHA), ['accepted', 'picking', 'complete']],
    ['scan', (task: PickTask) => scanItem(task, { pickerId: ASHA, skus: [TEA], quantity: 1 }), ['picking']],
    ['pack', (task: PickTask) => packTask(task, { pickerId: ASHA, bags: 2 }), ['complete', 'packed', 'expecting']],
    ['hand over', (task: PickTask) => handOverTask(task, '123456'), ['expecting']],
    ['cancel', cancelTask, ['queued', 'accepted', 'picking', 'complete', 'packed', 'expecting', 'cancelled']],
  ])('takes %s only at its own step', (_command, command, allowed) => {
    const tasks = { queued, accepted, picking, complete, packed, expecting, handedOver, cancelled };
    const taken = Object.entries(tasks).filter(([, task]) => command(task).ok);
    expect(taken.map(([name]) => name)).toEqual(allowed);
  });

  it('does a command once: asked again it changes nothing [X3]', () => {
    expect(must(acceptTask(accepted))).toEqual({ task: accepted, changed: false, movements: [] });
    expect(must(claimTask(picking, ASHA)).changed).toBe(false);
    expect(must(packTask(packed, { pickerId: ASHA, bags: 2 })).changed).toBe(false);
    expect(must(cancelTask(cancelled)).changed).toBe(false);
  });
});

describe('one picker a task', () => {
  it('tells the second whose it is', () => {
    const taken = { ok: false, error: { code: 'TASK_TAKEN', pickerId: ASHA } };
    expect(claimTask(picking, RAVI)).toEqual(taken);
    expect(scanItem(picking, { pickerId: RAVI, skus: [TEA], quantity: 1 })).toEqual(taken);
    expect(packTask(complete, { pickerId: RAVI, bags: 1 })).toEqual(taken);
  });
});

describe('a scan [F8]', () => {
  const by = { pickerId: ASHA, quantity: 1 };

  it('moves the unit from the shelf to the tote', () => {
    const step = must(scanItem(picking, { ...by, skus: [EGGS] }));
    expect(step.line).toEqual({ sku: EGGS, quantity: 2, picked: 1 });
    expect(step.movements).toEqual([{ kind: 'picked', sku: EGGS, quantity: 1 }]);
  });

  it('of a barcode that several SKUs share counts for the one that is still wanted', () => {
    expect(must(scanItem(pick(picking, TEA), { ...by, skus: [TEA, EGGS] })).line.sku).toBe(EGGS);
  });

  it.each([
    ['a barcode of no SKU', [], 1, { code: 'UNKNOWN_BARCODE' }],
    ['an item that is not on the list', [GOLD], 1, { code: 'WRONG_ITEM', skus: [GOLD] }],
    ['more than the line wants', [EGGS], 3, { code: 'OVER_QUANTITY', sku: EGGS, quantity: 3, left: 2 }],
  ])('of %s is refused', (_what, skus, quantity, error) => {
    expect(scanItem(picking, { pickerId: ASHA, skus, quantity })).toEqual({ ok: false, error });
  });

  it('of a full line is refused with nothing left', () => {
    expect(scanItem(complete, { ...by, skus: [TEA] })).toMatchObject({ error: { code: 'OVER_QUANTITY', left: 0 } });
  });
});

describe('packing', () => {
  it('waits for every line and says what is missing', () => {
    expect(packTask(pick(picking, EGGS), { pickerId: ASHA, bags: 1 })).toEqual({
      ok: false,
      error: {
        code: 'LINES_OPEN',
        open: [
          { sku: EGGS, missing: 1 },
          { sku: TEA, missing: 1 },
        ],
      },
    });
  });
});

describe('handing over', () => {
  it('needs the announced courier and that courier’s code, and sells the units', () => {
    expect(handOverTask(packed, '123456')).toEqual({ ok: false, error: { code: 'NO_COURIER' } });
    expect(handOverTask(expecting, '654321')).toEqual({ ok: false, error: { code: 'HANDOVER_CODE_WRONG' } });
    expect(must(handOverTask(expecting, '123456')).movements).toEqual([
      { kind: 'sold', sku: EGGS, quantity: 2 },
      { kind: 'sold', sku: TEA, quantity: 1 },
    ]);
  });

  it('takes the last courier announced, until the task is closed', () => {
    const other = { ...COURIER, handoverCode: '999999' };
    const again = expectCourier(expecting, other)?.task ?? packed;
    expect(handOverTask(again, '123456').ok).toBe(false);
    expect(handOverTask(again, '999999').ok).toBe(true);
    expect(expectCourier(handedOver, other)).toBeUndefined();
    expect(expectCourier(cancelled, other)).toBeUndefined();
  });
});

describe('cancelling', () => {
  it('puts back what was set aside and what was picked', () => {
    expect(must(cancelTask(pick(picking, EGGS))).movements).toEqual([
      { kind: 'deallocated', sku: EGGS, quantity: 1 },
      { kind: 'restocked', sku: EGGS, quantity: 1 },
      { kind: 'deallocated', sku: TEA, quantity: 1 },
    ]);
    expect(cancelTask(handedOver)).toMatchObject({ error: { code: 'TASK_STATE' } });
  });
});

const COMMANDS: Record<string, (task: PickTask, sku: Sku, by: UserId, quantity: number) => TaskStep | undefined> = {
  accept: (task) => stepOf(acceptTask(task)),
  claim: (task, _sku, by) => stepOf(claimTask(task, by)),
  scan: (task, sku, by, quantity) => stepOf(scanItem(task, { pickerId: by, skus: [sku], quantity })),
  pack: (task, _sku, by, quantity) => stepOf(packTask(task, { pickerId: by, bags: quantity })),
  expect: (task) => expectCourier(task, COURIER),
  handOver: (task) => stepOf(handOverTask(task, '123456')),
  cancel: (task) => stepOf(cancelTask(task)),
};
function stepOf(step: Result<TaskStep, TaskError>): TaskStep | undefined {
  return step.ok ? step.value : undefined;
}
/** Mostly what a picker does, so that many sequences reach the end; and now and then something else. */
const anyStep = fc.record({
  name: fc.oneof(
    { weight: 40, arbitrary: fc.constantFrom('accept', 'claim', 'scan', 'scan', 'pack', 'expect', 'handOver') },
    { weight: 1, arbitrary: fc.constant('cancel') },
  ),
  sku: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(EGGS, TEA) }, { weight: 1, arbitrary: fc.constant(GOLD) }),
  by: fc.oneof({ weight: 9, arbitrary: fc.constant(ASHA) }, { weight: 1, arbitrary: fc.constant(RAVI) }),
  quantity: fc.integer({ min: 1, max: 2 }),
});

describe('any sequence of commands', () => {
  it('keeps every unit of the order accounted for, and sells only what was picked [I1]', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
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
    );
  });
});

/** Where the units of a line must be, given the task. */
function expectedLevel(task: PickTask, { quantity, picked }: PickTask['lines'][number]): Partial<StockLevel> {
  if (task.status === 'HANDED_OVER') return { allocated: 0, picked: 0, sold: quantity, available: 0 };
  if (task.status === 'CANCELLED') return { allocated: 0, picked: 0, sold: 0, available: quantity };
  return { allocated: quantity - picked, picked, sold: 0, available: 0 };
}
