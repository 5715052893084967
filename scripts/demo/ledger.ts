import { conservationGap } from '../../domain/inventory/stock-level.ts';
import type { AuditView } from '../../contracts/http/admin.ts';
import type * as v from 'valibot';

export type Audit = v.InferOutput<typeof AuditView>;
export type Totals = Audit['totals'];

/**
 * Units that were promised twice or cannot be accounted for: gaps of the whole ledger and of each SKU, and delivered units
 * that the ledger did not sell. `alone`: nobody else buys at the store, so it may not have sold more than that either.
 */
export function oversoldUnits(before: Totals, after: Audit, deliveredUnits: number, alone: boolean): number {
  const gaps = after.discrepancies.reduce((sum, { gapUnits: units }) => sum + Math.abs(units), 0);
  const notSold = deliveredUnits - (after.totals.sold - before.sold);
  return Math.max(gaps, Math.abs(conservationGap(after.totals))) + (alone ? Math.abs(notSold) : Math.max(0, notSold));
}

/** The conservation sum as an equation, places with nothing in them left out. */
export function conservationLine(totals: Totals): string {
  const came = terms([
    ['received', totals.received],
    ['adjusted', totals.adjusted],
    ['transferred in', totals.transferredIn],
  ]);
  const went = terms([
    ['available', totals.available],
    ['blocked', totals.blocked],
    ['held', totals.held],
    ['allocated', totals.allocated],
    ['picked', totals.picked],
    ['sold', totals.sold],
    ['written off', totals.writtenOff],
    ['transferred out', totals.transferredOut],
  ]);
  const gap = conservationGap(totals);
  return gap === 0 ? `${came} = ${went}` : `${came} != ${went}: ${gap} units are not accounted for`;
}

function terms(all: readonly (readonly [name: string, units: number])[]): string {
  const filled = all.filter(([, units]) => units !== 0).map(([name, units]) => `${units} ${name}`);
  return filled.length === 0 ? '0' : filled.join(' + ');
}
