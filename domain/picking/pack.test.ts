import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASHA, complete, EGGS, must, pick, picking, SEALED, TEA } from '../../test/support/pick-tasks.ts';
import { packTask } from './pack.ts';
import { BAGS_MAX, suggestBags } from './packing-list.ts';
import { shortLine } from './scan.ts';

const by = { pickerId: ASHA, nowMs: 90_000 };
const packing = { ...by, usedSeals: new Set<string>() };

describe('packing [F8]', () => {
  it('waits for every line and says what is missing', () => {
    expect(packTask(pick(picking, EGGS), { ...packing, bags: 1 })).toEqual({
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

  it('closes bags with seals, and tells the ledger of each line', () => {
    const step = must(packTask(complete, { ...packing, bags: SEALED }));
    expect(step.task).toMatchObject({ status: 'PACKED', bags: 2, sealed: SEALED });
    expect(step.movements).toEqual([
      { kind: 'packed', sku: EGGS, quantity: 2 },
      { kind: 'packed', sku: TEA, quantity: 1 },
    ]);
  });

  it('takes no seal twice', () => {
    const [first] = SEALED;
    if (first === undefined) throw new Error('no bag');
    expect(packTask(complete, { ...packing, bags: SEALED, usedSeals: new Set([first.seal]) })).toEqual({
      ok: false,
      error: { code: 'SEAL_USED', seals: [first.seal] },
    });
    expect(packTask(complete, { ...packing, bags: [first, first] })).toEqual({
      ok: false,
      error: { code: 'SEAL_USED', seals: [first.seal] },
    });
  });

  it('of nothing needs no bag, and of something needs one', () => {
    const none = [EGGS, EGGS, TEA].reduce(
      (task, sku) => must(shortLine(task, { ...by, sku, quantity: 1, reason: 'NOT_FOUND' })).task,
      picking,
    );
    expect(must(packTask(none, { ...packing, bags: [] }))).toMatchObject({ task: { bags: 0 }, movements: [] });
    expect(packTask(none, { ...packing, bags: 1 })).toEqual({
      ok: false,
      error: { code: 'BAGS_MISCOUNTED', bags: 1, units: 0 },
    });
    expect(packTask(complete, { ...packing, bags: 0 })).toMatchObject({ error: { code: 'BAGS_MISCOUNTED', units: 3 } });
  });
});

describe('the suggested bags [F8]', () => {
  it.each([
    ['nothing', [], []],
    ['a few things', [{ zone: 'ambient', units: 3, gramsPerUnit: null }], ['S ambient']],
    ['many things', [{ zone: 'ambient', units: 20, gramsPerUnit: 100 }], ['L ambient', 'M ambient']],
    ['few heavy things', [{ zone: 'ambient', units: 2, gramsPerUnit: 5000 }], ['L ambient', 'M ambient']],
    [
      'something of every zone',
      [
        { zone: 'frozen', units: 1, gramsPerUnit: 500 },
        { zone: 'ambient', units: 6, gramsPerUnit: 200 },
        { zone: 'chilled', units: 2, gramsPerUnit: 1000 },
      ],
      ['M ambient', 'S chilled', 'S frozen'],
    ],
  ] as const)('for %s', (_what, lines, bags) => {
    expect(suggestBags(lines).map(({ size, zone }) => `${size} ${zone}`)).toEqual(bags);
  });

  it('keep the zones apart, are never more than one order may have, and are there whenever something is', () => {
    const anyLine = fc.record({
      zone: fc.constantFrom('ambient' as const, 'chilled' as const, 'frozen' as const),
      units: fc.integer({ min: 0, max: 99 }),
      gramsPerUnit: fc.option(fc.integer({ min: 1, max: 30_000 })),
    });
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 100 }), (lines) => {
        const bags = suggestBags(lines);
        expect(bags.length).toBeLessThanOrEqual(BAGS_MAX);
        const wanted = new Set(lines.filter(({ units }) => units > 0).map(({ zone }) => zone));
        for (const { zone } of bags) expect(wanted.has(zone)).toBe(true);
        expect(bags.length > 0).toBe(wanted.size > 0);
      }),
    );
  });
});
