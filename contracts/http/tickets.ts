import * as v from 'valibot';
import { Timestamp } from '../wire.ts';

/** A signed permission to open one socket, once, within seconds. */
export const TicketView = v.strictObject({
  ticket: v.string(),
  expiresAt: Timestamp,
  /** Path of the socket; add `?ticket=` and, to resume, `&after=<seq>`. */
  path: v.string(),
});
export type TicketView = v.InferOutput<typeof TicketView>;

export const LiveQuery = v.strictObject({
  ticket: v.pipe(v.string(), v.minLength(1), v.maxLength(2048)),
  /** The last sequence number the client has. */
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/))),
});
