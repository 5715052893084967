import { refuse } from '../../contracts/problem.ts';
import type {
  MoveInLine,
  NotePayment,
  OrderRpc,
  ProposeSubstitution,
  ProveDelivery,
  ReportCourier,
  ReportPick,
  WithdrawSubstitution,
} from '../../contracts/rpc/order.ts';
import { courierAccepted, courierDeparted, reportPick } from '../../domain/order/decide.ts';
import { proveDelivery } from '../../domain/order/delivery.ts';
import { giveBack } from '../../domain/order/reassign.ts';
import { proposeToCustomer, withdrawSubstitution } from '../../domain/order/substitution.ts';
import { moveInLine } from '../../domain/order/waiting.ts';
import { err, ok } from '../../domain/shared/result.ts';
import { drawHandoverCode } from './draw-terms.ts';
import { isCourierObject } from './order-access.ts';
import type { OrderParts } from './order-parts.ts';
import {
  toDepartRefusal,
  toProofRefusal,
  toProposalRefusal,
  toReassignRefusal,
  toReportRefusal,
} from './order-refusals.ts';

// What the objects of the store and of the courier report of an order. Each acts on it for its people alone.

type Heard<Method extends keyof OrderRpc> = Awaited<ReturnType<OrderRpc[Method]>>;

export function hearPick(parts: OrderParts, command: ReportPick): Heard<'reportPick'> {
  const { step, picked, reason, seals } = command;
  const report = { step, picked, reason, seals };
  return parts.hearStore('reportPick', command, (state, nowMs) => reportPick(state, report, nowMs), toReportRefusal);
}

/** Whoever asks is a store of the order's own choice; one that it does not wait for brings no news. */
export function hearLine(parts: OrderParts, command: MoveInLine): Heard<'moveInLine'> {
  const { actor, storeId } = command;
  const isItself = actor.kind === 'object' && actor.object === 'store' && actor.id === storeId;
  if (!isItself) return err(FORBIDDEN);
  return parts.tell('moveInLine', command, (state) => moveInLine(state, command), toReportRefusal);
}

export function hearProposal(parts: OrderParts, command: ProposeSubstitution): Heard<'proposeSubstitution'> {
  return parts.hearStore('propose', command, (state) => proposeToCustomer(state, command), toProposalRefusal);
}

export function hearWithdrawal(parts: OrderParts, command: WithdrawSubstitution): Heard<'withdrawSubstitution'> {
  return parts.hearStore('withdraw', command, (state) => withdrawSubstitution(state, command), toReportRefusal);
}

export function hearCourier(parts: OrderParts, command: ReportCourier): Heard<'reportCourier'> {
  const { step, courierId, actor, reason = 'OTHER' } = command;
  if (!isCourierObject(actor, courierId)) return err(FORBIDDEN);
  if (step === 'gave_back') {
    const reassignment = { reason, handoverCode: drawHandoverCode() };
    return parts.tell('reportCourier', command, (state) => giveBack(state, courierId, reassignment), toReassignRefusal);
  }
  const rule = step === 'accepted' ? courierAccepted : courierDeparted;
  return parts.tell('reportCourier', command, (state) => rule(state, courierId), toDepartRefusal);
}

export function hearProof(parts: OrderParts, command: ProveDelivery): Heard<'proveDelivery'> {
  const { courierId, shown, collectedMinor, actor } = command;
  if (!isCourierObject(actor, courierId)) return err(FORBIDDEN);
  const proof = { courierId, ...shown, collectedMinor };
  return parts.tell('proveDelivery', command, (state) => proveDelivery(state, proof), toProofRefusal);
}

/** The edge took it from a signed webhook, and speaks in the order's own name. */
export function hearNotice(parts: OrderParts, command: NotePayment): Heard<'notePayment'> {
  const { actor } = command;
  const { orderId } = parts.book.placed.terms;
  if (actor.kind !== 'object' || actor.object !== 'order' || actor.id !== orderId) return err(FORBIDDEN);
  parts.hearProvider(command);
  return ok(null);
}

const FORBIDDEN = refuse('FORBIDDEN', 'This is not yours to do.');
