import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ORDER_EVENTS } from '../../contracts/events/orders.ts';
import { ok } from '../../domain/shared/result.ts';
import { idOf, orderLife, toRecord, type TestEvent } from '../../test/support/stream-events.ts';
import { foldBatch, type Known } from './fold-batch.ts';
import { parseRecord } from './parse-record.ts';
import type { Topology } from './topology.ts';

/** Keeps the sequences it was given: what a projection would have seen. */
const SEEN: Topology<typeof ORDER_EVENTS, readonly number[], string> = {
  group: 'seen',
  topics: [ORDER_EVENTS],
  step(state = [], event) {
    if (event.type === 'order.cancelled') throw new Error('a bug in the step');
    if (event.type === 'order.refunded') return { ok: false, error: { code: 'REFUSED', detail: 'no' } };
    return ok({ state: [...state, event.sequence], outputs: [`${event.subject}/${event.sequence}`] });
  },
  write: () => [],
};

const NOTHING: Known<readonly number[]> = { sequences: new Map(), parked: new Set(), states: new Map() };

function folded(events: readonly TestEvent[], known = NOTHING, wholeHistory = true) {
  const records = events.map((event, offset) => parseRecord(ORDER_EVENTS, { offset, ...toRecord(event) }));
  return foldBatch(SEEN, wholeHistory, records, known);
}

const [A, B] = [idOf('ord', 1), idOf('ord', 2)];
const lifeA = orderLife(1);
const lifeB = orderLife(2);

describe('a batch', () => {
  test('folds each subject in order [E4]', () => {
    const { states, outputs, sequences, deadLetters } = folded([
      ...lifeA.slice(0, 2),
      ...lifeB.slice(0, 1),
      ...lifeA.slice(2, 3),
    ]);
    expect(states.get(A)).toEqual([1, 2, 3]);
    expect(states.get(B)).toEqual([1]);
    expect(outputs).toEqual([`${A}/1`, `${A}/2`, `${B}/1`, `${A}/3`]);
    expect([...sequences]).toEqual([
      [A, 3],
      [B, 1],
    ]);
    expect(deadLetters).toEqual([]);
  });

  test('goes on from what was known [E4]', () => {
    const known = { sequences: new Map([[A, 2]]), parked: new Set<string>(), states: new Map([[A, [1, 2]]]) };
    expect(folded(lifeA.slice(2, 4), known).states.get(A)).toEqual([1, 2, 3, 4]);
  });

  test('skips what was seen, in this batch or before it [E3]', () => {
    const known = { ...NOTHING, sequences: new Map([[A, 2]]) };
    const result = folded([...lifeA.slice(0, 3), ...lifeA.slice(1, 4)], known);
    expect(result.outputs).toEqual([`${A}/3`, `${A}/4`]);
    expect(result.duplicates).toBe(4);
  });

  test('parks a subject on a gap, and no other [E3]', () => {
    const [one, , three, four] = lifeA;
    const result = folded([one, three, four, ...lifeB.slice(0, 2)].filter((event) => event !== undefined));
    expect(result.deadLetters).toMatchObject([
      { recordOffset: 1, subject: A, sequence: 3, code: 'SEQUENCE_GAP', detail: expect.stringContaining('2') },
      { recordOffset: 2, subject: A, sequence: 4, code: 'SUBJECT_PARKED' },
    ]);
    expect(result.sequences.get(A)).toBe(1);
    expect(result.states.get(B)).toEqual([1, 2]);
  });

  test('a subject that was parked before stays parked, duplicates are still skipped [E3]', () => {
    const known = { ...NOTHING, sequences: new Map([[A, 1]]), parked: new Set([A]) };
    const result = folded(lifeA.slice(0, 3), known);
    expect(result.deadLetters.map(({ sequence, code }) => [sequence, code])).toEqual([
      [2, 'SUBJECT_PARKED'],
      [3, 'SUBJECT_PARKED'],
    ]);
    expect(result.duplicates).toBe(1);
  });

  test('the first event of a subject must be the first there was, where a topic keeps everything [E3]', () => {
    expect(folded(lifeA.slice(4, 5)).deadLetters).toMatchObject([{ code: 'SEQUENCE_GAP' }]);
    expect(folded(lifeA.slice(4, 6), NOTHING, false).states.get(A)).toEqual([5, 6]);
  });

  test('an event that the step refuses, or fails on, is parked with its subject [E3]', () => {
    for (const [type, code] of [
      ['order.refunded', 'REFUSED'],
      ['order.cancelled', 'STEP_FAILED'],
    ] as const) {
      const events = lifeA.slice(0, 3).map((event, index) => (index === 1 ? { ...event, type } : event));
      const result = folded([...events, ...lifeB.slice(0, 1)]);
      expect(result.deadLetters.map((letter) => letter.code)).toEqual([code, 'SUBJECT_PARKED']);
      expect(result.outputs).toEqual([`${A}/1`, `${B}/1`]);
    }
  });

  test('a record without a subject is set aside and holds up nobody [E3]', () => {
    const records = [
      parseRecord(ORDER_EVENTS, { offset: 5, key: Buffer.from('k'), value: Buffer.from('not JSON\0') }),
      ...lifeA.slice(0, 1).map((event) => parseRecord(ORDER_EVENTS, { offset: 6, ...toRecord(event) })),
    ];
    const result = foldBatch(SEEN, true, records, NOTHING);
    expect(result.deadLetters).toEqual([
      {
        recordOffset: 5,
        key: Buffer.from('k').toString('base64'),
        value: Buffer.from('not JSON\0').toString('base64'),
        subject: null,
        sequence: null,
        code: 'NOT_JSON',
        detail: expect.any(String),
      },
    ]);
    expect(result.states.get(A)).toEqual([1]);
  });

  test('however a log repeats itself and however it is cut, each event counts once and in order [E3 E4]', () => {
    const sends = fc.array(fc.record({ back: fc.nat(9), length: fc.nat(9) }), { maxLength: 12 });
    const cuts = fc.array(fc.nat(40), { maxLength: 5 });
    fc.assert(
      fc.property(sends, cuts, (stretches, at) => {
        // A producer that lost an answer sends a stretch again, and never skips one.
        const whole: TestEvent[] = [];
        let reached = 0;
        for (const { back, length } of [...stretches, { back: 10, length: 20 }]) {
          const from = Math.max(0, reached - back);
          whole.push(...lifeA.slice(from, from + length));
          reached = Math.max(reached, Math.min(from + length, lifeA.length));
        }
        const edges = [0, ...at.toSorted((x, y) => x - y), whole.length];
        let known = NOTHING;
        for (let index = 1; index < edges.length; index += 1) {
          const { sequences, states, deadLetters } = folded(whole.slice(edges[index - 1], edges[index]), known);
          expect(deadLetters).toEqual([]);
          known = {
            sequences: new Map([...known.sequences, ...sequences]),
            parked: new Set(),
            states: new Map([...known.states, ...states]),
          };
        }
        expect(known.states.get(A)).toEqual(lifeA.map(({ sequence }) => sequence));
      }),
    );
  });
});
