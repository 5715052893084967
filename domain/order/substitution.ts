import type { Allergen } from '../catalog/allergens.ts';
import { NO_WISHES, wishesFor } from '../picking/order-wishes.ts';
import type { OrderWishes } from '../picking/order-wishes.ts';
import {
  answerProposal,
  mayStillBring,
  OPEN_PROPOSALS_MAX,
  settlementOf,
  silenceOf,
  timeOutProposal,
  withdrawProposal,
} from '../picking/proposal.ts';
import type { Proposal, ProposalOver, ProposalTerms } from '../picking/proposal.ts';
import type { Term } from '../picking/substitution-score.ts';
import { harmfulAllergens } from '../picking/substitution.ts';
import type { Preference } from '../picking/substitution.ts';
import type { Sku, SubstitutionId } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Decision } from './decide.ts';
import { quoteOf } from './order.ts';
import type { Candidate, OrderEvent, OrderState, PickedLine } from './order.ts';

/** Another article in place of a missing one, as its order knows it. */
export interface Substitution {
  readonly proposal: Proposal;
  /** Of the substitute. */
  readonly name: string;
  /** What one unit costs by its tag, and what the customer pays: never more than for the missing one. Minor units. */
  readonly tagMinor: number;
  readonly unitPriceMinor: number;
  readonly terms: readonly Term[];
}
/** Units of a substitute that are in the bags. */
export interface SubstitutedLine {
  readonly proposalId: SubstitutionId;
  readonly quantity: number;
}
/** LAPSED: the store waited for an answer that did not come through. GONE: the units were gone when it came. */
export type Withdrawal = 'LAPSED' | 'GONE' | 'ORDER_CANCELLED';

/** What a store proposes. */
export interface OfferedSubstitute extends ProposalTerms {
  readonly name: string;
  readonly priceMinor: number;
  /** Null when nobody has stated them. */
  readonly allergens: readonly Allergen[] | null;
  readonly terms: readonly Term[];
}

/** The order has no such line, or not so many units of it, or too many that wait: only a store gone wrong gets here. */
export interface NotReplaceable {
  readonly code: 'NOT_REPLACEABLE';
  readonly sku: Sku;
  readonly units: number;
  readonly left: number;
}
export type AnswerError = ProposalOver | { readonly code: 'NO_PROPOSAL' };

/**
 * A store proposes a substitute. What the customer said with the order decides at once, and so does a rule; else the customer is
 * asked until `answerByMs`.
 */
export function proposeToCustomer(state: OrderState, offered: OfferedSubstitute): Decision<NotReplaceable> {
  const { proposalId, missing, substitute, units, answerByMs, name, priceMinor, terms } = offered;
  if (substitutionOf(state, proposalId) !== undefined || isCalledOff(state)) return done([]);
  const line = quoteOf(state).lines.find(({ sku }) => sku === missing);
  // What all end at once must not be more than the order writes at once.
  const isFull = openOf(state).length >= OPEN_PROPOSALS_MAX;
  const left = isFull ? 0 : (line?.quantity ?? 0) - promisedUnits(state, missing);
  if (line === undefined || state.status !== 'PICKING' || units < 1 || units > left) {
    return { events: [], answer: err({ code: 'NOT_REPLACEABLE', sku: missing, units, left }) };
  }
  const { preference } = wishesFor(state.terms.wishes ?? NO_WISHES, missing);
  const proposed: OrderEvent = {
    type: 'substitution.proposed',
    proposalId,
    missing,
    substitute,
    units,
    answerByMs,
    name,
    tagMinor: priceMinor,
    unitPriceMinor: Math.min(line.unitPriceMinor, priceMinor),
    onSilence: silenceOf(preference),
    terms,
  };
  const verdict = verdictOn(offered, state.terms.wishes ?? NO_WISHES, preference);
  return done(verdict === null ? [proposed] : [proposed, { ...verdict, proposalId }]);
}

type Verdict = Omit<
  Extract<OrderEvent, { readonly type: 'substitution.approved' | 'substitution.declined' }>,
  'proposalId'
>;

/** What needs no question. The store has looked already; that nothing harmful comes through is looked at on both sides. */
function verdictOn(
  { substitute, allergens }: OfferedSubstitute,
  { avoidAllergens }: OrderWishes,
  preference: Preference | null,
): Verdict | null {
  if (harmfulAllergens(allergens, avoidAllergens).length > 0) return { type: 'substitution.declined', why: 'RULE' };
  switch (preference?.kind) {
    case 'do_not_substitute':
    case 'refund':
      return { type: 'substitution.declined', why: 'PREFERENCE' };
    case 'specific': {
      const type = preference.skus.includes(substitute) ? 'substitution.approved' : 'substitution.declined';
      return { type, why: 'PREFERENCE' };
    }
    case 'best_match':
    case undefined:
      return null;
  }
}

/** The customer's own answer: the first of it, the clock and a withdrawal counts. */
export function answerSubstitution(
  state: OrderState,
  { proposalId, answer }: { readonly proposalId: SubstitutionId; readonly answer: 'APPROVED' | 'DECLINED' },
  nowMs: number,
): Decision<AnswerError> {
  const known = substitutionOf(state, proposalId);
  if (known === undefined) return { events: [], answer: err({ code: 'NO_PROPOSAL' }) };
  const step = answerProposal(known.proposal, answer, nowMs);
  if (!step.ok) return { events: [], answer: step };
  if (!step.value.changed) return done([]);
  const type = answer === 'APPROVED' ? 'substitution.approved' : 'substitution.declined';
  return done([{ type, proposalId, why: 'CUSTOMER' }]);
}

