import { ok, type Result } from '../../domain/shared/result.ts';
import type {
  LogAway,
  LogBatch,
  LogConsumer,
  LogPort,
  LogRecord,
  NewRecord,
  PartitionAck,
  PartitionOffset,
  Subscription,
  TopicShape,
} from './log-port.ts';
import { everyPartition, UNKNOWN_TOPIC_OR_PARTITION } from './log-port.ts';
import { PollConsumer, type PollSource } from './poll-consumer.ts';
import type { Wake } from './wake.ts';

/** Records of one batch; small, so that a test sees more than one. */
const FETCH_RECORDS = 100;

/** The log of a unit test: the same behaviour, and nothing survives it. */
export class MemoryLog implements LogPort, PollSource {
  readonly #partitions: ReadonlyMap<string, LogRecord[]>;
  readonly #wakes = new Set<Wake>();
  readonly #consumers = new Set<LogConsumer>();

  constructor(topics: readonly TopicShape[]) {
    this.#partitions = new Map(everyPartition(topics, () => 0).map((each) => [`${each.topic}/${each.partition}`, []]));
  }

  identity(): Promise<Result<string, LogAway>> {
    return Promise.resolve(ok('memory'));
  }

  produce(records: readonly NewRecord[]): Promise<Result<readonly PartitionAck[], LogAway>> {
    const acks = new Map<string, PartitionAck>();
    for (const { topic, partition, key, value } of records) {
      const place = `${topic}/${partition}`;
      const kept = this.#partitions.get(place);
      const errorCode = kept === undefined ? UNKNOWN_TOPIC_OR_PARTITION : 0;
      if (!acks.has(place)) acks.set(place, { topic, partition, baseOffset: kept?.length ?? -1, errorCode });
      kept?.push({ offset: kept.length, key, value });
    }
    for (const wake of this.#wakes) wake.ring();
    return Promise.resolve(ok([...acks.values()]));
  }

  subscribe(subscription: Subscription): LogConsumer {
    const consumer = new PollConsumer(this, subscription);
    this.#consumers.add(consumer);
    return consumer;
  }

  highWatermarks(topics: readonly TopicShape[]): Promise<Result<readonly PartitionOffset[], LogAway>> {
    return Promise.resolve(ok(everyPartition(topics, (topic, partition) => this.head(topic, partition))));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
  }

  head(topic: string, partition: number): number {
    return this.#partitions.get(`${topic}/${partition}`)?.length ?? 0;
  }

  refresh(): Promise<void> {
    return Promise.resolve();
  }

  fetch(positions: readonly PartitionOffset[]): Promise<readonly LogBatch[]> {
    const batches = positions.map(({ topic, partition, nextOffset }) => ({
      topic,
      partition,
      records: this.#partitions.get(`${topic}/${partition}`)?.slice(nextOffset, nextOffset + FETCH_RECORDS) ?? [],
    }));
    return Promise.resolve(batches.filter(({ records }) => records.length > 0));
  }

  onAppend(wake: Wake): () => void {
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }
}
