import type { Candidate, PickedLine } from './order.ts';
import type { SubstitutedLine, Substitution } from './substitution.ts';

/** What is in the bags, never more than was ordered: a line picked twice is not paid twice. In the order of the lines. */
export function countPicked(quote: Candidate, reported: readonly PickedLine[] | undefined): readonly PickedLine[] {
  const left = new Map<string, number>();
  for (const { sku, quantity } of reported ?? []) left.set(sku, (left.get(sku) ?? 0) + quantity);
  return quote.lines.map(({ sku, quantity }) => {
    if (reported === undefined) return { sku, quantity };
    const picked = Math.min(quantity, left.get(sku) ?? 0);
    left.set(sku, (left.get(sku) ?? 0) - picked);
    return { sku, quantity: picked };
  });
}

/**
 * What is owed for what is in the bags, minor units: its items at the quoted prices, what came instead at the lower of both articles'
 * prices, and the delivery fee. At most the quote.
 */
export function finalChargeMinor(
  quote: Candidate,
  picked: readonly PickedLine[],
  { substitutions, substituted }: Instead = NOTHING_INSTEAD,
): number {
  const itemsMinor = quote.lines.reduce(
    (sum, { unitPriceMinor }, lineNo) => sum + unitPriceMinor * (picked[lineNo]?.quantity ?? 0),
    0,
  );
  const insteadMinor = substituted.reduce((sum, { proposalId, quantity }) => {
    const agreed = substitutions.find(({ proposal }) => proposal.proposalId === proposalId);
    return sum + quantity * (agreed?.unitPriceMinor ?? 0);
  }, 0);
  return Math.min(itemsMinor + insteadMinor + quote.deliveryFeeMinor, quote.totalMinor);
}

/** What was agreed to, and what of it came. */
interface Instead {
  readonly substitutions: readonly Substitution[];
  readonly substituted: readonly SubstitutedLine[];
}
const NOTHING_INSTEAD: Instead = { substitutions: [], substituted: [] };
