import { invariant } from '../shared/assert.ts';
import { chargeFor } from './charge.ts';
import { linkCustody, NO_CUSTODY } from './custody.ts';
import { isSameStand, moneyStand } from './money-stand.ts';
import { quoteOf, takenOver } from './order.ts';
import type { LogEntry, OrderEvent, OrderState, OrderTerms, ProgressEvent, StatusEvent, StatusStep } from './order.ts';
import { evolveOverweight, isOverweightEvent } from './overweight.ts';
import type { OverweightEvent } from './overweight.ts';
import { refundedMinor } from './refund.ts';
import type { HoldId } from '../shared/ids.ts';
import { evolveSubstitution, isSubstitutionEvent } from './substitution.ts';
import { evolveLine, isLineEvent, leftLine } from './evolve-line.ts';
import { standingOf } from './waiting.ts';
import type { OrderStatus } from './transitions.ts';

/** The status each of these events reaches. */
export const REACHES = {
  'order.placed': 'PENDING',
  'order.confirmed': 'CONFIRMED',
  'order.assigned_to_store': 'ASSIGNED_TO_STORE',
  'order.rerouted': 'CONFIRMED',
  'order.picking_started': 'PICKING',
  'order.ready': 'PACKED',
  'order.courier_assigned': 'ASSIGNED_TO_PARTNER',
  'order.unassigned': 'PACKED',
  'order.picked_up': 'PICKED_UP',
  'order.departed': 'IN_TRANSIT',
  'order.delivered': 'DELIVERED',
  'order.closed': 'CLOSED',
  'order.cancelled': 'CANCELLED',
  'order.refunded': 'REFUNDED',
} as const satisfies Record<StatusEvent['type'], OrderStatus>;

export function isStatusEvent(event: OrderEvent): event is StatusEvent {
  return event.type in REACHES;
}

/** The state of an order is the fold of its log; `null` before the first entry. */
export function replay(log: readonly LogEntry[]): OrderState | null {
  return log.reduce<OrderState | null>(evolve, null);
}

/** Takes the facts as they are: whether they were allowed is decided before they are written. */
export function evolve(state: OrderState | null, entry: LogEntry): OrderState {
  if (entry.event.type === 'order.placed') return placed(entry.event, entry);
  invariant(state !== null, `the log begins with ${entry.event.type}`);
  const { event, atMs } = entry;
  const after = isStatusEvent(event) ? reach(state, event, entry) : progress(state, event, atMs);
  const linked = { ...after, custody: linkCustody(after.custody, event, atMs) };
  return withMoneyNews(state, withQueueNews(state, linked, atMs), atMs);
}

/** Whatever changes what the customer owes, has paid or got back is news, whichever event did it. */
function withMoneyNews(before: OrderState, after: OrderState, atMs: number): OrderState {
  const stand = moneyStand(after);
  if (after.terms.tellsMoney !== true || isSameStand(moneyStand(before), stand)) return after;
  return { ...after, news: [...after.news, { kind: 'money', atMs, money: stand }] };
}

/** Where it stands in the line is news whenever it changes, and that it waits no more. */
function withQueueNews(before: OrderState, after: OrderState, atMs: number): OrderState {
  const standing = standingOf(after);
  if (standingOf(before) === standing) return after;
  return { ...after, news: [...after.news, { kind: 'queue', atMs, standing }] };
}

function placed(event: StatusEvent & { type: 'order.placed' }, { atMs, by }: LogEntry): OrderState {
  const { type: _type, ...terms } = event;
  const step: StatusStep = { status: 'PENDING', atMs, by };
  return {
    terms: terms satisfies OrderTerms,
    status: 'PENDING',
    steps: [step],
    news: [{ kind: 'status', step }],
    call: null,
    passedOver: [],
    stock: { at: 'NONE' },
    soughtAgainAt: null,
    line: null,
    lineRefusals: [],
    stuck: null,
    sla: { atRiskAtMs: null, breachedAtMs: null },
    agreed: null,
    storeAccepted: false,
    payment: { at: 'NONE' },
    refunds: [],
    packed: null,
    substitutions: [],
    courier: { at: 'NONE' },
    handoverCode: terms.handoverCode,
    custody: NO_CUSTODY,
    codeRefusals: 0,
    collectedMinor: 0,
    handedInMinor: 0,
    cancellation: null,
  };
}

