import { refuse } from '../../contracts/problem.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import type { ProofCode } from '../../contracts/rpc/order-operations.ts';
import type { PlaceRefusal } from '../../contracts/rpc/order.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { NotAssigned, NotCancellable } from '../../domain/order/decide.ts';
import type { ProofError } from '../../domain/order/delivery.ts';
import type { OrderState } from '../../domain/order/order.ts';
import type { OverweightError } from '../../domain/order/overweight.ts';
import type { NotByHand, NotStuck } from '../../domain/order/stuck.ts';
import type { NotReassignable } from '../../domain/order/reassign.ts';
import type { AnswerError, NotReplaceable } from '../../domain/order/substitution.ts';
import type { IllegalTransition } from '../../domain/order/transitions.ts';

// The refusals of the rules in the words of the wire.

export function toCancelRefusal({ status }: NotCancellable): Refusal<'ORDER_NOT_CANCELLABLE'> {
  return refuse('ORDER_NOT_CANCELLABLE', `At ${status} it is too late.`, { status });
}

export function toStuckRefusal(error: NotStuck | NotByHand): Refusal<'NOT_STUCK'> {
  return error.code === 'NOT_STUCK'
    ? refuse('NOT_STUCK', 'Nothing of this order fails. Look at its saga again.')
    : refuse('NOT_STUCK', 'Only money can be settled by hand: continue, or cancel the order.', { step: error.step });
}

export function toReportRefusal(error: IllegalTransition): Refusal<'ILLEGAL_TRANSITION'> {
  const { from, to } = error;
  return refuse('ILLEGAL_TRANSITION', `An order cannot go from ${from} to ${to}.`, { from, to });
}

export function toDepartRefusal(error: IllegalTransition | NotAssigned): Refusal<'ILLEGAL_TRANSITION' | 'FORBIDDEN'> {
  if (error.code === 'ILLEGAL_TRANSITION') return toReportRefusal(error);
  return refuse('FORBIDDEN', 'Another courier carries this order, or none does.');
}

export function toProofRefusal(
  error: IllegalTransition | NotAssigned | ProofError,
): Refusal<'ILLEGAL_TRANSITION' | ProofCode> {
  switch (error.code) {
    case 'ILLEGAL_TRANSITION':
      return toReportRefusal(error);
    case 'NOT_ASSIGNED':
      return refuse('NOT_ASSIGNED', 'Another courier carries this order, or none does.');
    case 'DELIVERY_CODE_WRONG':
      return refuse('DELIVERY_CODE_WRONG', 'Ask the customer for the code again.', { triesLeft: error.triesLeft });
    case 'DELIVERY_CODE_LOCKED':
      return refuse('DELIVERY_CODE_LOCKED', 'Call an operator.', { tries: error.tries });
    case 'CASH_MISCOUNTED':
      return refuse('INVALID_INPUT', 'Collect exactly what is due, and nothing when it is paid.', {
        dueMinor: error.dueMinor,
      });
    case 'PHOTO_NOT_ENOUGH': {
      const { missing, dueMinor } = error;
      return refuse('PHOTO_NOT_ENOUGH', 'Ask the customer for the code.', { missing, dueMinor });
    }
  }
}

export function toReassignRefusal(error: NotReassignable): Refusal<'NOT_REASSIGNABLE'> {
  const { status } = error;
  return refuse('NOT_REASSIGNABLE', 'No courier is on it yet, or the bags have left the store.', { status });
}

export function toProposalRefusal({ sku, units, left }: NotReplaceable): Refusal<'INVALID_INPUT'> {
  return refuse('INVALID_INPUT', 'The order has not so many units of this to be replaced.', { sku, units, left });
}

export function toAnswerRefusal(error: AnswerError): Refusal<'NOT_FOUND' | 'SUBSTITUTION_OVER'> {
  if (error.code === 'NO_PROPOSAL') return refuse('NOT_FOUND', 'Nothing like this was proposed for your order.');
  const { status, settlement, answerByMs } = error;
  const expiresAt = toTimestamp(answerByMs);
  return refuse('SUBSTITUTION_OVER', 'It is decided already: see what came of it.', { status, settlement, expiresAt });
}

export function toOverweightRefusal(error: OverweightError): Refusal<'NOT_FOUND' | 'QUESTION_OVER'> {
  if (error.code === 'NOTHING_ASKED') return refuse('NOT_FOUND', 'Nothing is asked about the weight of your order.');
  const { status, answerByMs } = error;
  const numbers = { status, expiresAt: toTimestamp(answerByMs) };
  return refuse('QUESTION_OVER', 'It is decided already: see what the order costs.', numbers);
}

/** Why placing failed, for an order that its own saga cancelled; `null` when it stands or somebody cancelled it. */
export function placeRefusal(state: OrderState): PlaceRefusal | null {
  switch (state.cancellation?.code) {
    case undefined:
    case 'BY_CUSTOMER':
    case 'BY_OPERATOR':
    case 'DELIVERY_FAILED':
    case 'NOTHING_PICKED':
      return null;
    case 'INSUFFICIENT_STOCK': {
      const shortages = state.passedOver.find(({ code }) => code === 'INSUFFICIENT_STOCK')?.shortages ?? [];
      const named = shortages.map(({ sku, requested, available }) => ({ sku, requested, available }));
      return refuse('INSUFFICIENT_STOCK', 'Take less of what is short, or leave it out.', { shortages: named });
    }
    case 'UNKNOWN_SKU':
      return refuse('UNKNOWN_SKU', 'Leave out what the store does not sell.');
    case 'STORE_CLOSED':
      return refuse('STORE_CLOSED', 'Try again when the store is open.', againOf(state));
    case 'STORE_REJECTED':
    case 'STORE_BUSY':
      return refuse('STORE_BUSY', 'Try again in a moment, with a new Idempotency-Key.', againOf(state));
    case 'PAYMENT_DECLINED':
      return refuse('PAYMENT_DECLINED', 'Choose another means of payment, with a new Idempotency-Key.');
    case 'PAYMENT_TIMEOUT':
    case 'HOLD_EXPIRED':
      return refuse('HOLD_EXPIRED', 'The time to pay ran out. Order again.');
    case 'UNAVAILABLE':
      return refuse('UNAVAILABLE', 'Nothing was charged. Try again in a moment, with a new Idempotency-Key.');
  }
}

/** When a line that was full is worth another try, as its store said. */
function againOf({ lineRefusals }: OrderState): { readonly retryAfterMs: number } | undefined {
  const retryAfterMs = lineRefusals.at(-1)?.retryAfterMs ?? null;
  return retryAfterMs === null ? undefined : { retryAfterMs };
}
