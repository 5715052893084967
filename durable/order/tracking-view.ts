import type { Actor } from '../../contracts/actor.ts';
import type { EtaView, MoneyView, TrackingView } from '../../contracts/http/tracking.ts';
import { toTimestamp, toWireMoney } from '../../contracts/wire.ts';
import type { TrackingDelta } from '../../contracts/ws/tracking.ts';
import { moneyStand } from '../../domain/order/money-stand.ts';
import type { MoneyStand } from '../../domain/order/money-stand.ts';
import { quoteOf, servingStore } from '../../domain/order/order.ts';
import type { News, OrderState } from '../../domain/order/order.ts';
import { etaStage, sightOf } from '../../domain/order/stage.ts';
import { estimateEta } from '../../domain/promise/eta.ts';
import type { Fix } from '../../domain/dispatch/position.ts';
import type { LatLng } from '../../domain/shared/geo.ts';
import type { FeedSource } from '../kit/feed.ts';
import { standingOf } from '../../domain/order/waiting.ts';
import { toQueueView } from './queue-view.ts';
import { toSubstitutionView } from './substitution-view.ts';

/** What a watcher sees at first, and whoever asks. `last`: where the courier was seen last. */
export function toTrackingView(state: OrderState, last: Fix | null, actor: Actor, nowMs: number): TrackingView {
  const { drop } = state.terms;
  const store = servingStore(state)?.location;
  const seen = sightOf(state.status, last, actor.kind === 'operator', nowMs);
  const queue = toQueueView(state, standingOf(state));
  return {
    orderId: state.terms.orderId,
    status: state.status,
    seq: state.news.length,
    eta: etaView(state, state.status, last, nowMs),
    store: store === undefined ? null : { lat: store.lat, lng: store.lng },
    drop: { lat: drop.lat, lng: drop.lng },
    substitutions: state.substitutions.map((substitution) => toSubstitutionView(state, substitution)),
    money: moneyView(state, moneyStand(state)),
    ...(queue !== null && { queue }),
    courier: seen === null ? null : { lat: seen.lat, lng: seen.lng, at: toTimestamp(seen.atMs) },
  };
}

/** From the courier's last position, however old: a courier who is not heard for a minute is no further than that. */
export function etaView(
  state: OrderState,
  status: OrderState['status'],
  from: LatLng | null,
  nowMs: number,
): EtaView | null {
  const eta = estimateEta(etaStage(state, status, from), nowMs);
  return eta === null ? null : { p50: toTimestamp(eta.p50Ms), p90: toTimestamp(eta.p90Ms) };
}

/** What a watcher resumes by: one delta a piece of news; a status has the number that it has in the order's history. */
export function newsFeed(read: () => OrderState | null): FeedSource {
  return {
    head: () => read()?.news.length ?? 0,
    since(after) {
      const state = read();
      if (state === null || after > state.news.length) return null;
      return state.news
        .slice(after)
        .map((news, index) => ({ seq: after + index + 1, delta: JSON.stringify(trackingDelta(state, news)) }));
    },
  };
}

function trackingDelta(state: OrderState, news: News): TrackingDelta {
  switch (news.kind) {
    case 'status': {
      const { status, atMs } = news.step;
      return { status, at: toTimestamp(atMs), eta: etaView(state, status, null, atMs) };
    }
    case 'substitution':
      return { substitution: toSubstitutionView(state, news.substitution), at: toTimestamp(news.atMs) };
    case 'queue':
      return { queue: toQueueView(state, news.standing), at: toTimestamp(news.atMs) };
    case 'money':
      return { money: moneyView(state, news.money), at: toTimestamp(news.atMs) };
  }
}

function moneyView(state: OrderState, { status, totalMinor, refundedMinor, overweight }: MoneyStand): MoneyView {
  const { currency } = quoteOf(state);
  const money = { status, total: toWireMoney(totalMinor, currency), refunded: toWireMoney(refundedMinor, currency) };
  if (overweight === undefined) return money;
  const total = toWireMoney(overweight.totalMinor, currency);
  return { ...money, overweight: { status: overweight.status, total, expiresAt: toTimestamp(overweight.answerByMs) } };
}
