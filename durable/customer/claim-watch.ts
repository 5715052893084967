import type { OrderRpc } from '../../contracts/rpc/order.ts';
import type { CheckoutEnd } from '../../domain/cart/checkout.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { within } from '../../integrations/within.ts';
import type { ObjectKit } from '../kit/object-kit.ts';
import { CLAIM_DEADLINE, CLAIM_LOOK_MS, settleCheckout } from './checkout-commands.ts';
import type { CustomerBooks } from './customer-books.ts';

/** An order answers within milliseconds; one that is silent for so long is asked again. */
const ORDER_TIMEOUT_MS = 10_000;

/**
 * Asks the order of an open checkout what became of it: its word may be on its way, or it never came into being, and then the cart must
 * not be locked for ever. Throws when the order cannot be asked; the deadline comes back.
 */
export async function lookAfterClaim(
  kit: Pick<ObjectKit, 'commit'>,
  books: CustomerBooks,
  orderAt: (orderId: OrderId) => Pick<OrderRpc, 'view'>,
  orderId: OrderId,
): Promise<void> {
  if (books.checkouts.find(orderId)?.status !== 'OPEN') return;
  const asked = orderAt(orderId).view({ kind: 'customer', userId: books.customerId });
  const seen = await within(ORDER_TIMEOUT_MS, `order ${orderId}`, asked);
  const outcome = seen.ok ? outcomeAt(seen.value.status) : 'LAPSED';
  kit.commit(() => {
    const nowMs = Date.now();
    if (outcome === null) books.deadlines.set(CLAIM_DEADLINE, orderId, nowMs + CLAIM_LOOK_MS);
    else settleCheckout(books, orderId, { outcome, tookHold: false }, nowMs);
  });
}

/** What a status says about the checkout; `null` while the order is still being placed. */
function outcomeAt(status: OrderStatus): CheckoutEnd['outcome'] | null {
  if (status === 'PENDING') return null;
  return status === 'CANCELLED' || status === 'REFUNDED' ? 'FAILED' : 'CONFIRMED';
}
