import * as v from 'valibot';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { Envelope } from './envelope.ts';
import type { KnownEvent } from './envelope.ts';

type DataSchema = v.GenericSchema<Record<string, unknown>>;
type Schemas = { readonly [type: string]: DataSchema };

/** A topic as a typed value: the only place where its name, partitions and event types are written. */
export interface Topic<S extends Schemas = Schemas> {
  readonly name: string;
  /** Fixed with the topic: changing it in place would move keys to other partitions. */
  readonly partitions: number;
  /** Days the log keeps a record; `null` is for ever. */
  readonly retentionDays: number | null;
  readonly schemas: S;
}

export type EventType<T extends Topic> = keyof T['schemas'] & string;
export type EventData<T extends Topic, Type extends EventType<T>> = v.InferOutput<T['schemas'][Type]>;
export type EventOf<T extends Topic> = { [Type in EventType<T>]: KnownEvent<Type, EventData<T, Type>> }[EventType<T>];

export function defineTopic<const S extends Schemas>(topic: Topic<S>): Topic<S> {
  return topic;
}

/** `<type>/<version of the topic>`: what `dataschema` says. */
export function dataSchemaOf(topic: Topic, type: string): string {
  return `${type}/${topic.name.slice(topic.name.lastIndexOf('.v') + 2)}`;
}

export type ParseEventError =
  | { readonly code: 'NOT_JSON' }
  | { readonly code: 'BAD_ENVELOPE'; readonly issue: string }
  | { readonly code: 'UNKNOWN_TYPE'; readonly type: string }
  | { readonly code: 'BAD_DATA'; readonly type: string; readonly issue: string };

/** Reads one record's value as an event of this topic. Never throws: a bad record is a value to be parked. */
export function parseEvent<T extends Topic>(topic: T, text: string): Result<EventOf<T>, ParseEventError> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return err({ code: 'NOT_JSON' });
  }
  const envelope = v.safeParse(Envelope, raw);
  if (!envelope.success) return err({ code: 'BAD_ENVELOPE', issue: envelope.issues[0].message });
  const type = envelope.output.type;
  const schema = Object.hasOwn(topic.schemas, type) ? topic.schemas[type] : undefined;
  if (schema === undefined) return err({ code: 'UNKNOWN_TYPE', type });
  const data = v.safeParse(schema, envelope.output.data);
  if (!data.success) return err({ code: 'BAD_DATA', type, issue: data.issues[0].message });
  // The schema that parsed the data is the one that this type names.
  return ok({ ...envelope.output, data: data.output });
}
