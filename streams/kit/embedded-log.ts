import type pg from 'pg';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { appendRecords, fetchRecords, SELECT_HEADS } from './embedded-log-sql.ts';
import {
  everyPartition,
  refuse,
  UNKNOWN_TOPIC_OR_PARTITION,
  type LogAway,
  type LogBatch,
  type LogConsumer,
  type LogPort,
  type LogRecord,
  type NewRecord,
  type PartitionAck,
  type PartitionOffset,
  type Subscription,
  type TopicShape,
} from './log-port.ts';
import { PollConsumer, type PollSource } from './poll-consumer.ts';
import { messageOf, toQuery } from './sql.ts';
import { Wake } from './wake.ts';

/** Pause between two looks at the heads: short after news, twice as long after each look without any. */
const POLL_MS_MIN = 2;
const POLL_MS_MAX = 100;
/** While the database is away. */
const POLL_MS_AWAY = 1_000;

/**
 * The log of an installation without a broker: two Postgres tables (`embedded_log`, `embedded_log_heads`). An append of this
 * process wakes its consumers at once; those of other processes are found by looking at the heads.
 */
export class EmbeddedLog implements LogPort, PollSource {
  readonly #pool: pg.Pool;
  readonly #partitions: ReadonlyMap<string, number>;
  readonly #heads = new Map<string, number>();
  readonly #wakes = new Set<Wake>();
  readonly #consumers = new Set<LogConsumer>();
  readonly #pollWake = new Wake();
  #poll: Promise<void> | undefined;
  #asked = false;
  #closed = false;

  constructor(pool: pg.Pool, topics: readonly TopicShape[]) {
    this.#pool = pool;
    this.#partitions = new Map(topics.map(({ name, partitions }) => [name, partitions]));
  }

  /** The offsets are in the same database as the log: they cannot meet another one. */
  identity(): Promise<Result<string, LogAway>> {
    return Promise.resolve(ok('embedded'));
  }

  async produce(records: readonly NewRecord[]): Promise<Result<readonly PartitionAck[], LogAway>> {
    const known = records.filter((record) => this.#exists(record));
    const unknown = records.filter((record) => !this.#exists(record));
    const acks = refuse(unknown, UNKNOWN_TOPIC_OR_PARTITION);
    if (known.length === 0) return ok(acks);
    try {
      const { rows } = await this.#pool.query<{ topic: string; partition: number; base_offset: string }>(
        toQuery(appendRecords(known)),
      );
      for (const { topic, partition, base_offset } of rows) {
        acks.push({ topic, partition, baseOffset: Number(base_offset), errorCode: 0 });
      }
    } catch (cause) {
      return err({ code: 'LOG_AWAY', detail: messageOf(cause) });
    }
    this.#noteAppends(known, acks);
    return ok(acks);
  }

  subscribe(subscription: Subscription): LogConsumer {
    const consumer = new PollConsumer(this, subscription);
    this.#consumers.add(consumer);
    this.#poll ??= this.#pollHeads();
    return consumer;
  }

  async highWatermarks(topics: readonly TopicShape[]): Promise<Result<readonly PartitionOffset[], LogAway>> {
    try {
      await this.#refreshHeads();
    } catch (cause) {
      return err({ code: 'LOG_AWAY', detail: messageOf(cause) });
    }
    return ok(everyPartition(topics, (topic, partition) => this.head(topic, partition) ?? 0));
  }

  /** The pool belongs to whoever made it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#pollWake.ring();
    await Promise.all([this.#poll, ...[...this.#consumers].map((consumer) => consumer.close())]);
  }

  head(topic: string, partition: number): number | undefined {
    return this.#heads.get(`${topic}/${partition}`) ?? (this.#asked ? 0 : undefined);
  }

  async refresh(): Promise<void> {
    await this.#refreshHeads();
  }

  async fetch(positions: readonly PartitionOffset[]): Promise<readonly LogBatch[]> {
    const { rows } = await this.#pool.query<FetchedRow>(toQuery(fetchRecords(positions)));
    const batches: { topic: string; partition: number; records: LogRecord[] }[] = [];
    for (const { topic, partition, record_offset, key, value } of rows) {
      let batch = batches.at(-1);
      if (batch?.topic !== topic || batch.partition !== partition) {
        batch = { topic, partition, records: [] };
        batches.push(batch);
      }
      batch.records.push({ offset: Number(record_offset), key, value });
    }
    return batches;
  }

  onAppend(wake: Wake): () => void {
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }

  #exists({ topic, partition }: NewRecord): boolean {
    return partition >= 0 && partition < (this.#partitions.get(topic) ?? 0);
  }

  #noteAppends(records: readonly NewRecord[], acks: readonly PartitionAck[]): void {
    const counts = new Map<string, number>();
    for (const { topic, partition } of records) {
      counts.set(`${topic}/${partition}`, (counts.get(`${topic}/${partition}`) ?? 0) + 1);
    }
    for (const { topic, partition, baseOffset, errorCode } of acks) {
      const place = `${topic}/${partition}`;
      if (errorCode === 0) this.#raiseHead(place, baseOffset + (counts.get(place) ?? 0));
    }
    this.#ring();
  }

  /** Answers arrive in any order, so an older one must not take a head back. */
  #raiseHead(place: string, head: number): boolean {
    if (head <= (this.#heads.get(place) ?? 0)) return false;
    this.#heads.set(place, head);
    return true;
  }

  #ring(): void {
    for (const wake of this.#wakes) wake.ring();
  }

  async #pollHeads(): Promise<void> {
    let waitMs = POLL_MS_MIN;
    while (!this.#closed) {
      try {
        const moved = await this.#refreshHeads();
        waitMs = moved ? POLL_MS_MIN : Math.min(POLL_MS_MAX, waitMs * 2);
      } catch {
        waitMs = POLL_MS_AWAY;
      }
      await this.#pollWake.sleep(waitMs);
    }
  }

  async #refreshHeads(): Promise<boolean> {
    const { rows } = await this.#pool.query<{ topic: string; partition: number; next_offset: string }>(
      toQuery(SELECT_HEADS),
    );
    let moved = !this.#asked;
    this.#asked = true;
    for (const { topic, partition, next_offset } of rows) {
      moved = this.#raiseHead(`${topic}/${partition}`, Number(next_offset)) || moved;
    }
    if (moved) this.#ring();
    return moved;
  }
}

interface FetchedRow {
  readonly topic: string;
  readonly partition: number;
  readonly record_offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}
