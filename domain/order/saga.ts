import { asOpId } from '../shared/ids.ts';
import type { OpId } from '../shared/ids.ts';
import { ceilingOf } from '../pricing/totals.ts';
import { hasReached, quoteOf } from './order.ts';
import type { CallStep, CancelCode, OrderEvent, OrderState } from './order.ts';
import { isGivenBack, openRefund, refundOfAll, refundOfSurplus } from './refund.ts';
import { askedOverweight, expireOverweight } from './overweight.ts';
import { nextSlaMs, slaEvent } from './sla.ts';
import { expireSubstitutions, nextAnswerMs, withdrawOpenSubstitutions } from './substitution.ts';
import { isInLine, joinsSoFar, lineToJoin, waitsUntilMs } from './waiting.ts';

/** One step of an order's way: what does it, when it is done, and what takes it back. */
export interface SagaStep {
  readonly name: 'place' | 'hold' | 'pay' | 'commit' | 'fulfil' | 'dispatch' | 'deliver';
  /** The call that does it; `null` when others do it and report. */
  readonly call: CallStep | null;
  done(state: OrderState): boolean;
  /** What takes it back, in words. */
  readonly undoneBy: string;
  /** Takes the step back when the order is cancelled; `null` while there is nothing to take back, or an answer must come first. */
  undo(state: OrderState): OrderEvent | null;
}

export const SAGA: readonly SagaStep[] = [
  // The cancelled status is the undoing of the placing.
  { name: 'place', call: null, undoneBy: 'the status CANCELLED', done: () => true, undo: () => null },
  {
    name: 'hold',
    call: 'hold',
    undoneBy: 'release of the hold',
    done: ({ stock }) => stock.at !== 'NONE',
    undo: releaseHold,
  },
  { name: 'pay', call: 'pay', undoneBy: 'void, or refund', done: isPaidOrPromised, undo: giveMoneyBack },
  {
    name: 'commit',
    call: 'commit',
    undoneBy: 'cancellation of the pick, and restock of what was picked',
    done: ({ stock }) => stock.at === 'ALLOCATED',
    undo: cancelPick,
  },
  // What was picked goes back with the allocation, what was captured with the payment.
  { name: 'fulfil', call: null, undoneBy: 'as hold and pay', done: ({ packed }) => packed !== null, undo: () => null },
  {
    name: 'dispatch',
    call: null,
    undoneBy: 'release of the courier',
    done: (state) => hasReached(state, 'PICKED_UP'),
    undo: releaseCourier,
  },
  // Nobody may cancel an order that was delivered.
  {
    name: 'deliver',
    call: null,
    undoneBy: 'nothing: refund by line',
    done: (state) => hasReached(state, 'DELIVERED'),
    undo: () => null,
  },
];

/** How one of the order's own calls is made: to whom, how long an answer is waited for, how often it is tried, what then. */
export interface CallPolicy {
  /** Who is called, and asked about it when the outcome is unknown. */
  readonly to: 'store' | 'provider';
  /** After this its outcome is unknown. A gateway may be less patient. */
  readonly timeoutMs: number;
  /** Tries before it is given up; `null` when giving up would be guessing: then an operator is told, and it is asked for ever. */
  readonly tries: number | null;
  /** What giving up means. */
  readonly fallback: 'next store' | 'turned away' | 'cancel and void' | 'operator';
}

/** A store answers within milliseconds, and within a second under a flash crowd. */
const STORE_TIMEOUT_MS = 3000;
/** Longer than any gateway waits by itself. */
const PROVIDER_TIMEOUT_MS = 9000;

export const CALLS = {
  hold: { to: 'store', timeoutMs: STORE_TIMEOUT_MS, tries: 3, fallback: 'next store' },
  join: { to: 'store', timeoutMs: STORE_TIMEOUT_MS, tries: 3, fallback: 'turned away' },
  pay: { to: 'provider', timeoutMs: PROVIDER_TIMEOUT_MS, tries: 3, fallback: 'cancel and void' },
  inquire: { to: 'provider', timeoutMs: PROVIDER_TIMEOUT_MS, tries: null, fallback: 'operator' },
  commit: { to: 'store', timeoutMs: STORE_TIMEOUT_MS, tries: null, fallback: 'operator' },
  capture: { to: 'provider', timeoutMs: PROVIDER_TIMEOUT_MS, tries: null, fallback: 'operator' },
  void: { to: 'provider', timeoutMs: PROVIDER_TIMEOUT_MS, tries: null, fallback: 'operator' },
  refund: { to: 'provider', timeoutMs: PROVIDER_TIMEOUT_MS, tries: null, fallback: 'operator' },
} as const satisfies Record<CallStep, CallPolicy>;

