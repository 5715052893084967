import type { DeadLetterRow } from '../../db/queries/consumer-progress.ts';
import type { LogRecord } from './log-port.ts';
import type { StepRefusal } from './topology.ts';

/** What a group knows of a subject when its next record comes. */
export interface SubjectStanding {
  /** Last sequence seen; undefined where none was. */
  readonly seen: number | undefined;
  /** An earlier record of it waits for a person. */
  readonly parked: boolean;
  /** The topic is kept for ever, so the first event of a subject must have sequence 1. */
  readonly wholeHistory: boolean;
}

/** Why the record with this sequence may not be stepped, whatever is in it; undefined when it may. */
export function parkedBecause(
  sequence: number,
  { seen, parked, wholeHistory }: SubjectStanding,
): StepRefusal | undefined {
  if (parked) return { code: 'SUBJECT_PARKED', detail: 'an earlier record of this subject waits' };
  // A topic that forgets may begin in the middle of a subject's life.
  const expected = seen === undefined ? (wholeHistory ? 1 : sequence) : seen + 1;
  if (sequence === expected) return undefined;
  return { code: 'SEQUENCE_GAP', detail: `sequence ${expected} is missing before ${sequence}` };
}

/** The record as it waits for a person, byte for byte. */
export function deadLetter(
  record: LogRecord,
  subject: string | null,
  sequence: number | null,
  { code, detail }: StepRefusal,
): DeadLetterRow {
  return {
    recordOffset: record.offset,
    key: base64(record.key),
    value: base64(record.value),
    subject,
    sequence,
    code,
    // It may quote the record, and a dead letter must always find its place.
    detail: detail.toWellFormed().replaceAll('\0', '\uFFFD'),
  };
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
