import { describe, expect, it } from 'vitest';
import { ASHA, complete, EGGS, GOLD, item, must, pick, picking, TEA } from '../../test/support/pick-tasks.ts';
import { packTask } from './pack.ts';
import { pickedUnits } from './pick-task.ts';
import { scanItem, shortLine } from './scan.ts';
import { SHORT_PICK_REASONS } from './short-pick.ts';
import type { ShortPickReason } from './short-pick.ts';

const by = { pickerId: ASHA, nowMs: 3000 };

describe('a scan [F8]', () => {
  it('moves the unit from the shelf to the tote', () => {
    const step = must(scanItem(picking, { ...by, ...item(EGGS) }));
    expect(step.line).toMatchObject({ sku: EGGS, quantity: 2, picked: 1 });
    expect(step.movements).toEqual([{ kind: 'picked', sku: EGGS, quantity: 1 }]);
  });

  it('of a pack counts for all that are in it', () => {
    const pair = { items: [{ sku: EGGS, units: 2 }], quantity: 1, weightMg: null };
    expect(must(scanItem(picking, { ...by, ...pair })).movements).toEqual([{ kind: 'picked', sku: EGGS, quantity: 2 }]);
    expect(scanItem(pick(picking, EGGS), { ...by, ...pair })).toEqual({
      ok: false,
      error: { code: 'OVER_QUANTITY', sku: EGGS, quantity: 2, left: 1 },
    });
  });

  it('of a weighed piece adds what it weighs', () => {
    const first = must(scanItem(picking, { ...by, ...item(EGGS), weightMg: 412_000 })).task;
    expect(must(scanItem(first, { ...by, ...item(EGGS), weightMg: 90_000 })).line).toMatchObject({ weightMg: 502_000 });
  });

  it('of what is sold by weight needs one: of the label before that of the picker, and none of a substitute [F8]', () => {
    const eggs = { ...by, ...item(EGGS, 2), soldByWeight: [EGGS] };
    expect(scanItem(picking, eggs)).toEqual({ ok: false, error: { code: 'WEIGHT_NEEDED', sku: EGGS } });
    expect(must(scanItem(picking, { ...eggs, enteredMg: 700_000 })).line).toMatchObject({ weightMg: 700_000 });
    const labelled = { ...eggs, enteredMg: 700_000, weightMg: 400_000 };
    expect(must(scanItem(picking, labelled)).line).toMatchObject({ weightMg: 800_000 });
    const lines = picking.lines.map((line) => (line.sku === EGGS ? { ...line, substituteFor: TEA } : line));
    expect(must(scanItem({ ...picking, lines }, eggs)).line).toMatchObject({ picked: 2, weightMg: 0 });
  });

  it('of a barcode that several SKUs share counts for the one that is still wanted', () => {
    const both = { items: [TEA, EGGS].map((sku) => ({ sku, units: 1 })), quantity: 1, weightMg: null };
    expect(must(scanItem(pick(picking, TEA), { ...by, ...both })).line).toMatchObject({ sku: EGGS });
  });

  it.each([
    ['a barcode of no SKU', { ...item(EGGS), items: [] }, { code: 'UNKNOWN_BARCODE' }],
    ['an item that is not on the list', item(GOLD), { code: 'WRONG_ITEM', skus: [GOLD] }],
    ['more than the line wants', item(EGGS, 3), { code: 'OVER_QUANTITY', sku: EGGS, quantity: 3, left: 2 }],
  ])('of %s is refused', (_what, scan, error) => {
    expect(scanItem(picking, { ...by, ...scan })).toEqual({ ok: false, error });
  });

  it('of a full line is refused with nothing left', () => {
    expect(scanItem(complete, { ...by, ...item(TEA) })).toMatchObject({ error: { code: 'OVER_QUANTITY', left: 0 } });
  });
});

describe('a short pick [F8]', () => {
  const short = { ...by, sku: EGGS, quantity: 1, reason: 'NOT_FOUND' as const };

  it('completes the line with fewer units', () => {
    const step = must(shortLine(pick(picking, EGGS), short));
    expect(step.line).toMatchObject({ picked: 1, shorted: 1, shortReason: 'NOT_FOUND' });
    const done = pick(step.task, TEA);
    expect(must(packTask(done, { ...by, bags: 1, usedSeals: new Set() })).task.status).toBe('PACKED');
    expect(pickedUnits(done)).toBe(2);
  });

  it.each<[ShortPickReason, readonly string[]]>([
    ['NOT_FOUND', ['shorted']],
    ['WRONG_ITEM', ['shorted']],
    ['DAMAGED', ['shorted', 'discarded']],
    ['EXPIRED', ['shorted', 'discarded']],
    ['QUALITY', ['shorted', 'discarded']],
  ])('for %s moves the units by its effect, and puts none back on sale', (reason, kinds) => {
    expect(SHORT_PICK_REASONS).toContain(reason);
    expect(must(shortLine(picking, { ...short, reason })).movements).toEqual(
      kinds.map((kind) => ({ kind, sku: EGGS, quantity: 1 })),
    );
  });

  it('is of what the list wants, and of no more than is missing', () => {
    expect(shortLine(picking, { ...short, sku: GOLD })).toEqual({
      ok: false,
      error: { code: 'WRONG_ITEM', skus: [GOLD] },
    });
    expect(shortLine(pick(picking, EGGS), { ...short, quantity: 2 })).toEqual({
      ok: false,
      error: { code: 'OVER_QUANTITY', sku: EGGS, quantity: 2, left: 1 },
    });
  });
});