/** The store cannot bring it, whatever was agreed. */
export function withdrawSubstitution(
  state: OrderState,
  { proposalId, reason }: { readonly proposalId: SubstitutionId; readonly reason: Withdrawal },
): Decision<never> {
  const known = substitutionOf(state, proposalId);
  if (known === undefined || !mayStillBring(known.proposal)) return done([]);
  return done([{ type: 'substitution.withdrawn', proposalId, reason }]);
}

/** What the order's own clock ends. */
export function expireSubstitutions({ substitutions }: OrderState, nowMs: number): readonly OrderEvent[] {
  const over = substitutions.filter(({ proposal }) => timeOutProposal(proposal, nowMs).changed);
  return over.map(({ proposal: { proposalId } }) => ({ type: 'substitution.expired', proposalId }));
}

/** What goes with an order that is cancelled. */
export function withdrawOpenSubstitutions(state: OrderState): readonly OrderEvent[] {
  return openOf(state).map(({ proposalId }) => ({
    type: 'substitution.withdrawn',
    proposalId,
    reason: 'ORDER_CANCELLED',
  }));
}

/** By when the first of the open ones is answered; `null` when none waits. */
export function nextAnswerMs(state: OrderState): number | null {
  const open = openOf(state).map(({ answerByMs }) => answerByMs);
  return open.length === 0 ? null : Math.min(...open);
}

type SubstitutionEvent = Extract<OrderEvent, { readonly type: `substitution.${string}` }>;

export function isSubstitutionEvent(event: OrderEvent): event is SubstitutionEvent {
  return event.type.startsWith('substitution.');
}

/** The substitution after an event about it; `undefined` for one that was never proposed. */
export function evolveSubstitution(
  state: OrderState,
  event: SubstitutionEvent,
  atMs: number,
): Substitution | undefined {
  if (event.type === 'substitution.proposed') {
    const { proposalId, missing, substitute, units, answerByMs, onSilence } = event;
    const terms = { proposalId, missing, substitute, units, answerByMs, onSilence };
    const { name, tagMinor, unitPriceMinor } = event;
    const proposal: Proposal = { ...terms, status: 'PROPOSED', endedAtMs: null };
    return { proposal, name, tagMinor, unitPriceMinor, terms: event.terms };
  }
  const known = substitutionOf(state, event.proposalId);
  return known === undefined ? undefined : { ...known, proposal: after(known.proposal, event, atMs) };
}

function after(
  proposal: Proposal,
  event: Exclude<SubstitutionEvent, { readonly type: 'substitution.proposed' }>,
  atMs: number,
): Proposal {
  switch (event.type) {
    case 'substitution.approved':
      return { ...proposal, status: 'APPROVED', endedAtMs: atMs };
    case 'substitution.declined':
      return { ...proposal, status: 'DECLINED', endedAtMs: atMs };
    case 'substitution.expired':
      return timeOutProposal(proposal, Number.MAX_SAFE_INTEGER).proposal;
    case 'substitution.withdrawn':
      return withdrawProposal(proposal, atMs).proposal;
  }
}

/**
 * What of the agreed substitutes is in the bags: never more than was agreed, nor than the line has units that did not come. In the
 * order in which they were proposed.
 */
export function countSubstituted(
  state: OrderState,
  quote: Candidate,
  picked: readonly PickedLine[],
  reported: readonly PickedLine[] | undefined,
): readonly SubstitutedLine[] {
  const inBags = new Map<Sku, number>();
  for (const { sku, quantity } of reported ?? []) inBags.set(sku, (inBags.get(sku) ?? 0) + quantity);
  const open = new Map(
    quote.lines.map(({ sku, quantity }, lineNo) => [sku, quantity - (picked[lineNo]?.quantity ?? 0)]),
  );
  return state.substitutions.flatMap(({ proposal }) => {
    const { proposalId, missing, substitute, units } = proposal;
    if (settlementOf(proposal) !== 'SUBSTITUTE') return [];
    const quantity = Math.min(units, inBags.get(substitute) ?? 0, open.get(missing) ?? 0);
    if (quantity === 0) return [];
    inBags.set(substitute, (inBags.get(substitute) ?? 0) - quantity);
    open.set(missing, (open.get(missing) ?? 0) - quantity);
    return [{ proposalId, quantity }];
  });
}

export function substitutionOf({ substitutions }: OrderState, proposalId: SubstitutionId): Substitution | undefined {
  return substitutions.find(({ proposal }) => proposal.proposalId === proposalId);
}

function openOf({ substitutions }: OrderState): readonly Proposal[] {
  return substitutions.flatMap(({ proposal }) => (proposal.status === 'PROPOSED' ? [proposal] : []));
}

function promisedUnits({ substitutions }: OrderState, missing: Sku): number {
  const live = substitutions.filter(({ proposal }) => proposal.missing === missing && mayStillBring(proposal));
  return live.reduce((units, { proposal }) => units + proposal.units, 0);
}

function isCalledOff({ status }: OrderState): boolean {
  return status === 'CANCELLED' || status === 'REFUNDED';
}

function done(events: readonly OrderEvent[]): Decision<never> {
  return { events, answer: ok(null) };
}
