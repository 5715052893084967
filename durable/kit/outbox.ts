import type { DurableCall } from '../../contracts/rpc/durable-call.ts';
import { EVENT_BYTES_MAX } from '../../contracts/events/envelope.ts';
import { dataSchemaOf } from '../../contracts/events/topic.ts';
import type { EventData, EventType, Topic } from '../../contracts/events/topic.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { invariant } from '../../domain/shared/assert.ts';
import { one } from './sql.ts';
import type { SqlPort } from './sql.ts';

/** How long a sent row is kept, so that a lost log can be refilled. */
export const SENT_KEPT_MS = 72 * 60 * 60 * 1000;

/** Events in one send: about 200 kB at the usual size of 1 kB, far below a proxy's limits. */
const TOPIC_BATCH = 200;

export interface OutboxRow {
  readonly seq: number;
  readonly recordKey: string;
  readonly body: string;
}

/** One event to announce: what the object says; the outbox adds the rest of the envelope. */
export interface Announcement<T extends Topic, Type extends EventType<T>> {
  readonly topic: T;
  readonly type: Type;
  readonly subject: string;
  /** The record's key: what decides its partition. */
  readonly key: string;
  readonly data: EventData<T, Type>;
  readonly atMs: number;
  readonly traceparent?: string | undefined;
}

/** What waits to be sent. */
export interface Unsent {
  readonly rows: number;
  readonly oldestAtMs: number | null;
}

/**
 * A topic's lane that has no rows of its own in the outbox: its events are read from what they tell of, such as a ledger, after a
 * cursor. Sent like any other lane: in order, never skipped, resumed after a crash.
 */
export interface DerivedLane {
  readonly topic: Topic;
  /** The next events after `sentUpTo` and all that is marked, in order; `seq` is what `markSent` gets. */
  batch(limit: number, sentUpTo: number): OutboxRow[];
  markSent(upToSeq: number): void;
  /** Counts the backlog; for audits. */
  unsent(): Unsent;
}

/**
 * Rows written with the state change they tell of and drained afterwards. A lane is kept in order: one per topic, one per
 * receiving object. Lanes do not wait for each other.
 */
