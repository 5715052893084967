import type { Actor, Command } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { ConfirmJob, MoveJob, OfferJob } from '../../contracts/rpc/courier.ts';
import type { CourierId } from '../../domain/shared/ids.ts';

// Who may do what with a courier. An id is no capability: each command is judged by its actor. `undefined` means yes.

type Denied = Refusal<'FORBIDDEN'> | undefined;

/** A zone speaks for itself only. */
export function denyOffer({ actor, zoneId }: OfferJob): Denied {
  const itself = actor.kind === 'object' && actor.object === 'zone' && actor.id === zoneId;
  return itself ? undefined : refuse('FORBIDDEN', 'Only the zone itself makes its offers.');
}

/** An order speaks for itself only. */
export function denyOrder({ actor, orderId }: ConfirmJob | MoveJob): Denied {
  return isOrder(actor, orderId) ? undefined : refuse('FORBIDDEN', 'Only the order itself moves its job.');
}

/** A zone may take back what it proposed; what was accepted is the order's. */
export function denyMove(command: MoveJob): Denied {
  const { actor, step } = command;
  const zone = actor.kind === 'object' && actor.object === 'zone';
  return zone && step === 'withdrawn' ? undefined : denyOrder(command);
}

/** A courier speaks for itself only. */
export function denyOwn({ actor }: Command, courierId: CourierId): Denied {
  const own = actor.kind === 'courier' && actor.courierId === courierId;
  return own ? undefined : refuse('FORBIDDEN', 'Only the courier itself moves its deliveries.');
}

export function maySee(actor: Actor, courierId: CourierId): boolean {
  return actor.kind === 'operator' || (actor.kind === 'courier' && actor.courierId === courierId);
}

function isOrder(actor: Actor, orderId: string): boolean {
  return actor.kind === 'object' && actor.object === 'order' && actor.id === orderId;
}