type CallTo<To> = { [S in CallStep]: (typeof CALLS)[S]['to'] extends To ? S : never }[CallStep];
export type StoreCall = CallTo<'store'>;
export type ProviderCall = CallTo<'provider'>;

export function isStoreCall(step: CallStep): step is StoreCall {
  return CALLS[step].to === 'store';
}

/** The first step that is not done; `null` at the end of the way. */
export function nextStep(state: OrderState): SagaStep | null {
  return SAGA.find((step) => !step.done(state)) ?? null;
}

/** The id of a call, the same for every attempt: one authorization and one capture an order, one hold and commit a store. */
function callOpId(state: OrderState, step: CallStep): OpId {
  const { orderId } = state.terms;
  switch (step) {
    case 'hold':
    case 'commit':
      // Each store has its own: the late answer of one that sent the order back must not be taken for the next one's.
      return asOpId(
        `${orderId}:${step}:${state.passedOver.length}${isSoughtAgain(state) ? ':again' : ''}${turnOf(state)}`,
      );
    case 'join':
      return asOpId(`${orderId}:join:${joinsSoFar(state)}`);
    case 'inquire':
      return asOpId(`${orderId}:inquire:${state.payment.at === 'PENDING' ? state.payment.asks : 0}`);
    case 'pay':
    case 'capture':
    case 'void':
      return asOpId(`${orderId}:${step}`);
    case 'refund':
      return asOpId(`${orderId}:refund:${openRefund(state)?.number ?? 0}`);
  }
}

/** What is asked after a turn in the line is not what was asked, and refused, before it. */
function turnOf({ line }: OrderState): string {
  return line === null || line.turns === 0 ? '' : `:turn${line.turns}`;
}

/**
 * What follows by itself from what is on record: the next call to start, the next status, the next piece to take back. Empty
 * when the order waits for an answer, a report or the clock. Apply it until it is empty.
 */
export function advance(state: OrderState, nowMs: number): readonly OrderEvent[] {
  const late = slaEvent(state, nowMs);
  return late === null ? carry(state, nowMs) : [late];
}

function carry(state: OrderState, nowMs: number): readonly OrderEvent[] {
  switch (state.status) {
    case 'PENDING':
      return state.call === null ? settle(state, nowMs) : [];
    case 'CONFIRMED':
      return state.call === null ? assign(state) : [];
    case 'CANCELLED':
      return compensate(state);
    case 'ASSIGNED_TO_STORE':
    case 'PICKING':
    case 'PACKED':
    case 'ASSIGNED_TO_PARTNER':
    case 'PICKED_UP':
    case 'IN_TRANSIT':
    case 'DELIVERED':
      return carryOn(state, nowMs);
    case 'CLOSED':
      return giveBack(state, nowMs);
    case 'REFUNDED':
      return expireSubstitutions(state, nowMs);
  }
}

/** When `advance` or the open call wants to be looked at again; `null` when only others can move the order. */
export function nextLookMs(state: OrderState, nowMs: number): number | null {
  const looks = [
    nextAnswerMs(state),
    askedOverweight(state)?.answerByMs ?? null,
    nextCallLookMs(state, nowMs),
    nextSlaMs(state),
  ];
  const earliestMs = Math.min(...looks.map((lookMs) => lookMs ?? Infinity));
  return earliestMs === Infinity ? null : earliestMs;
}

function nextCallLookMs(state: OrderState, nowMs: number): number | null {
  if (state.call !== null) return state.call.retryAtMs ?? nowMs + ANSWER_OVERDUE_MS;
  if (state.status === 'PENDING' && state.line?.at === 'WAITING') return waitsUntilMs(state);
  if (state.status !== 'PENDING' || state.payment.at !== 'PENDING') return null;
  return state.stock.at === 'HELD' ? Math.min(state.payment.askAtMs, state.stock.expiresAtMs) : state.payment.askAtMs;
}
/** A call on record that nobody answers for so long was cut: longer than any call may take. */
const ANSWER_OVERDUE_MS = 10_000;

