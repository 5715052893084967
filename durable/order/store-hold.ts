import type { ProblemCode } from '../../contracts/problem.ts';
import type { HoldRefusal, HoldView, StoreRpc } from '../../contracts/rpc/store.ts';
import { candidateInTurn, cartHoldInTurn, quoteOf } from '../../domain/order/order.ts';
import type { OpenCall, OrderState } from '../../domain/order/order.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { OpId } from '../../domain/shared/ids.ts';
import type { Result } from '../../domain/shared/result.ts';
import { commandOf } from './order-calls.ts';

type Answer = Result<HoldView, HoldRefusal>;

/** What a promote is refused with when the cart's hold is no more: then the basket is held anew. */
const GONE: ReadonlySet<ProblemCode> = new Set(['HOLD_NOT_FOUND', 'HOLD_EXPIRED', 'HOLD_RELEASED', 'HOLD_ID_REUSED']);

/** Has the store in turn set the basket aside for the order: by taking over the cart's hold where there is one, else anew. */
export async function holdBasket(
  store: StoreRpc,
  state: OrderState,
  { opId }: OpenCall,
  traceparent: string | undefined,
): Promise<Answer> {
  const { orderId, customerId } = state.terms;
  const cartHoldId = cartHoldInTurn(state);
  if (cartHoldId !== null) {
    const command = commandOf(orderId, promoteOpId(opId), traceparent);
    const promoted = await store.promote({ ...command, holdId: cartHoldId, orderId, owner: customerId });
    if (!isGone(promoted)) return promoted;
  }
  // Before a store holds the basket, the candidate that is asked is the first one not passed over.
  const { holdId, lines } = candidateInTurn(state) ?? quoteOf(state);
  const basket = lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return store.hold({ ...commandOf(orderId, opId, traceparent), holdId, kind: 'order', orderId, lines: basket });
}

/** What became of `holdBasket`; `null` when it is to be done, from the beginning or from where it was cut. */
export async function findHold(store: StoreRpc, state: OrderState, { opId }: OpenCall): Promise<Answer | null> {
  const held = await store.find(opId);
  if (held !== null || cartHoldInTurn(state) === null) return held;
  const promoted = await store.find(promoteOpId(opId));
  return promoted === null || isGone(promoted) ? null : promoted;
}

function isGone(promoted: Answer): boolean {
  return !promoted.ok && GONE.has(promoted.error.code);
}

function promoteOpId(opId: OpId): OpId {
  return asOpId(`${opId}:promote`);
}
