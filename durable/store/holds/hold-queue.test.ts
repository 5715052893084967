import { describe, expect, it } from 'vitest';
import { RPC_VERSION } from '../../../contracts/actor.ts';
import type { HoldRefusal, HoldView } from '../../../contracts/rpc/store.ts';
import { asHoldId, asOpId, asOrderId, asSku } from '../../../domain/shared/ids.ts';
import { ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { HoldOp } from './hold-batch.ts';
import { BATCH_MAX, HoldQueue, WAIT_MAX_MS, WAITING_MAX } from './hold-queue.ts';

function op(n: number): HoldOp {
  const body = String(n).padStart(26, '0');
  const orderId = asOrderId(`ord_${body}`);
  const lines = [{ sku: asSku('TEA'), quantity: 1 }];
  const terms = { holdId: asHoldId(`hld_${body}`), opId: asOpId(`op-${body}`), kind: 'order', orderId, lines } as const;
  return { lines, command: { v: RPC_VERSION, actor: { kind: 'object', object: 'order', id: orderId }, ...terms } };
}
function ops(count: number, from = 0): HoldOp[] {
  return Array.from({ length: count }, (_, i) => op(from + i));
}
function answerTo({ command, lines }: HoldOp): Result<HoldView, HoldRefusal> {
  return ok({ holdId: command.holdId, kind: 'order', status: 'HELD', lines, setAside: lines });
}

/** A queue whose turns come when the test says, over a desk that holds everything but what is poisoned. */
function open(poisoned: ReadonlySet<string> = new Set()) {
  const batches: string[][] = [];
  const reports: unknown[] = [];
  const clock = { nowMs: 0 };
  let turn = Promise.withResolvers<void>();
  const queue = new HoldQueue({
    decide(batch) {
      batches.push(batch.map(({ command }) => command.opId));
      if (batch.some(({ command }) => poisoned.has(command.opId))) throw new Error('poisoned');
      return batch.map(answerTo);
    },
    nowMs: () => clock.nowMs,
    nextTurn: () => turn.promise,
    report: (cause) => reports.push(cause),
  });
  async function nextTurn(): Promise<void> {
    const { resolve } = turn;
    turn = Promise.withResolvers();
    resolve();
    // The queue's own continuation and those of its answers.
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
  }
  return { queue, batches, reports, clock, nextTurn };
}
function sizes(batches: readonly (readonly string[])[]): number[] {
  return batches.map((batch) => batch.length);
}

describe('the queue of holds', () => {
  it('decides at once what finds nobody waiting, and together what comes before the next turn', async () => {
    const { queue, batches, nextTurn } = open();
    const answers = ops(4).flatMap((one) => queue.hold([one]));
    expect(sizes(batches)).toEqual([1]);
    await nextTurn();
    expect(sizes(batches)).toEqual([1, 3]);
    expect(await Promise.all(answers)).toEqual(ops(4).map(answerTo));
    await nextTurn();
    void queue.hold([op(9)]);
    expect(sizes(batches)).toEqual([1, 3, 1]);
  });

  it('goes on turn by turn while there are more than one transaction takes, in the order of their coming', async () => {
    const { queue, batches, nextTurn } = open();
    void queue.hold([op(0)]);
    const answers = queue.hold(ops(BATCH_MAX + 1, 1));
    await nextTurn();
    await nextTurn();
    expect(sizes(batches)).toEqual([1, BATCH_MAX, 1]);
    expect(batches.flat()).toEqual(ops(BATCH_MAX + 2).map(({ command }) => command.opId));
    expect(await Promise.all(answers)).toHaveLength(BATCH_MAX + 1);
  });

  it('refuses beyond its bounds, by count and by age, and says when to ask again', async () => {
    const { queue, batches, clock, nextTurn } = open();
    void queue.hold([op(0)]);
    const waiting = queue.hold(ops(WAITING_MAX, 1));
    const busy = { ok: false, error: { code: 'STORE_BUSY', numbers: { retryAfterMs: WAIT_MAX_MS } } };
    const over = queue.hold([op(99_999)]);
    expect(await Promise.all(over)).toMatchObject([busy]);
    clock.nowMs = WAIT_MAX_MS;
    await nextTurn();
    clock.nowMs = WAIT_MAX_MS + 1;
    await nextTurn();
    expect(sizes(batches)).toEqual([1, BATCH_MAX]);
    expect(await waiting[BATCH_MAX - 1]).toMatchObject({ ok: true });
    expect(await waiting[BATCH_MAX]).toMatchObject(busy);
  });

  it('decides what waited for one turn only, however long that took [X2]', async () => {
    const { queue, batches, clock, nextTurn } = open();
    void queue.hold([op(0)]);
    const waiting = queue.hold(ops(BATCH_MAX + 1, 1));
    clock.nowMs = 10 * WAIT_MAX_MS;
    await nextTurn();
    const late = queue.hold([op(BATCH_MAX + 2)]);
    clock.nowMs = 20 * WAIT_MAX_MS;
    await nextTurn();
    expect(sizes(batches)).toEqual([1, BATCH_MAX, 1]);
    expect(await waiting[BATCH_MAX - 1]).toMatchObject({ ok: true });
    expect(await waiting[BATCH_MAX]).toMatchObject({ error: { code: 'STORE_BUSY' } });
    expect(await Promise.all(late)).toMatchObject([{ ok: true }]);
  });

  it('does each by itself when a batch breaks, so that one poisoned op harms nobody else', async () => {
    const { queue, batches, reports } = open(new Set([op(1).command.opId]));
    const settled = await Promise.allSettled(queue.hold(ops(3)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sizes(batches)).toEqual([3, 1, 1, 1]);
    expect(reports).toHaveLength(1);
  });
});
