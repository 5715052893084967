import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asUserId } from '../shared/ids.ts';
import { lookAtShift, nextLookMs, SHIFT_MAX_MS, SILENCE_MAX_MS, startShift } from './shift.ts';
import type { Shift } from './shift.ts';

const ASHA = asUserId(`usr_${'0'.repeat(26)}`);
const T0 = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const LOOK_EVERY_MS = 5 * MINUTE_MS;

it('ends twelve hours after it began, whoever is still there [F3]', () => {
  const shift = { ...startShift(ASHA, T0), heardAtMs: T0 + SHIFT_MAX_MS - 1 };
  const there = { heardAtMs: T0 + SHIFT_MAX_MS - 1, holdsTask: true };
  expect(lookAtShift(shift, there, T0 + SHIFT_MAX_MS - 1)).not.toBe('TOO_LONG');
  expect(lookAtShift(shift, there, T0 + SHIFT_MAX_MS)).toBe('TOO_LONG');
});

it('ends when its tablet was silent for a quarter of an hour with nothing in hand [F3]', () => {
  const shift = startShift(ASHA, T0);
  const silent = { heardAtMs: null, holdsTask: false };
  expect(lookAtShift(shift, silent, T0 + SILENCE_MAX_MS - 1)).toEqual(shift);
  expect(lookAtShift(shift, silent, T0 + SILENCE_MAX_MS)).toBe('SILENT');
  const heardAtMs = T0 + 10 * MINUTE_MS;
  expect(lookAtShift(shift, { ...silent, heardAtMs }, T0 + SILENCE_MAX_MS)).toEqual({ ...shift, heardAtMs });
  expect(lookAtShift(shift, { ...silent, holdsTask: true }, T0 + SILENCE_MAX_MS)).toMatchObject({
    heardAtMs: T0 + SILENCE_MAX_MS,
  });
});

/** When a shift is over that is looked at as often as the clock says; a tablet that was switched off has no last sign any more. */
function endOf(pings: readonly number[], offAtMs: number): number {
  let shift: Shift = startShift(ASHA, T0);
  for (let nowMs = nextLookMs(shift, T0); ; nowMs = nextLookMs(shift, nowMs)) {
    const heardAtMs = nowMs >= offAtMs ? null : (pings.findLast((ping) => ping <= nowMs) ?? null);
    const looked = lookAtShift(shift, { heardAtMs, holdsTask: false }, nowMs);
    if (typeof looked === 'string') return nowMs;
    shift = looked;
  }
}

it('is over within its bounds, whenever the tablet pinged and was switched off [F3]', () => {
  const anyGaps = fc.array(fc.nat(MINUTE_MS), { maxLength: 1500, size: 'max' });
  fc.assert(
    fc.property(anyGaps, fc.nat(9 * MINUTE_MS), (gaps, offAfterMs) => {
      const pings = [T0];
      for (const gapMs of gaps) pings.push((pings.at(-1) ?? T0) + gapMs);
      const lastMs = pings.at(-1) ?? T0;
      const endedMs = endOf(pings, lastMs + offAfterMs);
      expect(endedMs).toBeLessThanOrEqual(Math.min(T0 + SHIFT_MAX_MS, lastMs + SILENCE_MAX_MS));
      // What came after the last look before it was switched off, nobody has heard.
      const unheardMs = LOOK_EVERY_MS + MINUTE_MS;
      expect(endedMs).toBeGreaterThanOrEqual(Math.min(T0 + SHIFT_MAX_MS, lastMs + SILENCE_MAX_MS - unheardMs));
    }),
  );
});
