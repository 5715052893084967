import { ORDER_EVENTS, STATUS_EVENT } from '../../contracts/events/orders.ts';
import type { OrderStatusChanged, SubstitutionSettled } from '../../contracts/events/orders.ts';
import { PAYMENT_EVENTS } from '../../contracts/events/payments.ts';
import type { PaymentMoved } from '../../contracts/events/payments.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { isStatusEvent } from '../../domain/order/evolve.ts';
import { placedAtMs, promisedAtMs, quoteOf, servingStore } from '../../domain/order/order.ts';
import type { LogEntry, OrderEvent, OrderState } from '../../domain/order/order.ts';
import { providerOf } from '../../domain/order/payment-method.ts';
import { isSubstitutionEvent, substitutionOf } from '../../domain/order/substitution.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import { settlementOf } from '../../domain/picking/proposal.ts';
import { ceilingOf, totalsOf } from '../../domain/pricing/totals.ts';
import type { Outbox } from '../kit/outbox.ts';

type Speaker = Pick<Outbox, 'announce'>;

/** Tells the topics what an entry of the log means to the world. Inside the transaction that appends it. */
export function announce(
  outbox: Speaker,
  before: OrderState | null,
  after: OrderState,
  entry: LogEntry,
  traceparent: string | undefined,
): void {
  const to = { outbox, after, entry, traceparent };
  announceLife(to, before);
  announceMoney(to, before);
  announceSubstitution(to);
  announceTrouble(to, before);
}

interface Telling {
  readonly outbox: Speaker;
  readonly after: OrderState;
  readonly entry: LogEntry;
  readonly traceparent: string | undefined;
}

function announceLife(to: Telling, before: OrderState | null): void {
  const { after, entry } = to;
  if (before === null) return;
  // An order is told of when its store is known, because prices are a store's. One that ends before that is told of all the same.
  // One that changes its store later is told of already, at the prices that stay.
  // One that waits in a line has its prices from there on.
  const isHeld = entry.event.type === 'stock.held' && after.status === 'PENDING' && after.soughtAgainAt === null;
  const isStoreKnown = before.line === null && (isHeld || after.line !== null);
  const endsWithoutStore = entry.event.type === 'order.cancelled' && before.status === 'PENDING' && !isTold(before);
  if (isStoreKnown || endsWithoutStore) announcePlaced(to);
  if (entry.event.type === 'line.joined') announceQueued(to, entry.event);
  if (isStatusEvent(entry.event)) announceStatus(to, before.status);
}

/** Whether the topic knows the order: then its store was known, if only by the line it waits in. */
function isTold({ status, stock, soughtAgainAt, line }: OrderState): boolean {
  return status !== 'PENDING' || stock.at !== 'NONE' || soughtAgainAt !== null || line !== null;
}

function announceQueued(
  { outbox, after, entry, traceparent }: Telling,
  { storeId, place, turnAtMs }: Extract<OrderEvent, { readonly type: 'line.joined' }>,
): void {
  const { orderId } = after.terms;
  outbox.announce({
    topic: ORDER_EVENTS,
    type: 'order.queued',
    subject: orderId,
    key: orderId,
    atMs: entry.atMs,
    traceparent,
    data: { storeId, place, estimatedTurnAt: toTimestamp(turnAtMs) },
  });
}

function announcePlaced({ outbox, after, traceparent }: Telling): void {
  const { terms } = after;
  const quote = quoteOf(after);
  outbox.announce({
    topic: ORDER_EVENTS,
    type: 'order.placed',
    subject: terms.orderId,
    key: terms.orderId,
    atMs: placedAtMs(after),
    traceparent,
    data: {
      orderNumber: terms.number,
      customerId: terms.customerId,
      zoneId: quote.zoneId,
      currency: quote.currency,
      lines: quote.lines.map(({ weighed: _weighed, ...line }, lineNo) => ({ lineNo, ...line })),
      ...totalsOf(quote),
      paymentMethod: terms.method,
      promisedAt: toTimestamp(promisedAtMs(after)),
    },
  });
}

function announceStatus({ outbox, after, entry, traceparent }: Telling, from: OrderStatus): void {
  const to = after.status;
  if (to === 'PENDING') return;
  const storeId = servingStore(after)?.storeId;
  const { orderId } = after.terms;
  const data: OrderStatusChanged = {
    from,
    to,
    actor: { kind: entry.by.kind, id: entry.by.id },
    ...reasonOf(entry),
    ...(storeId === undefined ? {} : { storeId }),
    ...(after.courier.at === 'ACCEPTED' ? { courierId: after.courier.courierId } : {}),
    ...(after.packed === null ? {} : { finalMinor: after.packed.finalMinor }),
  };
  const event = { topic: ORDER_EVENTS, subject: orderId, key: orderId, atMs: entry.atMs, traceparent };
  const { type: what } = entry.event;
  const type = what === 'order.rerouted' || what === 'order.unassigned' ? what : STATUS_EVENT[to];
  outbox.announce({ ...event, type, data });
}

function reasonOf({ event }: LogEntry): { readonly reason?: string } {
  if (event.type === 'order.cancelled') return { reason: event.code };
  return event.type === 'order.rerouted' || event.type === 'order.unassigned' ? { reason: event.reason } : {};
}

