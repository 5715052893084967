import * as v from 'valibot';
import { OpIdText } from '../wire.ts';
import type { EtaView } from '../http/tracking.ts';
import type { Refusal } from '../problem.ts';

/** The largest client frame in bytes. */
export const CLIENT_FRAME_BYTES_MAX = 16 * 1024;
export const PROTOCOL_VERSION = 1;

/**
 * What a server sends. `seq` counts the deltas of the target; a client that reconnects with `?after=<seq>` gets the missed deltas,
 * or a fresh snapshot when they are no longer kept. Positions, estimates, advice and pongs carry no seq of their own and may skip.
 */
export type ServerFrame<State, Delta> =
  | { readonly t: 'snapshot'; readonly v: number; readonly seq: number; readonly state: State }
  | { readonly t: 'delta'; readonly seq: number; readonly delta: Delta }
  | { readonly t: 'answer'; readonly id: string; readonly ok: true; readonly value: unknown }
  | { readonly t: 'answer'; readonly id: string; readonly ok: false; readonly problem: Refusal }
  | {
      readonly t: 'position';
      readonly lat: number;
      readonly lng: number;
      readonly at: string;
      readonly eta?: EtaView | null;
    }
  | { readonly t: 'eta'; readonly eta: EtaView | null }
  /** When this ends without a word, wait so long before the next: a crowd that was cut off at once must not come back at once. */
  | { readonly t: 'advice'; readonly retryAfterMs: number };

/** A ping is answered by the runtime without waking the object. */
export const PING = '{"t":"ping"}';
export const PONG = '{"t":"pong"}';

/** Every command carries an id made by the client, kept until it is answered: a second send of the same id gets the same answer. */
export const CommandId = OpIdText;
export const commandEntries = { t: v.literal('command'), id: CommandId };

/** Why a socket was closed by the server (4000-4999 is the application's range, RFC 6455 7.4.2). */
export const CLOSE_CODES = {
  BAD_FRAME: 4400,
  TICKET_INVALID: 4401,
  ACCESS_ENDED: 4403,
  REPLACED: 4409,
  TOO_SLOW: 4429,
} as const;
