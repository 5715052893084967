import type { Actor } from '../actor.ts';
import { readOwnJson } from '../own-json.ts';

/**
 * Headers that the edge sets on the request it builds for an object's socket, after it verified the ticket.
 * A client's own headers are never passed on, so these cannot be forged.
 */
export const UPGRADE_HEADERS = {
  /** The actor as JSON. */
  actor: 'x-kirana-actor',
  /** The ticket's id: burned in the object, so that a ticket opens one socket. */
  ticketId: 'x-kirana-ticket-id',
  /** When the ticket ends, ms since the epoch. */
  ticketExpiresAt: 'x-kirana-ticket-expires-at-ms',
  /** The last sequence number the client has; absent for none. */
  after: 'x-kirana-after',
} as const;

export interface UpgradeTicket {
  readonly actor: Actor;
  readonly ticketId: string;
  readonly ticketExpiresAtMs: number;
  readonly after: number | null;
}

export function writeUpgrade(headers: { set(name: string, value: string): void }, ticket: UpgradeTicket): void {
  headers.set(UPGRADE_HEADERS.actor, JSON.stringify(ticket.actor));
  headers.set(UPGRADE_HEADERS.ticketId, ticket.ticketId);
  headers.set(UPGRADE_HEADERS.ticketExpiresAt, String(ticket.ticketExpiresAtMs));
  if (ticket.after !== null) headers.set(UPGRADE_HEADERS.after, String(ticket.after));
}

/** `null` when the request did not come from the edge's upgrade. */
export function readUpgrade(headers: { get(name: string): string | null }): UpgradeTicket | null {
  const actor = headers.get(UPGRADE_HEADERS.actor);
  const ticketId = headers.get(UPGRADE_HEADERS.ticketId);
  const expires = Number(headers.get(UPGRADE_HEADERS.ticketExpiresAt));
  const after = headers.get(UPGRADE_HEADERS.after);
  if (actor === null || ticketId === null || !Number.isSafeInteger(expires)) return null;
  return {
    actor: readOwnJson<Actor>(actor),
    ticketId,
    ticketExpiresAtMs: expires,
    after: after === null || !/^\d{1,15}$/.test(after) ? null : Number(after),
  };
}