/** What somebody has to look at. Of an order that the topic does not know yet there is nothing to tell. */
function announceTrouble({ outbox, after, entry, traceparent }: Telling, before: OrderState | null): void {
  const { event, atMs } = entry;
  if (!isTold(after)) return;
  const { orderId } = after.terms;
  const about = { topic: ORDER_EVENTS, subject: orderId, key: orderId, atMs, traceparent };
  const storeId = servingStore(after)?.storeId;
  const where = storeId === undefined ? {} : { storeId };
  const promisedAt = toTimestamp(promisedAtMs(after));
  if (event.type === 'saga.stuck') {
    const { step, failures } = event;
    outbox.announce({ ...about, type: 'order.stuck', data: { step, failures, ...where } });
  }
  if (event.type === 'sla.at_risk') {
    const { waitingFor } = event;
    outbox.announce({ ...about, type: 'order.promise_at_risk', data: { promisedAt, waitingFor, ...where } });
  }
  if (event.type === 'sla.breached')
    outbox.announce({ ...about, type: 'order.promise_broken', data: { promisedAt, ...where } });
  const wasStuck = before?.stuck;
  if (wasStuck != null && after.stuck === null)
    outbox.announce({ ...about, type: 'order.unstuck', data: { step: wasStuck.step } });
}

/** Ids and prices only: what a customer must avoid is in none of it. */
function announceSubstitution({ outbox, after, entry, traceparent }: Telling): void {
  const { event, atMs } = entry;
  if (!isSubstitutionEvent(event)) return;
  const { orderId } = after.terms;
  const known = substitutionOf(after, event.proposalId);
  if (known === undefined) return;
  const { proposal, unitPriceMinor } = known;
  const { proposalId: substitutionId, missing: sku, substitute: substituteSku, units: quantity } = proposal;
  const about = { topic: ORDER_EVENTS, subject: orderId, key: orderId, atMs, traceparent };
  const which = { substitutionId, sku, substituteSku, quantity };
  if (event.type === 'substitution.proposed') {
    const storeId = servingStore(after)?.storeId;
    const expiresAt = toTimestamp(event.answerByMs);
    const data = { ...which, ...(storeId === undefined ? {} : { storeId }), unitPriceMinor, expiresAt };
    outbox.announce({ ...about, type: 'order.substitution_proposed', data });
    return;
  }
  const data: SubstitutionSettled = {
    ...which,
    settlement: settlementOf(proposal) ?? 'REFUND',
    ...('why' in event ? { decidedBy: event.why } : {}),
    ...('reason' in event ? { reason: event.reason } : {}),
  };
  outbox.announce({ ...about, type: SETTLED_EVENT[event.type], data });
}

const SETTLED_EVENT = {
  'substitution.approved': 'order.substitution_approved',
  'substitution.declined': 'order.substitution_declined',
  'substitution.expired': 'order.substitution_expired',
  'substitution.withdrawn': 'order.substitution_withdrawn',
} as const;

function announceMoney(to: Telling, before: OrderState | null): void {
  const { event } = to.entry;
  const askedMinor = ceilingOf(quoteOf(to.after));
  if (event.type === 'call.started' && event.step === 'pay') tell(to, 'payment.requested', askedMinor);
  // Cash is only promised; it is told of when it was taken.
  if (event.type === 'payment.authorized' && !event.onDelivery)
    tell(to, event.type, event.amountMinor, event.providerRef);
  if (event.type === 'payment.declined') tell(to, event.type, askedMinor, undefined, event.reason);
  if (event.type === 'payment.captured') tell(to, event.type, event.amountMinor, event.providerRef);
  if (event.type === 'payment.voided') tell(to, event.type, askedMinor, refOf(before));
  if (event.type === 'payment.refunded') {
    const back = to.after.refunds.find(({ refundId }) => refundId === event.refundId);
    const which = back === undefined ? {} : { refundId: back.refundId, refundTo: back.to };
    tell(to, event.type, event.amountMinor, refOf(before), undefined, which);
  }
  if (event.type === 'cash.handed_in') tell(to, 'payment.settled', event.amountMinor);
}

function tell(
  { outbox, after, entry, traceparent }: Telling,
  type: keyof typeof PAYMENT_EVENTS.schemas,
  amountMinor: number,
  providerRef?: string,
  reason?: string,
  refund: Pick<PaymentMoved, 'refundId' | 'refundTo'> = {},
): void {
  const { orderId, method, customerId } = after.terms;
  const data: PaymentMoved = {
    method,
    provider: providerOf(after.terms),
    amountMinor,
    currency: quoteOf(after).currency,
    ...(providerRef === undefined ? {} : { providerRef }),
    ...(reason === undefined ? {} : { reason }),
    customerId,
    ...refund,
  };
  outbox.announce({ topic: PAYMENT_EVENTS, type, subject: orderId, key: orderId, atMs: entry.atMs, traceparent, data });
}

function refOf(state: OrderState | null): string | undefined {
  const payment = state?.payment;
  return payment !== undefined && 'providerRef' in payment && payment.providerRef !== ''
    ? payment.providerRef
    : undefined;
}
