import * as v from 'valibot';
import { Envelope } from '../../contracts/events/envelope.ts';
import { parseEvent, type ParseEventError, type Topic } from '../../contracts/events/topic.ts';
import type { LogRecord } from './log-port.ts';
import type { AnyEventOf } from './topology.ts';

/** A record with what could be made of it. Even a bad one may name its subject. */
export type ParsedRecord<T extends Topic> = ParsedEvent<T> | BadRecord;

export interface ParsedEvent<T extends Topic> {
  readonly record: LogRecord;
  readonly subject: string;
  readonly sequence: number;
  readonly event: AnyEventOf<T>;
}

export interface BadRecord {
  readonly record: LogRecord;
  /** Null where not even the envelope could be read. */
  readonly subject: string | null;
  readonly sequence: number | null;
  readonly fault: { readonly code: FaultCode; readonly detail: string };
}

type FaultCode = ParseEventError['code'] | 'NO_VALUE' | 'NOT_UTF8';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

export function parseRecord<T extends Topic>(topic: T, record: LogRecord): ParsedRecord<T> {
  if (record.value === null) return anonymous(record, 'NO_VALUE', 'the record is a tombstone');
  let text: string;
  try {
    text = decoder.decode(record.value);
  } catch {
    return anonymous(record, 'NOT_UTF8', 'the value is not UTF-8 text');
  }
  const parsed = parseEvent(topic, text);
  if (!parsed.ok) return badRecord(record, parsed.error, text);
  const { subject, sequence } = parsed.value;
  if (!fitsText(subject)) return anonymous(record, 'BAD_ENVELOPE', 'the subject is not text that a database can hold');
  // The one topic that parsed it is a member of T.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { record, subject, sequence, event: parsed.value as AnyEventOf<T> };
}

function badRecord(record: LogRecord, error: ParseEventError, text: string): BadRecord {
  switch (error.code) {
    case 'NOT_JSON':
      return anonymous(record, error.code, 'the value is not JSON');
    case 'BAD_ENVELOPE':
      return anonymous(record, error.code, error.issue);
    case 'UNKNOWN_TYPE':
      return named(record, { code: error.code, detail: `this version knows no ${error.type}` }, text);
    case 'BAD_DATA':
      return named(record, { code: error.code, detail: `${error.type}: ${error.issue}` }, text);
  }
}

function anonymous(record: LogRecord, code: FaultCode, detail: string): BadRecord {
  return { record, subject: null, sequence: null, fault: { code, detail } };
}

/** The envelope was fine, so it can be read a second time; this is the rare path. */
function named(record: LogRecord, fault: BadRecord['fault'], text: string): BadRecord {
  const { subject, sequence } = v.parse(Envelope, JSON.parse(text));
  if (!fitsText(subject)) return anonymous(record, fault.code, fault.detail);
  return { record, subject, sequence, fault };
}

/** JSON can say what PostgreSQL's text cannot hold: NUL, and half a surrogate pair. */
function fitsText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
