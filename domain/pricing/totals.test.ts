import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from '../money/allocate.ts';
import { addUp, shareOut, totalsOf } from './totals.ts';

test('the parts of an old log that is without them are 0 [P5]', () => {
  expect(totalsOf({ itemsMinor: 5_500, deliveryFeeMinor: 500, totalMinor: 6_000 })).toEqual({
    itemsMinor: 5_500,
    discountMinor: 0,
    smallCartFeeMinor: 0,
    deliveryFeeMinor: 500,
    surgeFeeMinor: 0,
    taxMinor: 0,
    taxIncluded: false,
    tipMinor: 0,
    totalMinor: 6_000,
  });
});

test('tax is added where the prices do not contain it, and only told where they do [P5]', () => {
  const parts = {
    itemsMinor: 10_000,
    discountMinor: 1_000,
    smallCartFeeMinor: 0,
    deliveryFeeMinor: 2_000,
    surgeFeeMinor: 500,
    taxMinor: 575,
    tipMinor: 300,
  };
  expect(addUp({ ...parts, taxIncluded: false }).totalMinor).toBe(12_375);
  expect(addUp({ ...parts, taxIncluded: true }).totalMinor).toBe(11_800);
});

test('what is due by line and by fee, and the tip, add up to the total to the minor unit [P5]', () => {
  const line = fc.record({ quantity: fc.integer({ min: 1, max: 99 }), unitPriceMinor: fc.nat(10_000_000) });
  const fees = fc.record({
    smallCartFeeMinor: fc.nat(10_000),
    deliveryFeeMinor: fc.nat(100_000),
    surgeFeeMinor: fc.nat(100_000),
    tipMinor: fc.nat(100_000),
    taxIncluded: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 100 }),
      fees,
      fc.nat(1_000_000),
      fc.nat(300_000),
      (lines, parts, offPpm, taxPpm) => {
        const gross = lines.map(({ quantity, unitPriceMinor }) => quantity * unitPriceMinor);
        const itemsMinor = gross.reduce((sum, amount) => sum + amount, 0);
        const discountMinor = Math.floor(itemsMinor * (offPpm / 1_000_000));
        const discounts = allocate(discountMinor, gross);
        const taxed =
          itemsMinor - discountMinor + parts.smallCartFeeMinor + parts.deliveryFeeMinor + parts.surgeFeeMinor;
        const taxMinor = Math.floor(taxed * (taxPpm / 1_000_000));
        const totals = addUp({ ...parts, itemsMinor, discountMinor, taxMinor });
        const shares = shareOut({
          ...totals,
          lines: lines.map((l, lineNo) => ({ ...l, discountMinor: discounts[lineNo] ?? 0 })),
        });
        const all = [...shares.lines, shares.smallCartFee, shares.deliveryFee, shares.surgeFee];
        expect(all.reduce((sum, { dueMinor }) => sum + dueMinor, shares.tipMinor)).toBe(totals.totalMinor);
        expect(all.reduce((sum, { taxMinor: tax }) => sum + tax, 0)).toBe(taxMinor);
        for (const { netMinor } of all) expect(netMinor).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