/** PENDING: the calls of the table, one after the other; done, the order is confirmed. */
function settle(state: OrderState, nowMs: number): readonly OrderEvent[] {
  if (state.payment.at === 'FAILED') return [cancelled('PAYMENT_DECLINED', state.payment.reason)];
  if (state.payment.at === 'IN_DOUBT') return [cancelled('UNAVAILABLE', 'The payment provider did not answer.')];
  if (state.stock.at === 'LOST') {
    return state.terms.secondHoldId === undefined || state.soughtAgainAt !== null
      ? [cancelled('HOLD_EXPIRED', 'The time to pay ran out.')]
      : [{ type: 'stock.sought_again' }];
  }
  if (state.line?.at === 'WAITING') {
    return nowMs >= (waitsUntilMs(state) ?? 0)
      ? [cancelled('STORE_BUSY', 'No store could take the order in time.')]
      : [];
  }
  const call = nextStep(state)?.call ?? null;
  if (call === null) return [{ type: 'order.confirmed' }];
  if (call === 'hold' && isNobodyLeft(state)) {
    return [lineToJoin(state, nowMs) === null ? nobodyTookIt(state) : started(state, 'join')];
  }
  if (call === 'pay' && state.payment.at === 'PENDING') return wait(state, state.payment.askAtMs, nowMs);
  return [started(state, call)];
}

/** CONFIRMED: with the store that has it, or, when that one sent it back, on to the next candidate under the same payment. */
function assign(state: OrderState): readonly OrderEvent[] {
  if (state.stock.at === 'LOST') return [{ type: 'store.passed_over', code: 'UNAVAILABLE', shortages: [] }];
  const call = nextStep(state)?.call ?? null;
  if (call === null) return [{ type: 'order.assigned_to_store' }];
  if (call === 'hold' && isNobodyLeft(state))
    return [cancelled('STORE_REJECTED', 'No other store could take the order.')];
  return [started(state, call)];
}

function nobodyTookIt(state: OrderState): OrderEvent {
  return state.soughtAgainAt === null
    ? cancelled(noStoreCode(state), 'No store could take the order.')
    : cancelled('HOLD_EXPIRED', 'The time to pay ran out, and the goods are gone.');
}

function isSoughtAgain({ soughtAgainAt, passedOver }: OrderState): boolean {
  return soughtAgainAt === passedOver.length;
}

function isNobodyLeft({ passedOver, terms }: OrderState): boolean {
  return passedOver.length >= terms.candidates.length;
}

/** A provider that said "pending" is asked now and then, for as long as the hold lasts. */
function wait(state: OrderState, askAtMs: number, nowMs: number): readonly OrderEvent[] {
  const { stock } = state;
  if (stock.at === 'HELD' && nowMs >= stock.expiresAtMs) {
    return [cancelled('PAYMENT_TIMEOUT', 'The payment was not approved in time.')];
  }
  return nowMs >= askAtMs ? [started(state, 'inquire')] : [];
}

/** From the store to the door: what others report is joined here, and the money follows the goods. */
function carryOn(state: OrderState, nowMs: number): readonly OrderEvent[] {
  const expired = expireSubstitutions(state, nowMs);
  if (expired.length > 0) return expired;
  const silent = expireOverweight(state, nowMs);
  if (silent.length > 0) return silent;
  if (state.status === 'PACKED' && state.courier.at === 'ACCEPTED') return [{ type: 'order.courier_assigned' }];
  // What is owed is not known before the answer: the bags go on, the money waits.
  if (askedOverweight(state) !== null) return [];
  // Before the order is settled: a capture that was late may have taken more than is owed.
  const surplus = refundOfSurplus(state);
  if (surplus !== null) return [surplus];
  if (state.status === 'DELIVERED') {
    if (state.call === null && isGivenBack(state)) return [{ type: 'order.refunded' }];
    if (isSettled(state)) return [{ type: 'order.closed' }];
  }
  const due = state.call === null ? dueCall(state) : null;
  return due === null ? [] : [started(state, due)];
}

/** CLOSED: what was asked back since, and questions that outlived a quick delivery. */
function giveBack(state: OrderState, nowMs: number): readonly OrderEvent[] {
  const expired = expireSubstitutions(state, nowMs);
  if (expired.length > 0) return expired;
  if (state.call !== null) return [];
  if (isGivenBack(state)) return [{ type: 'order.refunded' }];
  return openRefund(state) === null ? [] : [started(state, 'refund')];
}

/**
 * CANCELLED: everything that was begun is taken back, each piece on its own, however long it takes. Stock and courier only have
 * to be told, so they go first; money waits for an answer.
 */
