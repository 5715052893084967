import type { Actor } from '../../contracts/actor.ts';
import { servingStore } from '../../domain/order/order.ts';
import type { OrderState } from '../../domain/order/order.ts';
import { isOver } from '../../domain/order/stage.ts';

/**
 * Who may see an order: its customer, the staff of the store that serves it, the courier until it is delivered, operators. To anyone
 * else it does not exist: an id is no capability.
 */
export function maySee(state: OrderState, actor: Actor): boolean {
  switch (actor.kind) {
    case 'customer':
      return actor.userId === state.terms.customerId;
    case 'staff':
      return actor.storeId === servingStore(state)?.storeId;
    case 'courier':
      return state.courier.at === 'ACCEPTED' && actor.courierId === state.courier.courierId && !isOver(state.status);
    case 'operator':
      return true;
    case 'object':
    case 'channel':
      return false;
  }
}

/** The capacity in which an actor cancels; `null` for those who may not. */
export function cancelsAs(state: OrderState, actor: Actor): 'customer' | 'operator' | null {
  if (actor.kind === 'operator') return 'operator';
  return actor.kind === 'customer' && maySee(state, actor) ? 'customer' : null;
}

/** Whether this is the object of the store that serves the order. */
export function isServingStore(state: OrderState, actor: Actor): boolean {
  return actor.kind === 'object' && actor.object === 'store' && actor.id === servingStore(state)?.storeId;
}

/** Whether it is the object of a store that serves the order, or did before it sent the order back. */
export function isAskedStore(state: OrderState, actor: Actor): boolean {
  if (actor.kind !== 'object' || actor.object !== 'store') return false;
  const asked = state.terms.candidates.slice(0, state.passedOver.length + (state.stock.at === 'NONE' ? 0 : 1));
  return asked.some(({ storeId }) => storeId === actor.id);
}

/** Whether this is the object of the courier: it has the offers and the jobs, so a courier acts on an order through it alone. */
export function isCourierObject(actor: Actor, courierId: string): boolean {
  return actor.kind === 'object' && actor.object === 'courier' && actor.id === courierId;
}
