import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { OrderId, UserId } from '../../domain/shared/ids.ts';

// Who may do what with a customer's cart and wallet. An id is no capability: each command is judged by its actor. `undefined`
// means yes.

type Denied = Refusal<'FORBIDDEN'> | undefined;

/** The cart and the balance are the customer's own. */
export function denyOthers(actor: Actor, customerId: UserId): Denied {
  const itself = actor.kind === 'customer' && actor.userId === customerId;
  return itself ? undefined : refuse('FORBIDDEN', 'This is another customer’s.');
}

/** Money moves for an order when the order itself says so. */
export function denyOtherOrders(actor: Actor, orderId: OrderId): Denied {
  const itself = actor.kind === 'object' && actor.object === 'order' && actor.id === orderId;
  return itself ? undefined : refuse('FORBIDDEN', 'Only the order itself says so.');
}

/** Money from outside: operators put it in, orders give it back. */
export function denyCredit(actor: Actor): Denied {
  if (actor.kind === 'operator' || (actor.kind === 'object' && actor.object === 'order')) return undefined;
  return refuse('FORBIDDEN', 'Only operators put money into a wallet.');
}