function reach(before: OrderState, event: StatusEvent, { atMs, by }: LogEntry): OrderState {
  const status = REACHES[event.type];
  const step = 'reason' in event ? { status, atMs, by, reason: event.reason } : { status, atMs, by };
  const news: OrderState['news'] = [...before.news, { kind: 'status', step }];
  const state: OrderState = { ...before, status, steps: [...before.steps, step], news };
  switch (event.type) {
    case 'order.rerouted':
      return {
        ...state,
        passedOver: [...before.passedOver, { code: 'STORE_REJECTED', shortages: [] }],
        stock: { at: 'NONE' },
        agreed: before.agreed ?? quoteOf(before),
        storeAccepted: false,
      };
    case 'order.picking_started':
      return { ...state, courier: { at: 'REQUESTED' } };
    case 'order.ready':
      return { ...state, packed: packedAs(before, event) };
    case 'order.delivered':
      return { ...state, collectedMinor: event.collectedMinor };
    case 'order.cancelled':
      return { ...state, cancellation: { code: event.code, reason: event.reason } };
    case 'order.placed':
    case 'order.confirmed':
    case 'order.assigned_to_store':
    case 'order.courier_assigned':
    case 'order.unassigned':
    case 'order.picked_up':
    case 'order.departed':
    case 'order.closed':
    case 'order.refunded':
      return state;
  }
}

function packedAs(
  before: OrderState,
  event: Extract<StatusEvent, { readonly type: 'order.ready' }>,
): OrderState['packed'] {
  const { picked, substituted = [], finalMinor } = event;
  const { substitutions } = before;
  const charge = event.charge ?? chargeFor(quoteOf(before), picked, { substitutions, substituted });
  const asked = event.overweight;
  const asking = asked === undefined ? {} : { overweight: { ...asked, status: 'ASKED' as const } };
  return { picked, substituted, finalMinor, charge, ...asking };
}

type MoneyEvent = Extract<ProgressEvent, { readonly type: `payment.${string}` }>;

function isMoneyEvent(event: ProgressEvent): event is MoneyEvent {
  return event.type.startsWith('payment.');
}

function progress(state: OrderState, event: ProgressEvent, atMs: number): OrderState {
  if (isOverweightEvent(event)) return { ...state, packed: evolveOverweight(state.packed, event) };
  const after = progressed(state, event, atMs);
  // Whatever brings the answer of a call ends what was wrong with it.
  return after.call === null && after.stuck !== null ? { ...after, stuck: null } : after;
}

function progressed(state: OrderState, event: Exclude<ProgressEvent, OverweightEvent>, atMs: number): OrderState {
  if (isMoneyEvent(event)) return money(state, event, atMs);
  if (isSubstitutionEvent(event)) return substitute(state, event, atMs);
  if (isLineEvent(event)) return evolveLine(state, event, atMs);
  switch (event.type) {
    case 'call.started':
      return { ...state, call: { step: event.step, opId: event.opId, failures: 0, retryAtMs: null } };
    case 'call.failed':
      return state.call === null
        ? state
        : { ...state, call: { ...state.call, failures: state.call.failures + 1, retryAtMs: event.retryAtMs } };
    case 'call.dropped':
      return { ...state, call: null };
    case 'store.passed_over': {
      const { code, shortages } = event;
      return { ...state, call: null, passedOver: [...state.passedOver, { code, shortages }], stock: { at: 'NONE' } };
    }
    case 'stock.held':
      return held(state, event);
    case 'stock.allocated':
      return { ...state, call: null, stock: { at: 'ALLOCATED', ...named(takenOver(state)) } };
    case 'stock.lost':
      return { ...state, call: null, stock: { at: 'LOST', ...named(takenOver(state)) } };
    case 'stock.sought_again':
      return {
        ...state,
        stock: { at: 'NONE' },
        soughtAgainAt: state.passedOver.length,
        agreed: state.agreed ?? quoteOf(state),
      };
    case 'stock.let_go':
      // A commit that nobody waits for any more ends here; a payment's call goes on.
      return {
        ...state,
        call: state.call?.step === 'commit' ? null : state.call,
        stock: { at: 'LET_GO', ...named(takenOver(state)) },
      };
    case 'store.accepted':
      return { ...state, storeAccepted: true };
    case 'courier.accepted':
      return { ...state, courier: { at: 'ACCEPTED', courierId: event.courierId, atMs } };
    case 'courier.turned_away':
    case 'saga.settled_by_hand':
      return state;
    case 'courier.released':
      return { ...state, courier: { at: 'RELEASED' } };
    case 'courier.unassigned':
      return { ...state, courier: { at: 'REQUESTED' }, handoverCode: event.handoverCode };
    case 'delivery.arrived':
      return state;
    case 'refund.requested': {
      const { type: _type, lines = [], ...asked } = event;
      const refund = { ...asked, lines, requestedAtMs: atMs, doneAtMs: null };
      return { ...state, refunds: [...state.refunds, refund] };
    }
    case 'cash.handed_in':
      return { ...state, handedInMinor: state.handedInMinor + event.amountMinor };
    case 'delivery_code.refused':
      return { ...state, codeRefusals: state.codeRefusals + 1 };
    case 'saga.stuck': {
      const { step, failures, error } = event;
      return { ...state, stuck: { step, sinceMs: atMs, failures, error } };
    }
    case 'saga.continued':
      return state.call === null ? state : { ...state, call: { ...state.call, retryAtMs: atMs } };
    case 'sla.at_risk':
      return { ...state, sla: { ...state.sla, atRiskAtMs: atMs } };
    case 'sla.breached':
      return { ...state, sla: { ...state.sla, breachedAtMs: atMs } };
  }
}

