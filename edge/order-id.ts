import { createHash } from 'node:crypto';
import { asOrderId, idFromBytes } from '../domain/shared/ids.ts';
import type { OrderId, UserId } from '../domain/shared/ids.ts';

/** The same customer and key give the same order, wherever in the world the retry arrives. */
export function orderIdOf(customerId: UserId, key: string): OrderId {
  const digest = createHash('sha256').update(`${customerId}\n${key}`).digest();
  return asOrderId(idFromBytes('OrderId', digest.subarray(0, 16)));
}
