import type { OrderState } from '../../domain/order/order.ts';
import { hasReached, servingStore } from '../../domain/order/order.ts';
import { asOrderId } from '../../domain/shared/ids.ts';
import { bookedIn, orderIn, shelfIn, unsentIn } from '../world/books.ts';
import { SKUS, STORES } from '../world/shelves.ts';
import type { Opening } from '../world/shelves.ts';
import type { World } from '../world/world.ts';
import type { Told } from './crowd.ts';

interface Judged {
  readonly confirmed: number;
  /** What is wrong, each in one sentence. */
  readonly broken: readonly string[];
}

/** Holds what people were told, what the orders know, the provider's books and the shelves against each other. */
export function judge(world: World, { units }: Opening, told: readonly Told[]): Judged {
  const orders = world.all('order').flatMap(({ id }) => {
    const order = orderIn(world, asOrderId(id));
    return order === null ? [] : [order];
  });
  const confirmed = orders.filter((order) => hasReached(order, 'CONFIRMED'));
  const broken = [
    ...wrongAnswers(told),
    ...lostOrders(told, orders),
    ...doubleIntentions(told, confirmed),
    ...doubleCarts(confirmed),
    ...orders.flatMap((order) => wrongMoney(world, order)),
    ...STORES.flatMap((storeId) => wrongShelf(world, storeId, orders, units)),
    ...(unsentIn(world, 'order') + unsentIn(world, 'customer') > 0 ? ['messages wait for ever'] : []),
  ];
  return { confirmed: confirmed.length, broken };
}

/** The same key and body are told the same, to the byte; another body under the key is told that it is another one. */
function wrongAnswers(told: readonly Told[]): string[] {
  return [...byKey(told, ({ orderId }) => orderId)].flatMap(([orderId, answers]) => {
    const own = answers.filter(({ answer }) => answer.ok || answer.error.code !== 'IDEMPOTENCY_KEY_REUSED');
    const said = new Set(own.map(({ answer }) => JSON.stringify(answer.ok ? answer.value.order : answer.error)));
    const bodies = new Set(own.map(({ digest }) => digest));
    return [
      ...(said.size > 1 ? [`${orderId} was answered in ${said.size} ways: ${[...said].join(' | ')}`] : []),
      ...(bodies.size > 1 ? [`${orderId} was placed with ${bodies.size} bodies`] : []),
    ];
  });
}

function lostOrders(told: readonly Told[], orders: readonly OrderState[]): string[] {
  const known = new Set(orders.map(({ terms }) => terms.orderId));
  return told.flatMap(({ orderId, answer }) =>
    answer.ok && (answer.value.order.id !== orderId || !known.has(orderId))
      ? [`${orderId} was acknowledged and is not there`]
      : [],
  );
}

/** What was wanted once was ordered at most once. */
function doubleIntentions(told: readonly Told[], confirmed: readonly OrderState[]): string[] {
  const ids = new Set(confirmed.map(({ terms }) => terms.orderId));
  return [...byKey(told, ({ intention }) => intention)].flatMap(([{ customerId, key }, answers]) => {
    const made = new Set(answers.map(({ orderId }) => orderId).filter((id) => ids.has(id)));
    return made.size > 1 ? [`what ${customerId} wanted once as ${key} became ${made.size} orders`] : [];
  });
}

function doubleCarts(confirmed: readonly OrderState[]): string[] {
  const ofCarts = confirmed.filter(({ terms }) => terms.cart !== undefined);
  const carts = byKey(ofCarts, ({ terms }) => `${terms.customerId}, version ${terms.cart?.version}`);
  return [...carts].flatMap(([cart, made]) =>
    made.length > 1 ? [`the cart of ${cart} became ${made.length} orders`] : [],
  );
}

/** One authorization, at most one capture; and nothing of either for an order that ended otherwise. */
function wrongMoney(world: World, order: OrderState): string[] {
  const { status, call, payment, terms, packed } = order;
  const { charge, approved } = bookedIn(world, terms.orderId);
  const ended = status === 'CANCELLED' || status === 'REFUNDED';
  const stands = status === 'ASSIGNED_TO_STORE' || status === 'PICKING' || status === 'PACKED';
  const isBound = charge?.status === 'AUTHORIZED' || charge?.status === 'PENDING';
  const takenMinor = (charge?.capturedMinor ?? 0) - (charge?.refundedMinor ?? 0);
  function said(what: string): string {
    return `${terms.orderId} (${status}): ${what}`;
  }
  return [
    ...(approved.authorize > 1 ? [said(`${approved.authorize} authorizations`)] : []),
    ...(approved.capture > 1 ? [said(`${approved.capture} captures`)] : []),
    ...(ended || stands ? [] : [said('goes no further')]),
    ...(call === null ? [] : [said(`its ${call.step} is open`)]),
    ...(ended && (isBound || takenMinor !== 0) ? [said(`the provider still has ${charge?.status} ${takenMinor}`)] : []),
    ...(stands && packed === null && charge?.status !== 'AUTHORIZED' ? [said(`its charge is ${charge?.status}`)] : []),
    ...(stands && packed !== null && takenMinor !== packed.finalMinor ? [said(`the provider took ${takenMinor}`)] : []),
    ...(stands && payment.at !== 'AUTHORIZED' && payment.at !== 'CAPTURED'
      ? [said(`its payment is ${payment.at}`)]
      : []),
  ];
}

/** What the standing orders have is what the shelves gave: no unit twice, none for nobody. */
function wrongShelf(world: World, storeId: string, orders: readonly OrderState[], units: number): string[] {
  const { available, held, allocated, picked } = shelfIn(world, storeId);
  const standing = orders.filter(
    ({ status, stock }) => status !== 'CANCELLED' && status !== 'REFUNDED' && stock.at === 'ALLOCATED',
  );
  const owed = standing
    .filter((order) => servingStore(order)?.storeId === storeId)
    .flatMap((order) => servingStore(order)?.lines ?? [])
    .reduce((sum, { quantity }) => sum + quantity, 0);
  function said(what: string): string {
    return `${storeId}: ${what}`;
  }
  return [
    ...(held === 0 ? [] : [said(`${held} units are held for nobody`)]),
    ...(allocated + picked === owed ? [] : [said(`${owed} units are owed, ${allocated + picked} are set aside`)]),
    ...(available + allocated + picked + held === units * SKUS.length ? [] : [said('units are lost')]),
  ];
}

function byKey<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
