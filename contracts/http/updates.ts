import * as v from 'valibot';
import { Count } from '../wire.ts';
import { TrackingFrame } from '../ws/tracking.ts';

const Seq = v.pipe(v.string(), v.regex(/^\d{1,15}$/));

export const EventsQuery = v.strictObject({ after: v.optional(Seq) });

export const UpdatesQuery = v.strictObject({
  /** The last `seq` you have; absent for none. */
  after: v.optional(Seq),
  /** How long to wait for news, at most 25,000; 20,000 when absent. */
  waitMs: v.optional(v.pipe(v.string(), v.regex(/^\d{1,5}$/))),
});

/** What came after the number that was asked about; empty when nothing did in time. */
export const UpdatesView = v.strictObject({
  frames: v.array(TrackingFrame),
  /** Ask for what comes after this. */
  seq: Count,
  /** Ask again after so many milliseconds. */
  retryAfterMs: Count,
});
export type UpdatesView = v.InferOutput<typeof UpdatesView>;
