import * as v from 'valibot';
import { Timestamp } from '../wire.ts';
import { CommandId } from './frames.ts';

// A tablet without wifi goes on, and writes down what it does: its journal. Each command in it has a number of its own.

/** Made by the tablet, once for each journal: a journal that begins anew has a new one. */
const DeviceIdText = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{8,64}$/));
/** 1 for the first command of a journal, one more for each. */
const DeviceSeq = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
/** By the clock of the tablet, which may be wrong: kept as evidence, and nothing is decided by it. */
const DeviceTime = v.pipe(
  Timestamp,
  v.check(isMoment, 'Invalid time: a moment that there is, as 2027-01-31T08:00:00.000Z'),
);

/** Where a command stands in the journal of its tablet, and when it was done there. */
export const DeviceStamp = v.strictObject({ id: DeviceIdText, seq: DeviceSeq, at: DeviceTime });
export type DeviceStamp = v.InferOutput<typeof DeviceStamp>;

/** Asked after each reconnect: how far the store is in this journal. Changes nothing. */
export const DeviceQuestion = v.strictObject({
  t: v.literal('device'),
  id: CommandId,
  v: v.optional(v.number()),
  device: DeviceIdText,
  /** The tablet's clock, now. */
  at: DeviceTime,
});
export type DeviceQuestion = v.InferOutput<typeof DeviceQuestion>;

export interface DeviceAnswer {
  readonly device: string;
  /** The last command of this journal that was answered; 0 when the store knows none. */
  readonly seq: number;
  /** The store's clock. */
  readonly at: string;
  /** How far the tablet's clock is ahead of the store's; absent while it is near enough. */
  readonly clockOffsetMs?: number;
}

/** The 31st of February would be read as a day in March. */
function isMoment(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}
