import { createHash } from 'node:crypto';
import { actorId } from '../contracts/actor.ts';
import type { Caller } from '../contracts/actor.ts';
import { asHoldId, idFromBytes } from '../domain/shared/ids.ts';
import type { HoldId, StoreId } from '../domain/shared/ids.ts';

/** The same caller, store and key give the same hold, wherever the retry arrives; no other caller can come by its id. */
export function holdIdOf(actor: Caller, storeId: StoreId, key: string): HoldId {
  const named = `hold\n${actor.kind}\n${actorId(actor)}\n${storeId}\n${key}`;
  return asHoldId(idFromBytes('HoldId', createHash('sha256').update(named).digest().subarray(0, 16)));
}
