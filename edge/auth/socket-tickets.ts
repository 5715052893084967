import * as v from 'valibot';
import type { SignedInActor } from '../../contracts/rpc/session.ts';
import { encodeBase32 } from '../../domain/shared/base32.ts';
import { readActor, writeActor } from './actor-claims.ts';
import type { SigningKeys, TokenKind } from './signing-keys.ts';

const TICKET: TokenKind = { typ: 'kirana-ticket+jwt', audience: 'kirana-socket' };
/** Enough for a slow phone to open its socket; too short to be worth stealing from a log of addresses. */
export const TICKET_TTL_S = 30;

/** Which object's socket a ticket opens. */
export interface SocketTarget {
  readonly object: 'order' | 'store' | 'courier';
  readonly id: string;
}

export interface Ticket {
  readonly actor: SignedInActor;
  readonly target: SocketTarget;
  /** Burned in the object: a ticket opens one socket. */
  readonly ticketId: string;
  readonly expiresAtMs: number;
}

const TicketClaims = v.object({
  jti: v.pipe(v.string(), v.length(26)),
  object: v.picklist(['order', 'store', 'courier']),
  id: v.string(),
});

export function issueTicket(
  keys: SigningKeys,
  actor: SignedInActor,
  target: SocketTarget,
  nowMs: number,
  random: Uint8Array,
): Promise<string> {
  const claims = { ...writeActor(actor), object: target.object, id: target.id, jti: encodeBase32(random) };
  return keys.sign(TICKET, claims, nowMs, TICKET_TTL_S);
}

/** The ticket, if it is ours and still good; else `null`. The caller compares its target with the socket asked for. */
export async function readTicket(keys: SigningKeys, text: string, nowMs: number): Promise<Ticket | null> {
  const signed = await keys.verify(TICKET, text, nowMs);
  if (!signed.ok) return null;
  const claims = v.safeParse(TicketClaims, signed.value.claims);
  const actor = readActor(signed.value.claims);
  if (!claims.success || actor === null) return null;
  const { jti: ticketId, object, id } = claims.output;
  return { actor, target: { object, id }, ticketId, expiresAtMs: signed.value.expiresAtMs };
}