export class Outbox {
  readonly #sql: SqlPort;
  readonly #source: string;
  /** Lanes that may have unsent rows: asking SQLite for them would scan a backlog of hours at every commit. */
  readonly #open: Set<string>;
  readonly #derived = new Map<string, DerivedLane>();
  constructor(sql: SqlPort, source: string) {
    this.#sql = sql;
    this.#source = source;
    this.#open = new Set(
      sql.all<{ lane: string }>('SELECT DISTINCT lane FROM outbox WHERE sent_at_ms IS NULL').map((row) => row.lane),
    );
  }

  announce<T extends Topic, Type extends EventType<T>>(event: Announcement<T, Type>): void {
    const sequence = this.#nextSequence(event.topic.name, event.subject);
    this.#append(topicLane(event.topic.name), event.key, this.envelope(event, sequence), event.atMs);
  }

  /** From now on this topic's events are read from the lane; it may have some already. */
  derive(derived: DerivedLane): void {
    const lane = topicLane(derived.topic.name);
    this.#derived.set(lane, derived);
    if (derived.batch(1, 0).length > 0) this.#open.add(lane);
  }

  /** The derived lane of a topic has something to send. */
  appended(topic: Topic): void {
    this.#open.add(topicLane(topic.name));
  }

  call(call: DurableCall, atMs: number): void {
    this.#append(objectLane(call.to, call.id), '', JSON.stringify(call), atMs);
  }

  /** Lanes that may have something to send. */
  openLanes(): string[] {
    return [...this.#open];
  }

  /** The next rows of a lane after `sentUpTo`, in order; an empty answer closes the lane. */
  batch(lane: string, sentUpTo = 0): OutboxRow[] {
    const rows = this.#derived.get(lane)?.batch(TOPIC_BATCH, sentUpTo) ?? this.#stored(lane, sentUpTo);
    if (rows.length === 0) this.#open.delete(lane);
    return rows;
  }

  #stored(lane: string, sentUpTo: number): OutboxRow[] {
    const rows = this.#sql.all<{ seq: number; record_key: string; body: string }>(
      'SELECT seq, record_key, body FROM outbox WHERE lane = ? AND sent_at_ms IS NULL AND seq > ? ORDER BY seq LIMIT ?',
      lane,
      sentUpTo,
      laneTopic(lane) === null ? 1 : TOPIC_BATCH,
    );
    return rows.map((row) => ({ seq: row.seq, recordKey: row.record_key, body: row.body }));
  }

  markSent(lane: string, upToSeq: number, nowMs: number): void {
    const derived = this.#derived.get(lane);
    if (derived !== undefined) {
      derived.markSent(upToSeq);
      return;
    }
    this.#sql.run(
      'UPDATE outbox SET sent_at_ms = ? WHERE lane = ? AND seq <= ? AND sent_at_ms IS NULL',
      nowMs,
      lane,
      upToSeq,
    );
  }

  /** Counts the backlog; for audits, not for the hot path. */
  unsent(): Unsent {
    const stored = one<{ rows: number; oldest: number | null }>(
      this.#sql,
      'SELECT count(*) AS rows, min(written_at_ms) AS oldest FROM outbox WHERE sent_at_ms IS NULL',
    );
    const all = [
      { rows: stored.rows, oldestAtMs: stored.oldest },
      ...[...this.#derived.values()].map((derived) => derived.unsent()),
    ];
    const ages = all.flatMap(({ oldestAtMs }) => (oldestAtMs === null ? [] : [oldestAtMs]));
    return {
      rows: all.reduce((sum, { rows }) => sum + rows, 0),
      oldestAtMs: ages.length === 0 ? null : Math.min(...ages),
    };
  }

  /** Deletes sent rows that are old enough, a bounded number at a time. */
  prune(nowMs: number): void {
    this.#sql.run(
      'DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox WHERE sent_at_ms IS NOT NULL AND sent_at_ms < ? LIMIT 1000)',
      nowMs - SENT_KEPT_MS,
    );
  }

  /** The event as the log gets it; `sequence` is the subject's own count, contiguous from 1. */
  envelope<T extends Topic>(event: Announcement<T, EventType<T>>, sequence: number): string {
    const { topic, type, subject, data, atMs, traceparent } = event;
    const body = JSON.stringify({
      specversion: '1.0',
      id: `${topic.name}/${subject}/${sequence}`,
      source: this.#source,
      type,
      subject,
      sequence,
      time: toTimestamp(atMs),
      dataschema: dataSchemaOf(topic, type),
      traceparent,
      data,
    });
    invariant(body.length <= EVENT_BYTES_MAX, `${type} of ${subject} has ${body.length} characters`);
    return body;
  }

  #append(lane: string, key: string, body: string, atMs: number): void {
    this.#open.add(lane);
    this.#sql.run(
      'INSERT INTO outbox (lane, record_key, body, written_at_ms) VALUES (?, ?, ?, ?)',
      lane,
      key,
      body,
      atMs,
    );
  }

  #nextSequence(topic: string, subject: string): number {
    const row = this.#sql.all<{ sequence: number }>(
      'INSERT INTO event_sequences (topic, subject, sequence) VALUES (?, ?, 1) ON CONFLICT (topic, subject) DO UPDATE SET sequence = sequence + 1 RETURNING sequence',
      topic,
      subject,
    )[0];
    return row?.sequence ?? 1;
  }
}

function topicLane(topic: string): string {
  return `topic ${topic}`;
}
function objectLane(to: string, id: string): string {
  return `object ${to} ${id}`;
}
/** The topic of a lane, or `null` for the lane of a receiving object. */
export function laneTopic(lane: string): string | null {
  return lane.startsWith('topic ') ? lane.slice('topic '.length) : null;
}
