import type { Standing } from '../capacity/waiting-line.ts';
import { invariant } from '../shared/assert.ts';
import type { HoldId, OpId } from '../shared/ids.ts';
import { candidateInTurn } from './order.ts';
import type { CallStep, OpenCall, OrderEvent, OrderState, PassOverCode, Shortage } from './order.ts';
import type { PaymentAction } from './payment-method.ts';
import { openRefund } from './refund.ts';
import { CALLS } from './saga.ts';
import { lineAsked } from './waiting.ts';

/** What became of a call, in the words of the side that was called. */
export type CallOutcome =
  /** `holdId`: of the hold that the order has now; the one that was drawn when absent. */
  | { readonly kind: 'held'; readonly expiresAtMs: number; readonly holdId?: HoldId }
  | { readonly kind: 'committed' }
  /** It waits in the store's line; `null`: it is its turn. */
  | { readonly kind: 'in_line'; readonly standing: Standing | null }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly shortages: readonly Shortage[];
      readonly retryAfterMs?: number;
    }
  | {
      readonly kind: 'approved';
      readonly providerRef: string;
      readonly amountMinor: number;
      readonly onDelivery: boolean;
    }
  | { readonly kind: 'pending'; readonly providerRef: string; readonly action?: PaymentAction | undefined }
  | { readonly kind: 'declined'; readonly reason: string }
  /** The money is taken already, though this call did not ask for it. */
  | { readonly kind: 'captured'; readonly providerRef: string; readonly amountMinor: number }
  /** The other side has no record of it. */
  | { readonly kind: 'never_seen' }
  /** Nobody could be asked: a cut wire, a time-out, an answer of 5xx. */
  | { readonly kind: 'unknown'; readonly error: string };

export interface OutcomeContext {
  readonly nowMs: number;
  /** 0..1, spreads retries. */
  readonly jitter: number;
}

/**
 * Turns the outcome of a call into facts. Empty when the call is not open any more: its answer came twice, or it was given up.
 */
export function conclude(
  state: OrderState,
  opId: OpId,
  outcome: CallOutcome,
  context: OutcomeContext,
): readonly OrderEvent[] {
  const { call } = state;
  if (call === null || call.opId !== opId) return [];
  const events = concluded(state, call, outcome, context);
  const failure = events.find((event) => event.type === 'call.failed');
  const isRefused = outcome.kind !== 'unknown';
  if (failure === undefined || state.stuck !== null || !needsOperator(call, isRefused)) return events;
  return [...events, { type: 'saga.stuck', step: call.step, failures: call.failures + 1, error: failure.error }];
}

/** A refusal does not mend itself, and silence is worth a look after half a minute: five tries. */
function needsOperator(call: OpenCall, isRefused: boolean): boolean {
  if (CALLS[call.step].tries !== null) return false;
  return (isRefused && CALLS[call.step].to === 'provider') || call.failures + 1 >= STUCK_AFTER_FAILURES;
}
const STUCK_AFTER_FAILURES = 5;

function concluded(
  state: OrderState,
  call: OpenCall,
  outcome: CallOutcome,
  context: OutcomeContext,
): readonly OrderEvent[] {
  if (call.step === 'join') return concludeJoin(state, call, outcome, context);
  if (outcome.kind === 'unknown') return unknown(call, outcome.error, context);
  if (outcome.kind === 'never_seen') return neverSeen(call.step);
  switch (call.step) {
    case 'hold':
      return concludeHold(state, outcome);
    case 'commit':
      return concludeCommit(call, outcome, context);
    case 'pay':
    case 'inquire':
      return concludePayment(state, call, outcome, context);
    case 'capture':
    case 'void':
    case 'refund':
      return concludeSettlement(state, call, outcome, context);
  }
}

type Answer = Exclude<CallOutcome, { readonly kind: 'unknown' | 'never_seen' }>;

