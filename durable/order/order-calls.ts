import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Command } from '../../contracts/actor.ts';
import type { DurableCall } from '../../contracts/rpc/durable-call.ts';
import { cashDueMinor } from '../../domain/order/decide.ts';
import { candidateInTurn, cartHoldInTurn, quoteOf } from '../../domain/order/order.ts';
import type { Candidate, LogEntry, OrderState } from '../../domain/order/order.ts';
import { NOTHING_MEASURED, paceOf } from '../../domain/capacity/pick-pace.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { CourierId, OrderId, StoreId, SubstitutionId } from '../../domain/shared/ids.ts';
import { settleCart } from './cart-calls.ts';
import type { ProposalAnswer } from '../../domain/picking/proposal.ts';

/** What every command of an order to another object carries. */
export function commandOf(orderId: OrderId, opId: string, traceparent: string | undefined): Command {
  const command = {
    v: RPC_VERSION,
    actor: { kind: 'object', object: 'order', id: orderId },
    opId: asOpId(opId),
  } as const;
  return traceparent === undefined ? command : { ...command, traceparent };
}

/** The messages that an entry of the log sends to other objects: delivered some time, in order per receiver, once in effect. */
export function callsFor(
  before: OrderState | null,
  after: OrderState,
  entry: LogEntry,
  traceparent: string | undefined,
): readonly DurableCall[] {
  if (before === null) return [];
  const { event, seq, atMs } = entry;
  const { orderId } = after.terms;
  function message(name: string): Command {
    return commandOf(orderId, `${orderId}:${seq}:${name}`, traceparent);
  }
  if (event.type === 'order.confirmed' || event.type === 'order.cancelled') {
    return settleCart(before, event, message('settleCart'));
  }
  if (event.type === 'store.passed_over') {
    const passed = candidateInTurn(before);
    if (event.code !== 'UNAVAILABLE' || passed === null) return [];
    // Its answer never came: if it holds something after all, it must not wait for the hold to expire.
    const drawn = release(passed, message('release'), event.code);
    const cartHoldId = cartHoldInTurn(before);
    if (cartHoldId === null) return [drawn];
    return [drawn, release({ ...passed, holdId: cartHoldId }, message('releaseCart'), event.code)];
  }
  const left = lineLeft(before, after, entry);
  if (left !== null) return [leaveLine(after, left, message('leaveLine'))];
  if (event.type === 'stock.let_go') {
    return event.how.map((how) =>
      how === 'release' ? release(quoteOf(after), message(how), whyOf(after)) : cancelPick(after, message(how)),
    );
  }
  if (
    event.type === 'substitution.approved' ||
    event.type === 'substitution.declined' ||
    event.type === 'substitution.expired'
  ) {
    return [settle(after, event.proposalId, ANSWER_OF[event.type], message('settle'))];
  }
  if (event.type === 'order.picking_started') return [requestCourier(after, message('requestCourier'), atMs)];
  if (event.type === 'courier.accepted') {
    const { courierId } = event;
    return [
      confirmJob(after, courierId, message('confirmJob')),
      announceCourier(after, courierId, message('announce')),
    ];
  }
  if (event.type === 'courier.turned_away')
    return [moveJob(after, event.courierId, 'withdrawn', message('withdrawJob'))];
  if (event.type === 'courier.released') {
    const calls = [withdraw(after, message('withdraw'))];
    if (before.courier.at !== 'ACCEPTED') return calls;
    return [...calls, moveJob(after, before.courier.courierId, 'withdrawn', message('withdrawJob'))];
  }
  if (event.type === 'courier.unassigned') {
    const { courierId } = event;
    return [
      // Whoever was taken off knows the last code: from here on the store takes one that nobody has been told.
      announceCourier(after, courierId, message('announce')),
      moveJob(after, courierId, 'withdrawn', message('withdrawJob'), event.reason),
      requestCourier(after, message('requestCourier'), atMs, courierId),
    ];
  }
  if (event.type === 'order.ready' && after.courier.at !== 'ACCEPTED') {
    return [announceReady(after, message('announceReady'), atMs)];
  }
  if (after.courier.at !== 'ACCEPTED') return [];
  const { courierId } = after.courier;
  if (event.type === 'order.picked_up') return [moveJob(after, courierId, 'picked_up', message('moveJob'))];
  // A short pick changes what the courier has to collect.
  const collectsLess = event.type === 'order.ready' && cashDueMinor(before) !== cashDueMinor(after);
  return collectsLess ? [confirmJob(after, courierId, message('confirmJob'))] : [];
}

function release(store: Candidate, command: Command, reason: string): DurableCall {
  return { to: 'store', id: store.storeId, method: 'release', command: { ...command, holdId: store.holdId, reason } };
}

