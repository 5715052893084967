import type { OrderState } from '../../domain/order/order.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { bookedIn, orderIn, shelfIn, unsentIn } from '../world/books.ts';
import type { Booked, Shelf } from '../world/books.ts';
import { SKUS, STORES } from '../world/shelves.ts';
import type { Opening } from '../world/shelves.ts';
import type { World } from '../world/world.ts';

/** Where an order has come to, and everything that is wrong with it, each in one sentence. */
export interface End {
  readonly status: OrderStatus | 'none';
  readonly wrong: readonly string[];
  /** From the last thing that went wrong to the end. */
  readonly tookMs: number;
}

/** Delivered and paid for as delivered, or taken back with nothing held and nothing charged: anything else is no end. */
export function endOf(world: World, orderId: OrderId, { units }: Opening, isAnswered: boolean): End {
  const order = orderIn(world, orderId);
  if (order === null) return { status: 'none', wrong: ['the order was never placed'], tookMs: 0 };
  const booked = bookedIn(world, orderId);
  const shelves = STORES.map((storeId) => shelfIn(world, storeId));
  const wrong = [
    ...(isAnswered ? [] : ['whoever placed it has no answer']),
    ...wrongOrder(order),
    ...wrongBooks(booked),
    ...(order.status === 'CLOSED' ? wrongDelivery(order, booked, shelves) : wrongUndoing(booked, shelves, units)),
    ...(unsentIn(world, 'order') > 0 ? ['messages of the order wait for ever'] : []),
  ];
  return { status: order.status, wrong, tookMs: 0 };
}

const ENDS: readonly OrderStatus[] = ['CLOSED', 'CANCELLED', 'REFUNDED'];

function wrongOrder({ status, call, stuck, payment }: OrderState): string[] {
  return [
    ...(ENDS.includes(status) ? [] : [`it is ${status} and goes no further`]),
    ...(call === null ? [] : [`its ${call.step} is open${stuck === null ? ', and nobody is told' : ''}`]),
    ...(payment.at === 'IN_DOUBT' || payment.at === 'PENDING' ? [`its payment is ${payment.at}`] : []),
  ];
}

function wrongBooks({ approved }: Booked): string[] {
  return [
    ...(approved.authorize > 1 ? [`${approved.authorize} authorizations`] : []),
    ...(approved.capture > 1 ? [`${approved.capture} captures`] : []),
  ];
}

function wrongDelivery({ packed }: OrderState, { charge }: Booked, shelves: readonly Shelf[]): string[] {
  const dueMinor = packed?.finalMinor ?? 0;
  const takenMinor = (charge?.capturedMinor ?? 0) - (charge?.refundedMinor ?? 0);
  const inBags = (packed?.picked ?? []).reduce((units, { quantity }) => units + quantity, 0);
  const sold = sum(shelves, 'sold');
  return [
    ...(takenMinor === dueMinor ? [] : [`the provider took ${takenMinor} for what is worth ${dueMinor}`]),
    ...(sold === inBags ? [] : [`${sold} units left the stores, ${inBags} are in the bags`]),
    ...stillBound(shelves),
  ];
}

function wrongUndoing({ charge }: Booked, shelves: readonly Shelf[], units: number): string[] {
  const bound = charge !== null && (charge.status === 'AUTHORIZED' || charge.status === 'PENDING');
  const keptMinor = (charge?.capturedMinor ?? 0) - (charge?.refundedMinor ?? 0);
  const opened = units * SKUS.length * shelves.length;
  // Bags that were handed over before the store heard of the cancelling come back as a receipt.
  const available = sum(shelves, 'available') + sum(shelves, 'sold');
  return [
    ...(bound ? [`${charge.authorizedMinor} are ${charge.status} at the provider for nothing`] : []),
    ...(keptMinor === 0 ? [] : [`the provider took ${keptMinor} for nothing`]),
    ...stillBound(shelves),
    ...(available === opened ? [] : [`${opened - available} units are neither on sale nor with a courier`]),
  ];
}

function stillBound(shelves: readonly Shelf[]): string[] {
  return (['held', 'allocated', 'picked'] as const).flatMap((where) => {
    const units = sum(shelves, where);
    return units === 0 ? [] : [`${units} units are ${where} for nothing`];
  });
}

function sum(shelves: readonly Shelf[], where: keyof Shelf): number {
  return shelves.reduce((total, shelf) => total + shelf[where], 0);
}