function unknown(call: OpenCall, error: string, context: OutcomeContext): readonly OrderEvent[] {
  const { tries } = CALLS[call.step];
  if (tries === null || call.failures + 1 < tries) return [failed(call, error, context)];
  return call.step === 'hold' ? [passedOver('UNAVAILABLE', [])] : [{ type: 'payment.in_doubt' }];
}

/** Only asked for calls that nobody wants any more. A late arrival of the call itself is met by the release, or by the void. */
function neverSeen(step: Exclude<CallStep, 'join'>): readonly OrderEvent[] {
  switch (step) {
    case 'hold':
      return [passedOver('UNAVAILABLE', [])];
    case 'commit':
      return [{ type: 'stock.let_go', how: ['release', 'cancelPick'] }];
    case 'pay':
      return [{ type: 'payment.in_doubt' }];
    case 'inquire':
    case 'capture':
    case 'void':
    case 'refund':
      return [{ type: 'call.dropped' }];
  }
}

/** Whatever the answer to joining, one that nobody waits for any more leaves the line again. */
function concludeJoin(
  state: OrderState,
  call: OpenCall,
  outcome: CallOutcome,
  context: OutcomeContext,
): readonly OrderEvent[] {
  const asked = lineAsked(state);
  invariant(asked !== null, 'an order joins the line of a store');
  const { storeId } = asked;
  if (state.status === 'CANCELLED' || outcome.kind === 'never_seen') return [{ type: 'line.left', storeId }];
  if (outcome.kind === 'in_line') {
    const { standing } = outcome;
    return [standing === null ? { type: 'line.turn_came', storeId } : { type: 'line.joined', storeId, ...standing }];
  }
  if (outcome.kind === 'unknown' && call.failures + 1 < CALLS.join.tries) return [failed(call, outcome.error, context)];
  if (outcome.kind !== 'refused') return [{ type: 'line.refused', storeId, code: 'UNAVAILABLE' }];
  const { code, retryAfterMs: againMs } = outcome;
  const isKnown = code === 'STORE_BUSY' || code === 'STORE_CLOSED';
  const again = againMs === undefined ? {} : { retryAfterMs: againMs };
  return [{ type: 'line.refused', storeId, code: isKnown ? code : 'UNAVAILABLE', ...again }];
}

function concludeHold(state: OrderState, answer: Answer): readonly OrderEvent[] {
  if (answer.kind === 'held') {
    const { expiresAtMs, holdId } = answer;
    const isDrawn = holdId === undefined || holdId === candidateInTurn(state)?.holdId;
    return [isDrawn ? { type: 'stock.held', expiresAtMs } : { type: 'stock.held', expiresAtMs, holdId }];
  }
  if (answer.kind !== 'refused') return [passedOver('UNAVAILABLE', [])];
  return [passedOver(passOverCode(answer.code), answer.shortages)];
}

function concludeCommit(call: OpenCall, answer: Answer, context: OutcomeContext): readonly OrderEvent[] {
  if (answer.kind === 'committed') return [{ type: 'stock.allocated' }];
  if (answer.kind !== 'refused') return [failed(call, `a commit was answered "${answer.kind}"`, context)];
  // A busy store has decided nothing; anything else says that the hold is gone.
  return answer.code === 'STORE_BUSY' ? [failed(call, answer.code, context)] : [{ type: 'stock.lost' }];
}

function concludePayment(
  state: OrderState,
  call: OpenCall,
  answer: Answer,
  context: OutcomeContext,
): readonly OrderEvent[] {
  switch (answer.kind) {
    case 'approved': {
      const { providerRef, amountMinor, onDelivery } = answer;
      return [{ type: 'payment.authorized', providerRef, amountMinor, onDelivery }];
    }
    case 'pending': {
      const asks = state.payment.at === 'PENDING' ? state.payment.asks + 1 : 0;
      const { providerRef, action } = answer;
      const askAtMs = context.nowMs + askAfterMs(asks);
      return [{ type: 'payment.pending', providerRef, askAtMs, ...(action !== undefined && { action }) }];
    }
    case 'declined':
      return [{ type: 'payment.declined', reason: answer.reason }];
    case 'captured':
      return [captured(answer)];
    case 'held':
    case 'in_line':
    case 'committed':
    case 'refused':
      return [failed(call, `a payment was answered "${answer.kind}"`, context)];
  }
}

