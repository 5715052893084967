import type { Actor } from '../../contracts/actor.ts';
import type { OrderView, TrackingView } from '../../contracts/http/orders.ts';
import { toTotalsView } from '../../contracts/http/totals.ts';
import { toTimestamp, toWireMoney } from '../../contracts/wire.ts';
import type { TrackingDelta } from '../../contracts/ws/tracking.ts';
import { statusAliases } from '../../domain/order/aliases.ts';
import { placedAtMs, promisedAtMs, quoteOf, servingStore } from '../../domain/order/order.ts';
import type { News, OrderState, Payment, StatusStep } from '../../domain/order/order.ts';
import { etaStage, isCourierVisible, isOver } from '../../domain/order/stage.ts';
import { etaMs } from '../../domain/promise/eta.ts';
import type { FeedSource } from '../kit/feed.ts';
import type { CourierPosition } from '../../contracts/rpc/order.ts';
import { toSubstitutionView } from './substitution-view.ts';

/** The order as this actor may see it. */
export function toOrderView(state: OrderState, actor: Actor): OrderView {
  const quote = quoteOf(state);
  const { packed, cancellation } = state;
  return {
    id: state.terms.orderId,
    number: state.terms.number,
    status: state.status,
    aliases: statusAliases(state.status, state.storeAccepted),
    storeId: servingStore(state)?.storeId ?? null,
    placedAt: toTimestamp(placedAtMs(state)),
    promisedAt: toTimestamp(promisedAtMs(state)),
    lines: quote.lines.map(({ sku, name, quantity, unitPriceMinor, discountMinor = 0 }, lineNo) => {
      const pickedQuantity = packed?.picked[lineNo]?.quantity ?? null;
      const unitPrice = toWireMoney(unitPriceMinor, quote.currency);
      const total = toWireMoney(unitPriceMinor * (pickedQuantity ?? quantity), quote.currency);
      const discount = toWireMoney(discountMinor, quote.currency);
      return { sku, name, quantity, pickedQuantity, unitPrice, total, discount };
    }),
    substitutions: state.substitutions.map((substitution) => toSubstitutionView(state, substitution)),
    totals: toTotalsView(packed?.charge ?? quote, quote.currency),
    payment: paymentView(state),
    history: state.news.flatMap((news, index) => (news.kind === 'status' ? [historyStep(news.step, index + 1)] : [])),
    ...(actor.kind === 'customer' && !isOver(state.status) ? { deliveryCode: state.terms.deliveryCode } : {}),
    ...(cancellation === null ? {} : { cancelReason: cancellation.reason }),
  };
}

function historyStep({ status, atMs, by, reason }: StatusStep, seq: number): OrderView['history'][number] {
  const step = { seq, status, at: toTimestamp(atMs), by: `${by.kind}:${by.id}` };
  return reason === undefined ? step : { ...step, reason };
}

function paymentView(state: OrderState): OrderView['payment'] {
  const { payment, stock, status, terms } = state;
  const view = { method: terms.method, status: paymentStatus(payment) } as const;
  const waits = status === 'PENDING' && stock.at === 'HELD' && view.status === 'PENDING';
  if (!waits) return view;
  const action = (payment.at === 'PENDING' ? payment.action : undefined) ?? { kind: 'WAIT_FOR_PROVIDER' };
  return { ...view, action: { ...action, until: toTimestamp(stock.expiresAtMs) } };
}

function paymentStatus(payment: Payment): OrderView['payment']['status'] {
  switch (payment.at) {
    case 'NONE':
    case 'PENDING':
    case 'IN_DOUBT':
      return 'PENDING';
    case 'AUTHORIZED':
      return payment.onDelivery ? 'DUE_ON_DELIVERY' : 'AUTHORIZED';
    case 'CAPTURED':
    case 'FAILED':
    case 'VOIDED':
    case 'REFUNDED':
      return payment.at;
  }
}

export function toTrackingView(state: OrderState, position: CourierPosition | null, nowMs: number): TrackingView {
  const seen = isCourierVisible(state.status) ? position : null;
  const { drop } = state.terms;
  const store = servingStore(state)?.location;
  return {
    orderId: state.terms.orderId,
    status: state.status,
    seq: state.news.length,
    eta: toEta(state, state.status, seen, nowMs),
    store: store === undefined ? null : { lat: store.lat, lng: store.lng },
    drop: { lat: drop.lat, lng: drop.lng },
    substitutions: state.substitutions.map((substitution) => toSubstitutionView(state, substitution)),
    courier: seen === null ? null : { lat: seen.lat, lng: seen.lng, at: toTimestamp(seen.atMs) },
  };
}

function toEta(
  state: OrderState,
  status: OrderState['status'],
  position: CourierPosition | null,
  nowMs: number,
): string | null {
  const eta = etaMs(etaStage(state, status, position), nowMs);
  return eta === null ? null : toTimestamp(eta);
}

/** What a watcher resumes by: one delta a piece of news; a status has the number that it has in the order's history. */
export function newsFeed(read: () => OrderState | null): FeedSource {
  return {
    head: () => read()?.news.length ?? 0,
    since(after) {
      const state = read();
      if (state === null || after > state.news.length) return null;
      return state.news.slice(after).map((news, index) => ({ seq: after + index + 1, delta: deltaOf(state, news) }));
    },
  };
}

function deltaOf(state: OrderState, news: News): string {
  return JSON.stringify(trackingDelta(state, news));
}

function trackingDelta(state: OrderState, news: News): TrackingDelta {
  if (news.kind === 'substitution') {
    return { substitution: toSubstitutionView(state, news.substitution), at: toTimestamp(news.atMs) };
  }
  const { status, atMs } = news.step;
  return { status, at: toTimestamp(atMs), eta: toEta(state, status, null, atMs) };
}
