import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Command } from '../../contracts/actor.ts';

/**
 * For messages that must arrive: a sender that was deployed before this receiver keeps what is not understood yet and sends it
 * again, which a refusal would end. This version and the one before are understood.
 */
export function requireVersion({ v }: Command): void {
  if (v === RPC_VERSION || v === RPC_VERSION - 1) return;
  throw new Error(`version ${v} of this call is not understood here yet`);
}
