import * as v from 'valibot';
import { Timestamp } from '../wire.ts';

/** The largest event in bytes of JSON; a broker's default message limit is 1 MiB. */
export const EVENT_BYTES_MAX = 256 * 1024;

/**
 * CloudEvents 1.0 names. `id` is `<topic>/<subject>/<sequence>`; `sequence` is contiguous from 1 per topic and subject.
 * Ids only, nothing personal: a log cannot forget.
 */
export const Envelope = v.object({
  specversion: v.literal('1.0'),
  id: v.pipe(v.string(), v.maxLength(300)),
  source: v.pipe(v.string(), v.maxLength(120)),
  type: v.pipe(v.string(), v.maxLength(80)),
  subject: v.pipe(v.string(), v.maxLength(120)),
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  time: Timestamp,
  dataschema: v.pipe(v.string(), v.maxLength(120)),
  traceparent: v.optional(v.pipe(v.string(), v.maxLength(60))),
  data: v.record(v.string(), v.unknown()),
});
export type Envelope = v.InferOutput<typeof Envelope>;

/** An event of a known type: the envelope with its parsed data. */
export interface KnownEvent<Type extends string, Data> extends Omit<Envelope, 'type' | 'data'> {
  readonly type: Type;
  readonly data: Data;
}
