import type { Actor } from '../../contracts/actor.ts';
import { toTotalsView } from '../../contracts/http/totals.ts';
import type { OrderView } from '../../contracts/http/orders.ts';
import { toTimestamp, toWireMoney } from '../../contracts/wire.ts';
import { statusAliases } from '../../domain/order/aliases.ts';
import { paymentStatus } from '../../domain/order/money-stand.ts';
import { placedAtMs, promisedAtMs, quoteOf, servingStore } from '../../domain/order/order.ts';
import type { OrderLine, OrderState, PickedLine, StatusStep } from '../../domain/order/order.ts';
import { isOver } from '../../domain/order/stage.ts';
import { byWeight, chargedGrams, findWeight } from '../../domain/pricing/catch-weight.ts';
import type { Weighed } from '../../domain/pricing/catch-weight.ts';
import { standingOf } from '../../domain/order/waiting.ts';
import { toQueueView } from './queue-view.ts';
import { toCustodyView } from './custody-view.ts';
import { toSubstitutionView } from './substitution-view.ts';

type LineView = OrderView['lines'][number];

/** The order as this actor may see it. */
export function toOrderView(state: OrderState, actor: Actor): OrderView {
  const quote = quoteOf(state);
  const { packed, cancellation } = state;
  const queue = toQueueView(state, standingOf(state));
  return {
    id: state.terms.orderId,
    number: state.terms.number,
    status: state.status,
    aliases: statusAliases(state.status, state.storeAccepted),
    storeId: servingStore(state)?.storeId ?? null,
    placedAt: toTimestamp(placedAtMs(state)),
    promisedAt: toTimestamp(promisedAtMs(state)),
    lines: quote.lines.map((line, lineNo) =>
      toLineView(line, packed?.picked[lineNo], packed?.overweight?.status === 'APPROVED', quote.currency),
    ),
    substitutions: state.substitutions.map((substitution) => toSubstitutionView(state, substitution)),
    totals: toTotalsView(packed?.charge ?? quote, quote.currency),
    ...(packed === null &&
      quote.ceilingMinor !== undefined && { upTo: toWireMoney(quote.ceilingMinor, quote.currency) }),
    payment: paymentView(state),
    ...(queue !== null && { queue }),
    history: state.news.flatMap((news, index) => (news.kind === 'status' ? [historyStep(news.step, index + 1)] : [])),
    ...(actor.kind === 'customer' && !isOver(state.status) ? { deliveryCode: state.terms.deliveryCode } : {}),
    ...(actor.kind === 'operator' ? { custody: toCustodyView(state.custody) } : {}),
    ...(cancellation === null ? {} : { cancelReason: cancellation.reason }),
  };
}

function toLineView(line: OrderLine, picked: PickedLine | undefined, isWholePaid: boolean, currency: string): LineView {
  const { sku, name, quantity, unitPriceMinor, discountMinor = 0, weighed } = line;
  const units = picked?.quantity ?? quantity;
  const weight = weighed === undefined ? undefined : { ...weighed, ...weightOf(weighed, picked, isWholePaid) };
  const totalMinor =
    weight?.chargedGrams === undefined
      ? unitPriceMinor * units
      : byWeight(unitPriceMinor, weight.nominalGrams, weight.chargedGrams);
  return {
    sku,
    name,
    quantity,
    pickedQuantity: picked?.quantity ?? null,
    unitPrice: toWireMoney(unitPriceMinor, currency),
    total: toWireMoney(totalMinor, currency),
    discount: toWireMoney(discountMinor, currency),
    ...(weight !== undefined && { weighed: weight }),
  };
}

function weightOf(
  weighed: Weighed,
  picked: PickedLine | undefined,
  isWholePaid: boolean,
): Partial<NonNullable<LineView['weighed']>> {
  if (picked?.grams === undefined) return {};
  const { quantity, grams } = picked;
  return {
    grams,
    chargedGrams: isWholePaid ? grams : chargedGrams(weighed, quantity, grams),
    finding: findWeight(weighed, quantity, grams),
  };
}

function historyStep({ status, atMs, by, reason }: StatusStep, seq: number): OrderView['history'][number] {
  const step = { seq, status, at: toTimestamp(atMs), by: `${by.kind}:${by.id}` };
  return reason === undefined ? step : { ...step, reason };
}

function paymentView(state: OrderState): OrderView['payment'] {
  const { payment, stock, status, terms } = state;
  const view = { method: terms.method, status: paymentStatus(state) } as const;
  const waits = status === 'PENDING' && stock.at === 'HELD' && view.status === 'PENDING';
  if (!waits) return view;
  const action = (payment.at === 'PENDING' ? payment.action : undefined) ?? { kind: 'WAIT_FOR_PROVIDER' };
  return { ...view, action: { ...action, until: toTimestamp(stock.expiresAtMs) } };
}
