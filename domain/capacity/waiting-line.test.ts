import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asOrderId } from '../shared/ids.ts';
import { NOTHING_MEASURED, paceOf } from './pick-pace.ts';
import { readyTime } from './ready-time.ts';
import { CALLED_FOR_MS, CALLED_MAX, LINE_MAX, lookAtLine, mayPass, roomFor, turnAtMs } from './waiting-line.ts';
import type { Waiting } from './waiting-line.ts';

const NOW_MS = 1_800_000_000_000;
const PACE = { againMs: 300_000, everyMs: 45_000 };
const pace = paceOf(NOTHING_MEASURED);

function orderAt(n: number) {
  return asOrderId(`ord_${String(n).padStart(26, '0')}`);
}
function waiting(n: number, over: Partial<Waiting> = {}): Waiting {
  const told = { place: n, turnAtMs: turnAtMs(n, PACE, NOW_MS) };
  return { orderId: orderAt(n), untilMs: NOW_MS + 1_200_000, calledAtMs: null, told, ...over };
}

const lines = fc
  .array(
    fc.record({
      untilMs: fc.constantFrom(NOW_MS, NOW_MS + 600_000),
      calledAtMs: fc.constantFrom(null, null, NOW_MS - CALLED_FOR_MS, NOW_MS - 1_000),
    }),
    { maxLength: LINE_MAX },
  )
  .map((orders) => orders.map((order, index) => waiting(index + 1, order)));

describe('a line [O14]', () => {
  test('is served first come first, no more at a time than there is room for', () => {
    fc.assert(
      fc.property(lines, fc.nat(9), (line, room) => {
        const { called, gone } = lookAtLine(line, { nowMs: NOW_MS, room, pace: PACE });
        const there = line.filter(({ orderId }) => !gone.includes(orderId));
        const waits = there.filter(({ calledAtMs }) => calledAtMs === null).map(({ orderId }) => orderId);
        expect(called).toEqual(waits.slice(0, called.length));
        const out = there.length - waits.length + called.length;
        expect(called.length === 0 || out <= Math.min(room, CALLED_MAX)).toBe(true);
        expect(called.length === waits.length || out >= Math.min(room, CALLED_MAX)).toBe(true);
      }),
    );
  });

  test('loses whoever waited too long, and whoever was called and did not come', () => {
    const line = [
      waiting(1, { untilMs: NOW_MS }),
      waiting(2, { calledAtMs: NOW_MS - CALLED_FOR_MS }),
      waiting(3, { calledAtMs: NOW_MS - CALLED_FOR_MS + 1, untilMs: NOW_MS }),
      waiting(4),
    ];
    const { gone, called } = lookAtLine(line, { nowMs: NOW_MS, room: 0, pace: PACE });
    expect(gone).toEqual([orderAt(1), orderAt(2)]);
    expect(called).toEqual([]);
  });

  test('tells those who stand elsewhere than they know, and those alone', () => {
    const look = { nowMs: NOW_MS, room: 0, pace: PACE };
    expect(lookAtLine([waiting(1), waiting(2)], look).moved).toEqual([]);
    expect(lookAtLine([waiting(2), waiting(3)], look).moved).toEqual([
      { orderId: orderAt(2), standing: { place: 1, turnAtMs: NOW_MS + 300_000 } },
      { orderId: orderAt(3), standing: { place: 2, turnAtMs: NOW_MS + 345_000 } },
    ]);
    const later = { ...look, pace: { ...PACE, againMs: 360_000 } };
    expect(lookAtLine([waiting(1)], later).moved).toHaveLength(1);
  });

  test('lets nobody pass by who was not called', () => {
    const line = [waiting(1, { calledAtMs: NOW_MS }), waiting(2)];
    expect([null, orderAt(1), orderAt(2), orderAt(3)].map((order) => mayPass(line, order))).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(mayPass([waiting(1, { calledAtMs: NOW_MS })], null)).toBe(true);
  });

  test('is called no further than the floor goes before it pauses again', () => {
    fc.assert(
      fc.property(
        fc.nat(30),
        fc.nat(10),
        fc.nat(6),
        fc.integer({ min: 1, max: 60 }),
        (tasks, per, pickers, minutes) => {
          const load = { queuedTasks: tasks, queuedLines: tasks * per, pickersOnShift: pickers };
          const policy = { throttleAtMs: 1, pauseAtMs: minutes * 60_000 };
          const room = roomFor(load, pace, policy);
          const usual = tasks === 0 ? 6 : per;
          const last = { ...load, queuedTasks: tasks + room - 1, queuedLines: tasks * per + (room - 1) * usual };
          expect(room === 0 || readyTime(last, pace).readyP90Ms < policy.pauseAtMs).toBe(true);
          expect(room).toBeLessThanOrEqual(CALLED_MAX);
        },
      ),
    );
  });
});
