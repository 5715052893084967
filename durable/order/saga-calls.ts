import type { CustomerRpc } from '../../contracts/rpc/customer.ts';
import type { StoreRpc, HoldView, HoldRefusal } from '../../contracts/rpc/store.ts';
import type { StoreAnswer } from '../../contracts/rpc/store-commands.ts';
import type { CallOutcome } from '../../domain/order/outcome.ts';
import { candidateInTurn, promisedAtMs, quoteOf } from '../../domain/order/order.ts';
import { storeToDoorMs } from '../../domain/promise/ride.ts';
import type { OpenCall, OrderState, OrderTerms, Shortage } from '../../domain/order/order.ts';
import { openRefund, refundedMinor } from '../../domain/order/refund.ts';
import type { Refund } from '../../domain/order/refund.ts';
import { callAmountMinor, CALLS, isStoreCall } from '../../domain/order/saga.ts';
import type { ProviderCall, StoreCall } from '../../domain/order/saga.ts';
import { lineAsked, waitsUntilMs } from '../../domain/order/waiting.ts';
import { invariant } from '../../domain/shared/assert.ts';
import { asSku, SKU_PATTERN } from '../../domain/shared/ids.ts';
import type { StoreId, UserId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { PaymentAnswer, PaymentGateway, ProviderPayment } from '../../integrations/payments/port.ts';
import { within } from '../../integrations/within.ts';
import { commandOf } from './order-calls.ts';
import { findHold, holdBasket } from './store-hold.ts';

export interface SagaParties {
  store(id: StoreId): StoreRpc;
  /** Of the order's own provider. Throws when it does not work here. */
  gateway(terms: OrderTerms): PaymentGateway;
  wallet(customer: UserId): Pick<CustomerRpc, 'creditWallet'>;
}

/** Makes a call of the saga. Throws when its outcome is unknown. */
export async function makeCall(
  parties: SagaParties,
  state: OrderState,
  call: OpenCall,
  traceparent: string | undefined,
): Promise<CallOutcome> {
  const { orderId, number, token } = state.terms;
  switch (call.step) {
    case 'hold': {
      const { storeId } = candidateInTurn(state) ?? quoteOf(state);
      const holding = holdBasket(parties.store(storeId), state, call, traceparent);
      return stockOutcome('hold', await within(CALLS.hold.timeoutMs, 'store.hold', holding));
    }
    case 'join':
      return lineOutcome(await within(CALLS.join.timeoutMs, 'store.join', joinLine(parties, state, call, traceparent)));
    case 'commit': {
      const { storeId, holdId, distanceM } = quoteOf(state);
      const command = commandOf(orderId, call.opId, traceparent);
      const [toDoorMs, byMs] = [storeToDoorMs(distanceM), promisedAtMs(state)];
      const { wishes } = state.terms;
      const terms = { holdId, orderId, orderNumber: number, promisedAtMs: byMs, toDoorMs };
      const commit = { ...command, ...terms, ...(wishes !== undefined && { wishes }) };
      return stockOutcome(
        'commit',
        await within(CALLS.commit.timeoutMs, 'store.commit', parties.store(storeId).commit(commit)),
      );
    }
    case 'inquire':
      return (await askAbout(parties, state, call)) ?? { kind: 'declined', reason: 'unknown to the provider' };
    case 'pay':
    case 'capture':
    case 'void':
    case 'refund': {
      const back = call.step === 'refund' ? openRefund(state)?.refund : undefined;
      if (back?.to === 'wallet') return creditWallet(parties, state, call, back, traceparent);
      const gateway = parties.gateway(state.terms);
      const amountMinor = callAmountMinor(state, call.step);
      const { currency } = quoteOf(state);
      const asked = { opId: call.opId, orderId, amountMinor, currency };
      const providerRef = refOf(state) ?? '';
      const answering =
        call.step === 'pay' ? gateway.authorize({ ...asked, token }) : gateway[call.step]({ ...asked, providerRef });
      const answer = await within(CALLS[call.step].timeoutMs, `provider.${call.step}`, answering);
      return paymentOutcome(answer, gateway);
    }
  }
}

function joinLine(
  parties: SagaParties,
  state: OrderState,
  { opId }: OpenCall,
  traceparent: string | undefined,
): Promise<StoreAnswer<'JoinLine'>> {
  const { orderId } = state.terms;
  const [asked, untilMs] = [lineAsked(state), waitsUntilMs(state)];
  invariant(asked !== null && untilMs !== null, 'only an order that may wait joins a line');
  const command = { ...commandOf(orderId, opId, traceparent), do: 'JoinLine', orderId, untilMs } as const;
  return parties.store(asked.storeId).execute(command);
}

function lineOutcome(answer: StoreAnswer<'JoinLine'>): CallOutcome {
  if (answer.ok) return { kind: 'in_line', standing: answer.value.standing };
  const { code, numbers } = answer.error;
  const retryAfterMs = numbers?.['retryAfterMs'];
  const again = typeof retryAfterMs === 'number' ? { retryAfterMs } : {};
  return { kind: 'refused', code, shortages: [], ...again };
}

/** Money that was paid otherwise: the same id is credited once, so it is sent again instead of asked about. */
async function creditWallet(
  parties: SagaParties,
  state: OrderState,
  call: OpenCall,
  { amountMinor, reason }: Refund,
  traceparent: string | undefined,
): Promise<CallOutcome> {
  const { orderId, customerId } = state.terms;
  const { currency } = quoteOf(state);
  const credit = { ...commandOf(orderId, call.opId, traceparent), amountMinor, currency, reason };
  const answer = await within(
    CALLS.refund.timeoutMs,
    'customer.credit',
    parties.wallet(customerId).creditWallet(credit),
  );
  if (!answer.ok) return { kind: 'declined', reason: answer.error.code };
  return { kind: 'approved', providerRef: 'wallet', amountMinor, onDelivery: false };
}

/** Asks the other side what became of a call; `null` when it has never seen it. Throws when it cannot be asked. */
export async function askAbout(parties: SagaParties, state: OrderState, call: OpenCall): Promise<CallOutcome | null> {
  const { step } = call;
  // Whoever joins twice stands once: it is said again instead of asked about.
  if (step === 'join') return null;
  if (isStoreCall(step)) {
    const { storeId } = candidateInTurn(state) ?? quoteOf(state);
    const store = parties.store(storeId);
    const finding = step === 'hold' ? findHold(store, state, call) : store.find(call.opId);
    const found = await within(CALLS[step].timeoutMs, 'store.find', finding);
    return found === null ? null : stockOutcome(step, found);
  }
  if (step === 'refund' && openRefund(state)?.refund.to === 'wallet') return null;
  const gateway = parties.gateway(state.terms);
  const payment = await within(CALLS[step].timeoutMs, 'provider.find', gateway.find(state.terms.orderId, refOf(state)));
  return payment === null ? null : foundOutcome(state, step, payment, gateway);
}

function stockOutcome(step: Exclude<StoreCall, 'join'>, answer: Result<HoldView, HoldRefusal>): CallOutcome {
  if (!answer.ok) return { kind: 'refused', code: answer.error.code, shortages: readShortages(answer.error.numbers) };
  if (step === 'commit') return { kind: 'committed' };
  const { expiresAtMs, holdId } = answer.value;
  invariant(expiresAtMs !== undefined, 'a hold that is not committed expires');
  return { kind: 'held', expiresAtMs, holdId };
}

function paymentOutcome(answer: PaymentAnswer, gateway: PaymentGateway): CallOutcome {
  switch (answer.outcome) {
    case 'approved': {
      const { providerRef, amountMinor } = answer;
      return { kind: 'approved', providerRef, amountMinor, onDelivery: gateway.onDelivery };
    }
    case 'pending':
      return { kind: 'pending', providerRef: answer.providerRef, action: answer.action };
    case 'declined':
      return { kind: 'declined', reason: answer.reason };
  }
}

/** What the provider's books say about one call: whether what it asked for is there. */
function foundOutcome(
  state: OrderState,
  step: ProviderCall,
  payment: ProviderPayment,
  gateway: PaymentGateway,
): CallOutcome | null {
  const { providerRef, status, currency } = payment;
  // Money of another kind is nobody's answer: the call stays unknown, and is given up and voided where it may be.
  if (currency !== quoteOf(state).currency) throw new Error(`the provider's books are in ${currency}`);
  function approved(amountMinor: number): CallOutcome {
    return { kind: 'approved', providerRef, amountMinor, onDelivery: gateway.onDelivery };
  }
  function captured(): CallOutcome {
    return { kind: 'captured', providerRef, amountMinor: payment.capturedMinor };
  }
  switch (step) {
    case 'capture':
      return status === 'CAPTURED' ? approved(payment.capturedMinor) : null;
    case 'void':
      if (status === 'CAPTURED') return captured();
      // A payment that was declined may be tried again by the customer: it is not over before it is void.
      return status === 'VOIDED' ? approved(0) : null;
    case 'refund':
      // One after the other: when this one is there, all before it and this one are back.
      return payment.refundedMinor >= refundedMinor(state, 'source') + callAmountMinor(state, 'refund')
        ? approved(payment.refundedMinor)
        : null;
    case 'pay':
    case 'inquire':
      if (status === 'PENDING') return { kind: 'pending', providerRef, action: payment.action };
      if (status === 'CAPTURED') return captured();
      return status === 'AUTHORIZED' ? approved(payment.authorizedMinor) : { kind: 'declined', reason: status };
  }
}

/** The provider's reference, as far as it is known. */
function refOf({ payment }: OrderState): string | undefined {
  return 'providerRef' in payment && payment.providerRef !== '' ? payment.providerRef : undefined;
}

/** The shortages that explain a refusal, as far as they are well formed. */
function readShortages(numbers: HoldRefusal['numbers']): Shortage[] {
  const listed = numbers?.['shortages'];
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry: unknown): Shortage[] => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { sku, requested, available } = { sku: '', requested: 0, available: 0, ...entry };
    return SKU_PATTERN.test(sku) ? [{ sku: asSku(sku), requested, available }] : [];
  });
}
