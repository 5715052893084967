import type { ProposalView, SubstituteCandidates } from '../../contracts/ws/tablet.ts';
import { timeLeft } from './words.ts';

type Candidate = SubstituteCandidates['candidates'][number];
type Term = Candidate['terms'][number];

const DAY_MS = 24 * 3_600_000;

const BARRED: Readonly<Record<NonNullable<SubstituteCandidates['barredBy']>, string>> = {
  do_not_substitute: 'The customer wants this article or none.',
  refund: 'The customer wants the money back for what is missing.',
};
const RULES: Readonly<Record<string, string>> = {
  ALLERGEN: 'something that the customer avoids',
  ALLERGENS_UNKNOWN: 'contents unknown',
  NOT_NAMED: 'not among what the customer named',
  ON_THE_LIST: 'on the list already',
  NOT_SOLD_HERE: 'not sold here',
  OUT_OF_STOCK: 'out of stock',
  PAST_SELL_BY: 'past its date',
  OTHER_CATEGORY: 'another kind of article',
  OVER_PRICE_CAP: 'too dear',
};

/** Money of one currency, from minor units. */
export function moneyInWords(amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat([], { style: 'currency', currency });
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** Why the store ranks it where it does: the terms of its score, but for the price. */
export function termsInWords({ terms }: Candidate): string {
  return terms.map(termInWords).filter(Boolean).join(', ');
}

/** What a unit costs by its tag, next to the missing one. Without that one's price only whether it is dearer. */
export function priceInWords(
  { terms }: Candidate,
  missing: { readonly amount: number; readonly currency: string } | undefined,
): string {
  const differenceMinor = terms.find((term) => term.term === 'price')?.differenceMinor;
  if (differenceMinor === undefined) return '';
  const way = differenceMinor > 0 ? 'dearer' : 'cheaper';
  if (missing === undefined) return differenceMinor === 0 ? 'the same price' : way;
  const { amount, currency } = missing;
  const price = moneyInWords(amount + differenceMinor, currency);
  if (differenceMinor === 0) return `${price}, the same price`;
  return `${price}, ${moneyInWords(Math.abs(differenceMinor), currency)} ${way}`;
}

function termInWords(term: Term): string {
  switch (term.term) {
    case 'named':
      return `the customer’s choice ${term.place}`;
    case 'category':
      return term.sharedLevels === term.levels
        ? 'same kind'
        : `${term.sharedLevels} of ${term.levels} categories alike`;
    case 'size':
      return sizeInWords(term);
    case 'brand':
      return term.same === null ? '' : term.same ? 'same brand' : 'another brand';
    case 'stock':
      return `${term.availableUnits} in stock`;
    case 'shelf_life':
      return term.leftMs === null ? '' : `${Math.floor(term.leftMs / DAY_MS)} days left`;
    case 'price':
      return '';
  }
}

function sizeInWords({ unit, difference }: Extract<Term, { readonly term: 'size' }>): string {
  if (difference === null || unit === null) return '';
  if (difference === 0) return 'same size';
  return `${Math.abs(difference)} ${unit} ${difference > 0 ? 'more' : 'less'}`;
}

/** Why there is nothing to propose. */
export function noneInWords({ barredBy, ruledOut, ruledOutTotal }: SubstituteCandidates): string {
  if (barredBy !== null) return BARRED[barredBy];
  const why = [...new Set(ruledOut.flatMap(({ why: rule }) => RULES[rule] ?? []))];
  return ruledOutTotal === 0 || why.length === 0
    ? 'This store has nothing that comes near.'
    : `Nothing may stand in for it: ${why.join(', ')}.`;
}

/** How a proposal does. */
export function proposalInWords(proposal: ProposalView, nowMs: number): string {
  const { name, quantity, status, settlement, expiresAt, onSilence } = proposal;
  const article = `${quantity} × ${name}`;
  if (status === 'PROPOSED') {
    const silence = onSilence === 'SUBSTITUTE' ? 'it is taken' : 'the money goes back';
    return `The customer is asked for ${article}: ${timeLeft(expiresAt, nowMs)} left, then ${silence}. Go on meanwhile.`;
  }
  if (settlement === 'SUBSTITUTE')
    return status === 'APPROVED' ? `The customer takes ${article}.` : `No answer, as agreed it is ${article}.`;
  if (status === 'WITHDRAWN') return `${article}: withdrawn.`;
  return `${status === 'DECLINED' ? 'The customer does not want' : 'No answer about'} ${article}: the money goes back.`;
}
