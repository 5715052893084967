import type { Hold, HoldStep } from '../../../domain/inventory/hold.ts';
import type { StoreBooks } from '../store-books.ts';
import { because } from '../ledger/stock-writer.ts';
import type { Cause, Hand } from '../ledger/stock-writer.ts';

/** Writes a decided step of one hold, set-wise: its movements, its channel's ring-fence and the hold. Inside a transaction. */
export function writeHoldStep(
  { stock, policies, holds }: StoreBooks,
  { hold, movements, fences }: HoldStep,
  cause: Cause,
  hand: Hand,
): void {
  stock.postTo(because(movements, causeOf(hold, cause)), hand);
  policies.moveFences([{ channel: hold.channel, fences }]);
  holds.save(hold, hand.atMs);
}

/** The cause of a hold's movements. */
export function causeOf({ holdId, orderId, channel }: Hold, cause: Cause): Cause {
  return orderId === null ? { ...cause, holdId, channel } : { ...cause, holdId, channel, orderId };
}
