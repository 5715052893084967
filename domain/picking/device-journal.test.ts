import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOCK_OFF_MS, clockAheadMs, clockOffsetMs, placeInJournal } from './device-journal.ts';

describe('the place of a command in its journal', () => {
  it.each([
    ['the first of all', 0, 1, false, { ok: true, value: 'NEXT' }],
    ['the next', 7, 8, false, { ok: true, value: 'NEXT' }],
    ['the next, done before under another number', 7, 8, true, { ok: true, value: 'NEXT' }],
    ['one again', 7, 3, true, { ok: true, value: 'AGAIN' }],
    ['one that is known, of a journal that is not', 0, 58, true, { ok: true, value: 'AGAIN' }],
    ['one too early', 7, 9, false, { ok: false, error: { code: 'DEVICE_GAP', missing: 8 } }],
    ['another under an old number', 7, 7, false, { ok: false, error: { code: 'DEVICE_SEQ_REUSED', next: 8 } }],
  ])('%s [X3]', (_what, lastSeq, seq, isKnown, place) => {
    expect(placeInJournal(lastSeq, { seq, isKnown })).toEqual(place);
  });

  it('takes each once and in order, however they come', () => {
    const arrivals = fc
      .integer({ min: 1, max: 12 })
      .chain((last) => fc.array(fc.integer({ min: 1, max: last }), { minLength: 1, maxLength: 60 }));
    fc.assert(
      fc.property(arrivals, (seqs) => {
        const done: number[] = [];
        for (const seq of seqs) {
          const place = placeInJournal(done.length, { seq, isKnown: done.includes(seq) });
          if (place.ok && place.value === 'NEXT') done.push(seq);
        }
        expect(done).toEqual(done.map((_, i) => i + 1));
        // Whatever its tablet sends again in order ends up done.
        const last = Math.max(...seqs);
        for (let seq = 1; seq <= last; seq += 1) {
          const place = placeInJournal(done.length, { seq, isKnown: done.includes(seq) });
          if (place.ok && place.value === 'NEXT') done.push(seq);
        }
        expect(done).toHaveLength(last);
      }),
    );
  });
});

describe('the clock of a tablet', () => {
  it('is told when it is off by more than half a minute, either way', () => {
    expect(clockOffsetMs(CLOCK_OFF_MS, 0)).toBeUndefined();
    expect(clockOffsetMs(CLOCK_OFF_MS + 1, 0)).toBe(CLOCK_OFF_MS + 1);
    expect(clockOffsetMs(0, CLOCK_OFF_MS + 1)).toBe(-CLOCK_OFF_MS - 1);
  });

  it('shows in a command only when it is ahead: what was done long ago was done offline', () => {
    expect(clockAheadMs(0, 20 * 60_000)).toBeUndefined();
    expect(clockAheadMs(CLOCK_OFF_MS, 0)).toBeUndefined();
    expect(clockAheadMs(60_000, 0)).toBe(60_000);
  });
});