function held(state: OrderState, event: Extract<ProgressEvent, { readonly type: 'stock.held' }>): OrderState {
  const stock = { at: 'HELD', expiresAtMs: event.expiresAtMs, ...named(event.holdId) } as const;
  return { ...state, ...leftLine(state), call: null, stock };
}

function substitute(
  state: OrderState,
  event: Extract<ProgressEvent, { readonly type: `substitution.${string}` }>,
  atMs: number,
): OrderState {
  const substitution = evolveSubstitution(state, event, atMs);
  if (substitution === undefined) return state;
  const { proposalId } = substitution.proposal;
  const isNew = event.type === 'substitution.proposed';
  const substitutions = isNew
    ? [...state.substitutions, substitution]
    : state.substitutions.map((other) => (other.proposal.proposalId === proposalId ? substitution : other));
  return { ...state, substitutions, news: [...state.news, { kind: 'substitution', atMs, substitution }] };
}

function money(state: OrderState, event: MoneyEvent, atMs: number): OrderState {
  const settled = { ...state, call: null };
  switch (event.type) {
    case 'payment.authorized': {
      const { type: _type, ...authorized } = event;
      return { ...settled, payment: { at: 'AUTHORIZED', ...authorized } };
    }
    case 'payment.pending': {
      const asks = state.payment.at === 'PENDING' ? state.payment.asks + 1 : 0;
      const { providerRef, askAtMs } = event;
      // A provider that is asked again need not repeat what the customer was told to do.
      const action = event.action ?? (state.payment.at === 'PENDING' ? state.payment.action : undefined);
      const payment = { at: 'PENDING', providerRef, askAtMs, asks, ...(action !== undefined && { action }) } as const;
      return { ...settled, payment };
    }
    case 'payment.noted':
      return state.payment.at === 'PENDING' ? { ...state, payment: { ...state.payment, askAtMs: atMs } } : state;
    case 'payment.declined':
      return { ...settled, payment: { at: 'FAILED', reason: event.reason } };
    case 'payment.in_doubt':
      return { ...settled, payment: { at: 'IN_DOUBT' } };
    case 'payment.captured': {
      const { providerRef, amountMinor } = event;
      return { ...settled, payment: { at: 'CAPTURED', providerRef, amountMinor } };
    }
    case 'payment.voided':
      return { ...settled, payment: { at: 'VOIDED' } };
    case 'payment.refunded':
      return { ...settled, ...refunded(state, event, atMs) };
  }
}

/** The payment is REFUNDED when nothing of it is left. */
function refunded(
  { payment, refunds: before }: OrderState,
  { refundId, amountMinor }: Extract<MoneyEvent, { readonly type: 'payment.refunded' }>,
  atMs: number,
): Pick<OrderState, 'payment' | 'refunds'> {
  const refunds = before.map((refund) => (refund.refundId === refundId ? { ...refund, doneAtMs: atMs } : refund));
  const backMinor = refundId === undefined ? amountMinor : refundedMinor({ refunds });
  const isPart = refundId !== undefined && payment.at === 'CAPTURED' && backMinor < payment.amountMinor;
  if (isPart) return { payment, refunds };
  const providerRef = payment.at === 'CAPTURED' ? payment.providerRef : '';
  return { payment: { at: 'REFUNDED', providerRef, amountMinor: backMinor }, refunds };
}

function named(holdId: HoldId | undefined): { readonly holdId?: HoldId } {
  return holdId === undefined ? {} : { holdId };
}
