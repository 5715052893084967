import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type {
  AnnounceReady,
  AnswerOffer,
  RequestCourier,
  UpdateCandidate,
  WithdrawRequest,
} from '../../contracts/rpc/zone.ts';

// Who may do what in a zone. An id is no capability: each command is judged by its actor. `undefined` means yes.

type Denied = Refusal<'FORBIDDEN'> | undefined;

/** An order speaks for itself only. */
export function denyOrder({ actor, orderId }: RequestCourier | AnnounceReady | WithdrawRequest): Denied {
  const itself = actor.kind === 'object' && actor.object === 'order' && actor.id === orderId;
  return itself ? undefined : refuse('FORBIDDEN', 'Only the order itself asks for its courier.');
}

/** A courier's object speaks for its courier only. */
export function denyCourier({ actor, courierId }: UpdateCandidate | AnswerOffer): Denied {
  const itself = actor.kind === 'object' && actor.object === 'courier' && actor.id === courierId;
  return itself ? undefined : refuse('FORBIDDEN', 'Only the courier itself speaks for the courier.');
}

export function denyOperation(actor: Actor): Denied {
  return actor.kind === 'operator' ? undefined : refuse('FORBIDDEN', 'Only operators see a zone.');
}
