import { createHash } from 'node:crypto';
import { RPC_VERSION } from '../../contracts/actor.ts';
import type { CartHoldRef } from '../../contracts/rpc/customer.ts';
import type { ReleaseHold } from '../../contracts/rpc/store.ts';
import type { CartHold } from '../../domain/cart/cart.ts';
import { asHoldId, asOpId, idFromBytes } from '../../domain/shared/ids.ts';
import type { UserId } from '../../domain/shared/ids.ts';

/** The same goods of the same cart have the same hold, whoever asks for it and however often; no other customer can come by its id. */
export function cartHoldRef(customerId: UserId, { storeId, holdNo }: CartHold): CartHoldRef {
  const named = `cart\n${customerId}\n${storeId}\n${holdNo}`;
  const digest = createHash('sha256').update(named).digest();
  return { storeId, holdId: asHoldId(idFromBytes('HoldId', digest.subarray(0, 16))) };
}

/** The one command that gives a cart's hold back: sent twice, by the outbox and by whoever cannot wait, it counts once. */
export function releaseOf(customerId: UserId, { holdId }: CartHoldRef): ReleaseHold {
  return {
    v: RPC_VERSION,
    actor: { kind: 'customer', userId: customerId },
    opId: asOpId(`cart:${holdId}:release`),
    holdId,
    reason: 'CART_CHANGED',
  };
}
