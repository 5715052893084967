import { allocate } from '../money/allocate.ts';
import { byWeight, ceilingGrams, chargedGrams } from '../pricing/catch-weight.ts';
import { addUp, ceilingOf, grossOf, shareOut, totalsOf } from '../pricing/totals.ts';
import type { ChargedLine, QuotedTotals, Totals } from '../pricing/totals.ts';
import type { Sku, SubstitutionId } from '../shared/ids.ts';
import type { Candidate, OrderLine, OrderState, PickedLine } from './order.ts';
import type { SubstitutedLine, Substitution } from './substitution.ts';

/** Units in the bags. A substitute says which proposal it came by. */
export interface BaggedLine extends ChargedLine {
  readonly sku: Sku;
  readonly proposalId?: SubstitutionId;
}
/** What is owed for what is in the bags: the quote, counted again. */
export interface Charge extends Totals {
  /** Of those that came: what did not is not among them. */
  readonly lines: readonly BaggedLine[];
}

/** What was agreed to, and what of it came. */
interface Instead {
  readonly substitutions: readonly Substitution[];
  readonly substituted: readonly SubstitutedLine[];
}
/** What is in the bags. */
export interface Bags extends Instead {
  readonly picked: readonly PickedLine[];
}
const NOTHING_INSTEAD: Instead = { substitutions: [], substituted: [] };

/**
 * What is in the bags, never more than was ordered: a line picked twice is not paid twice. In the order of the lines. The weight of an
 * article is split over its lines by their units.
 */
export function countPicked(quote: Candidate, reported: readonly PickedLine[] | undefined): readonly PickedLine[] {
  const left = new Map<string, number>();
  for (const { sku, quantity } of reported ?? []) left.set(sku, (left.get(sku) ?? 0) + quantity);
  const counted = quote.lines.map(({ sku, quantity }) => {
    if (reported === undefined) return { sku, quantity };
    const picked = Math.min(quantity, left.get(sku) ?? 0);
    left.set(sku, (left.get(sku) ?? 0) - picked);
    return { sku, quantity: picked };
  });
  return counted.map((line, lineNo) => {
    const grams = quote.lines[lineNo]?.weighed === undefined ? 0 : gramsOf(reported ?? [], line.sku);
    if (grams === 0 || line.quantity === 0) return line;
    const units = counted.map(({ sku, quantity }) => (sku === line.sku ? quantity : 0));
    return { ...line, grams: allocate(grams, units)[lineNo] ?? 0 };
  });
}

function gramsOf(reported: readonly PickedLine[], sku: Sku): number {
  return reported.reduce((sum, line) => (line.sku === sku ? sum + (line.grams ?? 0) : sum), 0);
}

/** What a charge is counted from. */
export type PricedQuote = QuotedTotals & { readonly lines: readonly OrderLine[]; readonly ceilingMinor?: number };

/** What is reserved for a quote: what it comes to when all that is weighed is as heavy as is charged. Absent where nothing is weighed. */
export function weightCeiling(quote: PricedQuote): { readonly ceilingMinor?: number } {
  if (quote.lines.every(({ weighed }) => weighed === undefined)) return {};
  const heaviest = quote.lines.flatMap((line) => {
    const { quantity, weighed } = line;
    const grams = weighed === undefined ? undefined : ceilingGrams(weighed, quantity);
    return bagged(line, { quantity, ...(grams !== undefined && { grams }) });
  });
  return { ceilingMinor: countAgain(quote, heaviest).totalMinor };
}

/**
 * What is owed for what is in the bags, at most what was reserved: each line at its price with its part of the discount, what came instead at
 * the lower of both articles' prices, the fees and the tip as they were quoted, since a basket that shrank is not the customer's doing,
 * and the tax in proportion to what it is on. Of what was quoted for a line, a part of its units is rounded down; what is weighed is
 * charged by its weight up to the tolerance, rounded half up, and its discount goes with the weight.
 */
export function chargeFor(
  quote: PricedQuote,
  picked: readonly PickedLine[],
  instead: Instead = NOTHING_INSTEAD,
): Charge {
  const charge = chargeBags(quote, { picked, ...instead }, 'TO_CEILING');
  // No rule leads above the ceiling; whatever would, is not the customer's to pay.
  const aboveMinor = Math.max(0, charge.totalMinor - ceilingOf(quote));
  return { ...charge, discountMinor: charge.discountMinor + aboveMinor, totalMinor: charge.totalMinor - aboveMinor };
}

/** What would be owed for the whole weight of the bags; `null` when that is no more, or more than was reserved. */
export function chargeWhole(quote: PricedQuote, bags: Bags): Charge | null {
  const whole = chargeBags(quote, bags, 'WHOLE');
  const isMore = whole.totalMinor > chargeFor(quote, bags.picked, bags).totalMinor;
  return isMore && whole.totalMinor <= ceilingOf(quote) ? whole : null;
}