/** The store whose line the order stands in no more, or may stand in though nobody heard. A hold of its own takes it off. */
function lineLeft({ line }: OrderState, after: OrderState, { event }: LogEntry): StoreId | null {
  if (event.type === 'line.left') return event.storeId;
  if (event.type === 'line.refused') return event.code === 'UNAVAILABLE' ? event.storeId : null;
  if (event.type !== 'stock.held' || line?.at !== 'CALLED') return null;
  return line.storeId === quoteOf(after).storeId ? null : line.storeId;
}

function leaveLine({ terms: { orderId } }: OrderState, storeId: StoreId, command: Command): DurableCall {
  return { to: 'store', id: storeId, method: 'execute', command: { ...command, do: 'LeaveLine', orderId } };
}

const ANSWER_OF = {
  'substitution.approved': 'APPROVED',
  'substitution.declined': 'DECLINED',
  'substitution.expired': 'TIMED_OUT',
} as const;

/** How a substitute was answered: the picker has it within the second, in the lane of all that the store hears from the order. */
function settle(state: OrderState, proposalId: SubstitutionId, answer: ProposalAnswer, command: Command): DurableCall {
  const { orderId } = state.terms;
  const settled = { ...command, do: 'SettleSubstitution', orderId, proposalId, answer } as const;
  return { to: 'store', id: quoteOf(state).storeId, method: 'execute', command: settled };
}

/** Asked for when picking starts, so that the courier arrives when the bags are ready. */
function requestCourier(
  state: OrderState,
  command: Command,
  atMs: number,
  takenOff: CourierId | null = null,
): DurableCall {
  const { orderId, drop } = state.terms;
  const { zoneId, storeId, storeName, location, lines } = quoteOf(state);
  // The store's own pace stays in the store; `announceReady` puts right what this working figure gets wrong.
  const { orderMs, lineMs } = paceOf(NOTHING_MEASURED);
  const readyAtMs = state.packed === null ? Math.round(atMs + orderMs + lines.length * lineMs) : atMs;
  const where = { storeId, storeName, pickup: location, drop };
  const request = { ...command, orderId, ...where, readyAtMs, ...(takenOff === null ? {} : { takenOff }) };
  return { to: 'zone', id: zoneId, method: 'requestCourier', command: request };
}

/** The request went by an estimate; whose bags stand at the counter must not be overtaken by whose were estimated sooner. */
function announceReady(state: OrderState, command: Command, readyAtMs: number): DurableCall {
  const { orderId } = state.terms;
  return {
    to: 'zone',
    id: quoteOf(state).zoneId,
    method: 'announceReady',
    command: { ...command, orderId, readyAtMs },
  };
}

function confirmJob(state: OrderState, courierId: CourierId, command: Command): DurableCall {
  const { handoverCode } = state;
  const { orderId, number, drop, dropNote } = state.terms;
  const { storeId, storeName, location, currency } = quoteOf(state);
  const job = {
    ...command,
    orderId,
    orderNumber: number,
    storeId,
    storeName,
    pickup: location,
    drop,
    dropNote,
    handoverCode,
    collectMinor: cashDueMinor(state),
    currency,
  };
  return { to: 'courier', id: courierId, method: 'confirmJob', command: job };
}

function announceCourier(state: OrderState, courierId: CourierId, command: Command): DurableCall {
  const { handoverCode } = state;
  const { orderId } = state.terms;
  const announcement = { ...command, orderId, courierId, handoverCode };
  return { to: 'store', id: quoteOf(state).storeId, method: 'announceCourier', command: announcement };
}

function cancelPick(state: OrderState, command: Command): DurableCall {
  const { orderId } = state.terms;
  const cancellation = { ...command, orderId, reason: whyOf(state) };
  return { to: 'store', id: quoteOf(state).storeId, method: 'cancelPick', command: cancellation };
}

function withdraw(state: OrderState, command: Command): DurableCall {
  const { orderId } = state.terms;
  const withdrawal = { ...command, orderId, reason: whyOf(state) };
  return { to: 'zone', id: quoteOf(state).zoneId, method: 'withdraw', command: withdrawal };
}

function moveJob(
  state: OrderState,
  courierId: CourierId,
  step: 'picked_up' | 'withdrawn',
  command: Command,
  reason: string = whyOf(state),
): DurableCall {
  const { orderId } = state.terms;
  const move = { ...command, orderId, step, ...(step === 'withdrawn' ? { reason } : {}) };
  return { to: 'courier', id: courierId, method: 'moveJob', command: move };
}

/** Why others are told to stop: the order was cancelled, or somebody else has it. */
function whyOf({ cancellation }: OrderState): string {
  return cancellation?.code ?? 'TAKEN';
}