function concludeSettlement(
  state: OrderState,
  call: OpenCall,
  answer: Answer,
  context: OutcomeContext,
): readonly OrderEvent[] {
  // A capture that was given up came through before the void: what was taken is refunded instead.
  if (answer.kind === 'captured' && call.step === 'void') return [captured(answer)];
  if (answer.kind !== 'approved') {
    const refusal = answer.kind === 'declined' ? answer.reason : answer.kind;
    // Money that must move and does not: asked for again until someone who can repairs it.
    return [failed(call, `${call.step}: ${refusal}`, context, REFUSED_RETRY_MAX_MS)];
  }
  switch (call.step) {
    case 'capture':
      return [captured(answer)];
    case 'refund': {
      const open = openRefund(state);
      if (open === null) return [{ type: 'call.dropped' }];
      const { refundId, amountMinor } = open.refund;
      return [{ type: 'payment.refunded', amountMinor, refundId }];
    }
    case 'void':
    case 'hold':
    case 'join':
    case 'pay':
    case 'inquire':
    case 'commit':
      return [{ type: 'payment.voided' }];
  }
}

function captured({
  providerRef,
  amountMinor,
}: {
  readonly providerRef: string;
  readonly amountMinor: number;
}): OrderEvent {
  return { type: 'payment.captured', providerRef, amountMinor };
}

function failed(
  call: OpenCall,
  error: string,
  context: OutcomeContext,
  ceilingMs: number = UNANSWERED_RETRY_MAX_MS,
): OrderEvent {
  const retryAtMs = context.nowMs + retryAfterMs(call.failures + 1, context.jitter, ceilingMs);
  return { type: 'call.failed', error: error.slice(0, ERROR_LENGTH_MAX), retryAtMs };
}
/** Enough to tell one fault from another, too little to fill a log. */
const ERROR_LENGTH_MAX = 200;
/** Who does not answer is asked again within a minute of coming back. */
const UNANSWERED_RETRY_MAX_MS = 60_000;
/** Who refuses may refuse until somebody repairs it; each try is a row of the log, in the end four a day. */
const REFUSED_RETRY_MAX_MS = 6 * 3_600_000;

/** Wait after the n-th failure: 1 s doubling to the ceiling, less up to a quarter by `jitter`. */
function retryAfterMs(failures: number, jitter: number, ceilingMs: number): number {
  const waitMs = Math.min(ceilingMs, 1000 * 2 ** Math.min(failures - 1, DOUBLINGS_MAX));
  return Math.round(waitMs * (1 - 0.25 * jitter));
}
/** Beyond every ceiling: 2^20 s are twelve days. */
const DOUBLINGS_MAX = 20;

/** A provider that said "pending" sends word; asking is for the word that got lost: 3 s doubling to 30 s. */
function askAfterMs(asks: number): number {
  return Math.min(30_000, 3000 * 2 ** Math.min(asks, 4));
}

function passedOver(code: PassOverCode, shortages: readonly Shortage[]): OrderEvent {
  return { type: 'store.passed_over', code, shortages };
}

/** Codes that only a bug can cause count as a store that cannot be asked. */
function passOverCode(code: string): PassOverCode {
  switch (code) {
    case 'INSUFFICIENT_STOCK':
    case 'UNKNOWN_SKU':
    case 'STORE_CLOSED':
    case 'STORE_BUSY':
      return code;
    default:
      return 'UNAVAILABLE';
  }
}
