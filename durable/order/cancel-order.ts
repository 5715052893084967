import { refuse } from '../../contracts/problem.ts';
import type { CancelOrder, OrderRpc } from '../../contracts/rpc/order.ts';
import { cancel } from '../../domain/order/decide.ts';
import { err, ok } from '../../domain/shared/result.ts';
import { cancelsAs, maySee } from './order-access.ts';
import type { OrderParts } from './order-parts.ts';
import { toCancelRefusal } from './order-refusals.ts';
import { toOrderView } from './order-view.ts';

/** To whoever may not see the order it does not exist. */
export function cancelOrder(parts: OrderParts, command: CancelOrder): Awaited<ReturnType<OrderRpc['cancel']>> {
  const { actor, reason } = command;
  const { state: seen } = parts.book;
  if (seen === null || !maySee(seen, actor)) return err(refuse('NOT_FOUND', 'There is no such order for you.'));
  const as = cancelsAs(seen, actor);
  if (as === null) return err(refuse('FORBIDDEN', 'This is not yours to do.'));
  const cancelled = parts.tell('cancel', command, (state) => cancel(state, { as, reason }), toCancelRefusal);
  return cancelled.ok ? ok(toOrderView(parts.book.placed, actor)) : cancelled;
}