function compensate(state: OrderState): readonly OrderEvent[] {
  const withdrawn = withdrawOpenSubstitutions(state);
  if (withdrawn.length > 0) return withdrawn;
  const undone = SAGA.flatMap((step) => step.undo(state) ?? []);
  const next = undone.find(({ type }) => type !== 'call.started') ?? undone[0];
  if (next !== undefined) return [next];
  return state.call === null && state.payment.at === 'REFUNDED' ? [{ type: 'order.refunded' }] : [];
}

function releaseHold(state: OrderState): OrderEvent | null {
  const { call, stock, line } = state;
  if (call !== null && isStoreCall(call.step)) return null;
  if (line !== null && isInLine(state)) return { type: 'line.left', storeId: line.storeId };
  return stock.at === 'HELD' ? { type: 'stock.let_go', how: ['release'] } : null;
}

/** Goods that left the store come back as a receipt, not by this. */
function cancelPick(state: OrderState): OrderEvent | null {
  const { call, stock } = state;
  if ((call !== null && isStoreCall(call.step)) || stock.at !== 'ALLOCATED') return null;
  return hasReached(state, 'PICKED_UP') ? null : { type: 'stock.let_go', how: ['cancelPick'] };
}

function releaseCourier({ courier }: OrderState): OrderEvent | null {
  return courier.at === 'REQUESTED' || courier.at === 'ACCEPTED' ? { type: 'courier.released' } : null;
}

function giveMoneyBack(state: OrderState): OrderEvent | null {
  if (state.call !== null) return null;
  const back = refundOfAll(state);
  if (back !== null) return back;
  switch (state.payment.at) {
    case 'AUTHORIZED':
    case 'PENDING':
    case 'IN_DOUBT':
      return started(state, 'void');
    case 'CAPTURED':
      return openRefund(state) === null ? null : started(state, 'refund');
    case 'NONE':
    case 'FAILED':
    case 'VOIDED':
    case 'REFUNDED':
      return null;
  }
}

function isPaidOrPromised({ payment }: OrderState): boolean {
  return payment.at === 'AUTHORIZED' || payment.at === 'CAPTURED';
}

/**
 * A reserved amount is taken when the bags are packed, cash when it was handed over. When nothing is owed, nothing is taken, and
 * what was reserved is let go.
 */
function dueCall(state: OrderState): 'capture' | 'void' | 'refund' | null {
  if (openRefund(state) !== null) return 'refund';
  const { payment, packed, collectedMinor } = state;
  if (payment.at !== 'AUTHORIZED' || packed === null) return null;
  if (payment.onDelivery) return collectedMinor > 0 ? 'capture' : null;
  if (packed.finalMinor > 0) return 'capture';
  return payment.amountMinor > 0 ? 'void' : null;
}

function isSettled(state: OrderState): boolean {
  const { call, payment, packed } = state;
  if (packed === null || openRefund(state) !== null) return false;
  if (packed.finalMinor === 0) return call === null && dueCall(state) === null;
  return payment.at === 'CAPTURED' && payment.amountMinor >= packed.finalMinor;
}

/** Why no store took it: a shortage explains most, an unreachable store least. */
function noStoreCode({ passedOver, lineRefusals }: OrderState): CancelCode {
  const isShort = passedOver.some(({ code }) => code === 'INSUFFICIENT_STOCK');
  const refusal = lineRefusals.at(-1);
  if (refusal !== undefined && !isShort) return refusal.code;
  const order = ['INSUFFICIENT_STOCK', 'UNKNOWN_SKU', 'STORE_BUSY', 'STORE_CLOSED'] as const;
  return order.find((code) => passedOver.some((passed) => passed.code === code)) ?? 'UNAVAILABLE';
}

function started(state: OrderState, step: CallStep): OrderEvent {
  return { type: 'call.started', step, opId: callOpId(state, step) };
}

function cancelled(code: CancelCode, reason: string): OrderEvent {
  return { type: 'order.cancelled', code, reason };
}

/** What is asked of the provider: the ceiling at first, then what is owed, the cash that was taken, or what goes back. */
export function callAmountMinor(state: OrderState, step: CallStep): number {
  switch (step) {
    case 'capture': {
      const { payment, packed, collectedMinor } = state;
      if (payment.at !== 'AUTHORIZED') return 0;
      if (payment.onDelivery) return collectedMinor;
      return packed?.finalMinor ?? 0;
    }
    case 'refund':
      return openRefund(state)?.refund.amountMinor ?? 0;
    case 'hold':
    case 'join':
    case 'pay':
    case 'inquire':
    case 'commit':
    case 'void':
      return ceilingOf(quoteOf(state));
  }
}
