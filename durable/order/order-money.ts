import type { Actor, Command } from '../../contracts/actor.ts';
import type { PaymentView } from '../../contracts/http/payments.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { MoneyCommand, MoneyCommandOf, OrderRpc } from '../../contracts/rpc/order.ts';
import { handInCash } from '../../domain/order/cash.ts';
import type { HandInError } from '../../domain/order/cash.ts';
import { notePayment } from '../../domain/order/decide.ts';
import { paymentStatus } from '../../domain/order/money-stand.ts';
import { quoteOf } from '../../domain/order/order.ts';
import type { OrderState } from '../../domain/order/order.ts';
import { reconcile, repair } from '../../domain/order/reconcile.ts';
import { refund } from '../../domain/order/refund.ts';
import type { RefundError } from '../../domain/order/refund.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { ProviderPayment } from '../../integrations/payments/port.ts';
import { within } from '../../integrations/within.ts';
import type { ObjectEnv } from '../env.ts';
import { maySee } from './order-access.ts';
import { offeredGateway } from './order-gateways.ts';
import type { OrderParts } from './order-parts.ts';
import { toReportRefusal } from './order-refusals.ts';
import { toPaymentView } from './payment-view.ts';

type Answer = Awaited<ReturnType<OrderRpc['moveMoney']>>;

const NOT_FOUND = refuse('NOT_FOUND', 'There is no such payment for you.');
const FORBIDDEN = refuse('FORBIDDEN', 'This is not yours to do.');

export function readPayment({ book }: OrderParts, actor: Actor): Result<PaymentView, Refusal<'NOT_FOUND'>> {
  const { state } = book;
  const sees = state !== null && maySee(state, actor) && (actor.kind === 'customer' || actor.kind === 'operator');
  return sees ? ok(toPaymentView(state, book.entries(), actor)) : err(NOT_FOUND);
}

/** Each is for another role; to whoever may not see the order it does not exist. */
export function moveMoney(parts: OrderParts, command: MoneyCommand): Answer {
  const { state } = parts.book;
  if (state === null || !maySee(state, command.actor)) return err(NOT_FOUND);
  const told = tell(parts, state, command);
  return told.ok ? ok(toPaymentView(parts.book.placed, parts.book.entries(), command.actor)) : told;
}

/** Longer than any provider takes that is well. */
const FIND_TIMEOUT_MS = 5000;

/** The provider is asked first; what its answer means is judged by what is on record when it is here. */
export async function reconcilePayment(
  parts: OrderParts,
  env: ObjectEnv,
  command: Command,
): ReturnType<OrderRpc['reconcile']> {
  if (command.actor.kind !== 'operator') return err(FORBIDDEN);
  const { terms, payment } = parts.book.placed;
  let books: ProviderPayment | null;
  try {
    const gateway = offeredGateway(env, terms);
    if (gateway.onDelivery) return ok('AGREED');
    const ref = 'providerRef' in payment && payment.providerRef !== '' ? payment.providerRef : undefined;
    books = await within(FIND_TIMEOUT_MS, 'provider.find', gateway.find(terms.orderId, ref));
  } catch {
    return err(refuse('UNAVAILABLE', 'The payment provider did not answer. Sweep again later.'));
  }
  if (books !== null && books.currency !== quoteOf(parts.book.placed).currency) return ok('DIFFERS');
  const outcome = reconcile(parts.book.placed, books);
  if (outcome !== 'REPAIRED') return ok(outcome);
  const told = parts.tell('reconcile', command, (now) => repair(now, books), toReportRefusal);
  return told.ok ? ok(outcome) : told;
}

function tell(
  parts: OrderParts,
  state: OrderState,
  command: MoneyCommand,
): Result<null, Extract<Answer, { ok: false }>['error']> {
  switch (command.do) {
    case 'Pay':
      return payNow(parts, state, command);
    case 'Refund':
      if (command.actor.kind !== 'operator') return err(FORBIDDEN);
      return parts.tell(command.do, command, (now) => refund(now, command), toRefundRefusal);
    case 'HandInCash':
      return settleCash(parts, state, command);
  }
}

/** Whoever was told to approve the payment did so, or wants to know: the provider is asked at once. */
function payNow(parts: OrderParts, state: OrderState, command: MoneyCommandOf<'Pay'>) {
  if (command.actor.kind !== 'customer') return err(FORBIDDEN);
  const status = paymentStatus(state);
  if (status === 'FAILED' || status === 'VOIDED') {
    return err(refuse('PAYMENT_DECLINED', 'Choose another means of payment, in a new order.', { status }));
  }
  return parts.tell(command.do, command, notePayment, toReportRefusal);
}

/** Counted by the staff of the store or by operators, never by the courier. */
function settleCash(parts: OrderParts, state: OrderState, command: MoneyCommandOf<'HandInCash'>) {
  const { actor, courierId } = command;
  if (actor.kind !== 'operator' && actor.kind !== 'staff') return err(FORBIDDEN);
  if (state.courier.at !== 'ACCEPTED' || state.courier.courierId !== courierId) return err(NOT_FOUND);
  // Not on record: whoever counts too early says the very same again when the cash is there.
  if (state.collectedMinor === 0) return err(toHandInRefusal({ code: 'NO_CASH' }));
  return parts.tell(command.do, command, (now) => handInCash(now, command), toHandInRefusal);
}

function toRefundRefusal(error: RefundError): Refusal<'NOTHING_TO_REFUND' | 'REFUND_TOO_HIGH' | 'CURRENCY_MISMATCH'> {
  switch (error.code) {
    case 'NOTHING_TO_REFUND':
      return error.packed
        ? refuse('NOTHING_TO_REFUND', 'Nothing was taken yet, or all of it is back.')
        : refuse(
            'NOTHING_TO_REFUND',
            'What is owed is not known before the bags are packed: cancel the order instead.',
          );
    case 'CURRENCY_MISMATCH':
      return refuse('CURRENCY_MISMATCH', `Give back ${error.currency}.`, {
        currency: error.currency,
        wanted: error.wanted,
      });
    case 'CASH_GOES_TO_WALLET':
      return refuse('NOTHING_TO_REFUND', 'Cash cannot be sent back: refund it to the wallet.');
    case 'REFUND_TOO_HIGH': {
      const { wantedMinor, refundableMinor } = error;
      return refuse('REFUND_TOO_HIGH', 'Give back no more than is left.', { wantedMinor, refundableMinor });
    }
    case 'LINE_NOT_REFUNDABLE': {
      const { sku, quantity, left } = error;
      return refuse('REFUND_TOO_HIGH', 'The customer has not so many units of this that are not given back.', {
        sku,
        quantity,
        left,
      });
    }
    case 'TOO_MANY_REFUNDS':
      return refuse('REFUND_TOO_HIGH', 'Give back the rest in the wallet: this order has refunds enough.', {
        refundsMax: error.max,
      });
  }
}

function toHandInRefusal(error: HandInError): Refusal<'CASH_SETTLED' | 'CURRENCY_MISMATCH' | 'INVALID_INPUT'> {
  switch (error.code) {
    case 'NO_CASH':
      return refuse('CASH_SETTLED', 'No cash was taken for this order, or it was handed in already.');
    case 'CASH_MISCOUNTED':
      return refuse('INVALID_INPUT', 'Count again: the courier took exactly what is due.', {
        dueMinor: error.dueMinor,
      });
    case 'CURRENCY_MISMATCH': {
      const { currency, wanted } = error;
      return refuse('CURRENCY_MISMATCH', `The order is in ${currency}.`, { currency, wanted });
    }
  }
}
