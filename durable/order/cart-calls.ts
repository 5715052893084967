import type { Command } from '../../contracts/actor.ts';
import type { DurableCall } from '../../contracts/rpc/durable-call.ts';
import { hasReached, takenOver } from '../../domain/order/order.ts';
import type { OrderEvent, OrderState } from '../../domain/order/order.ts';

/** Tells the customer's object how the order of a cart came out: confirmed, or ended before it was. */
export function settleCart(before: OrderState, event: OrderEvent, command: Command): readonly DurableCall[] {
  const { terms } = before;
  if (terms.cart === undefined) return [];
  const isConfirmed = event.type === 'order.confirmed';
  const hasFailed = event.type === 'order.cancelled' && !hasReached(before, 'CONFIRMED');
  if (!isConfirmed && !hasFailed) return [];
  const outcome = isConfirmed ? 'CONFIRMED' : 'FAILED';
  const tookHold = takenOver(before) === terms.cart.hold?.holdId && terms.cart.hold !== null;
  const settle = { ...command, orderId: terms.orderId, outcome, tookHold } as const;
  return [{ to: 'customer', id: terms.customerId, method: 'settleCheckout', command: settle }];
}