/** Which weight counts: all of it, or that up to the ceiling of its line. */
type Weighing = 'WHOLE' | 'TO_CEILING';

function chargeBags(quote: PricedQuote, bags: Bags, weighing: Weighing): Charge {
  const lines = quote.lines.flatMap((line, lineNo) => {
    const here = bags.picked[lineNo] ?? { quantity: 0 };
    return [...bagged(line, here, weighing), ...baggedInstead(line, lineNo, here.quantity, quote, bags)];
  });
  return { ...countAgain(quote, lines), lines };
}

function countAgain(quote: QuotedTotals, lines: readonly BaggedLine[]): Totals {
  const quoted = totalsOf(quote);
  const itemsMinor = lines.reduce((sum, line) => sum + grossOf(line), 0);
  const discountMinor = lines.reduce((sum, line) => sum + (line.discountMinor ?? 0), 0);
  const feesMinor = quoted.smallCartFeeMinor + quoted.deliveryFeeMinor + quoted.surgeFeeMinor;
  const taxMinor = proportion(
    quoted.taxMinor,
    itemsMinor - discountMinor + feesMinor,
    quoted.itemsMinor - quoted.discountMinor + feesMinor,
  );
  return addUp({ ...quoted, itemsMinor, discountMinor, taxMinor });
}

function bagged(
  line: OrderLine,
  { quantity: units, grams }: Omit<PickedLine, 'sku'>,
  weighing: Weighing = 'TO_CEILING',
): readonly BaggedLine[] {
  const { sku, unitPriceMinor, weighed } = line;
  if (units === 0) return [];
  if (weighed === undefined || grams === undefined) {
    return [lineAt({ sku, quantity: units, unitPriceMinor }, netOf(line, units))];
  }
  const paidGrams = weighing === 'WHOLE' ? grams : chargedGrams(weighed, units, grams);
  const { nominalGrams } = weighed;
  const weighedMinor = byWeight(unitPriceMinor, nominalGrams, paidGrams);
  const netMinor = byWeight(netOf(line, line.quantity), line.quantity * nominalGrams, paidGrams);
  return [lineAt({ sku, quantity: units, unitPriceMinor, weighedMinor }, netMinor)];
}

/** The substitutes for a line, in the order in which they were proposed; each for units of it that did not come. */
function baggedInstead(
  line: OrderLine,
  lineNo: number,
  picked: number,
  quote: PricedQuote,
  { substitutions, substituted }: Instead,
): readonly BaggedLine[] {
  // Of two lines of one article, the substitutes are for the first.
  if (quote.lines.findIndex(({ sku }) => sku === line.sku) !== lineNo) return [];
  let used = picked;
  return substituted.flatMap(({ proposalId, quantity }) => {
    const agreed = substitutions.find(({ proposal }) => proposal.proposalId === proposalId);
    if (agreed === undefined || agreed.proposal.missing !== line.sku) return [];
    const ownMinor = netOf(line, used + quantity) - netOf(line, used);
    used += quantity;
    const { unitPriceMinor } = agreed;
    const netMinor = Math.min(quantity * unitPriceMinor, ownMinor);
    return [{ ...lineAt({ sku: agreed.proposal.substitute, quantity, unitPriceMinor }, netMinor), proposalId }];
  });
}

function lineAt(line: BaggedLine, netMinor: number): BaggedLine {
  const discountMinor = grossOf(line) - netMinor;
  return { ...line, ...(discountMinor > 0 && { discountMinor }) };
}

/** What the first so many units of a line cost with their part of its discount, rounded down. */
function netOf({ quantity, unitPriceMinor, discountMinor = 0 }: ChargedLine, units: number): number {
  return Math.floor(((quantity * unitPriceMinor - discountMinor) * units) / quantity);
}

/** `whole` x `part` / `base`, rounded down. The product is beyond what a double holds exactly. */
function proportion(wholeMinor: number, partMinor: number, baseMinor: number): number {
  if (baseMinor <= 0) return 0;
  return Number((BigInt(wholeMinor) * BigInt(partMinor)) / BigInt(baseMinor));
}

/** Units of an article that were paid for, and what was paid for all of them with their tax, minor units. */
export interface PaidUnits {
  readonly quantity: number;
  readonly paidMinor: number;
}

/** Nothing before the bags are packed. */
export function paidUnits({ packed }: Pick<OrderState, 'packed'>, sku: Sku): PaidUnits {
  if (packed === null) return { quantity: 0, paidMinor: 0 };
  const { charge } = packed;
  const shares = shareOut(charge).lines;
  return charge.lines.reduce<PaidUnits>(
    (sum, line, lineNo) =>
      line.sku === sku
        ? { quantity: sum.quantity + line.quantity, paidMinor: sum.paidMinor + (shares[lineNo]?.dueMinor ?? 0) }
        : sum,
    { quantity: 0, paidMinor: 0 },
  );
}
