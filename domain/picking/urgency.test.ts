import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byUrgency, urgencyMs } from './urgency.ts';
import type { WaitingTask } from './urgency.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** `leadMs` is what was promised: never a time before the order. */
const anyTask = fc
  .record({
    orderId: fc.uuid(),
    queuedAtMs: fc.integer({ min: 0, max: 4 * HOUR }),
    leadMs: fc.integer({ min: 0, max: 2 * HOUR }),
  })
  .map(({ orderId, queuedAtMs, leadMs }) => ({ orderId, queuedAtMs, promisedAtMs: queuedAtMs + leadMs }));
/** Eighths: sums of them are exact. */
const anyWeight = fc.integer({ min: 0, max: 16 }).map((eighths) => eighths / 8);

describe('the queue [F7]', () => {
  it('serves what is due first, and what has waited longer of two that are due together', () => {
    const tasks: WaitingTask[] = [
      { orderId: 'long', queuedAtMs: 0, promisedAtMs: 20 * MINUTE },
      { orderId: 'late', queuedAtMs: 8 * MINUTE, promisedAtMs: 20 * MINUTE },
      { orderId: 'express', queuedAtMs: 8 * MINUTE, promisedAtMs: 15 * MINUTE },
      { orderId: 'again', queuedAtMs: 8 * MINUTE, promisedAtMs: 20 * MINUTE },
    ];
    const order = tasks.toSorted(byUrgency(9 * MINUTE)).map(({ orderId }) => orderId);
    expect(order).toEqual(['express', 'long', 'again', 'late']);
    expect(
      tasks
        .toReversed()
        .toSorted(byUrgency(9 * MINUTE))
        .map(({ orderId }) => orderId),
    ).toEqual(order);
  });

  it('counts a minute of waiting like half a minute less until the promise', () => {
    const task = { orderId: 'a', queuedAtMs: 0, promisedAtMs: 20 * MINUTE };
    expect(urgencyMs(task, 0)).toBe(20 * MINUTE);
    expect(urgencyMs(task, 4 * MINUTE)).toBe((16 - 2) * MINUTE);
    expect(urgencyMs(task, 4 * MINUTE, 0)).toBe(16 * MINUTE);
  });

  it('starves nobody: only tasks queued within lead / (1 + weight) may go before one', () => {
    fc.assert(
      fc.property(anyTask, anyTask, anyWeight, fc.integer({ min: 6 * HOUR, max: 24 * HOUR }), (a, b, weight, nowMs) => {
        const overtakes = byUrgency(nowMs, weight)(b, a) < 0;
        const openForMs = (a.promisedAtMs - a.queuedAtMs) / (1 + weight);
        expect(overtakes && b.queuedAtMs - a.queuedAtMs > openForMs).toBe(false);
      }),
    );
  });

  it('keeps the order of two tasks while they wait', () => {
    fc.assert(
      fc.property(anyTask, anyTask, anyWeight, fc.integer({ min: 0, max: 24 * HOUR }), (a, b, weight, laterMs) => {
        fc.pre(a.orderId !== b.orderId);
        const nowMs = 6 * HOUR;
        const before = byUrgency(nowMs, weight)(a, b);
        expect(Math.sign(byUrgency(nowMs + laterMs, weight)(a, b))).toBe(Math.sign(before));
        expect(Math.sign(byUrgency(nowMs, weight)(b, a))).toBe(-Math.sign(before));
      }),
    );
  });
});
