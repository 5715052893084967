import type { Topic } from '../../contracts/events/topic.ts';
import type { Result } from '../../domain/shared/result.ts';

/** What an adapter needs to know of a topic. */
export type TopicShape = Pick<Topic, 'name' | 'partitions' | 'retentionDays'>;

/** A record to append. Whoever makes it chooses the partition, by `partitionOf` of its key. */
export interface NewRecord {
  readonly topic: string;
  readonly partition: number;
  readonly key: Uint8Array | null;
  /** Null is a tombstone. */
  readonly value: Uint8Array | null;
}

/** The fate of the records of one append that went to one partition: all of them or none. */
export interface PartitionAck {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first of them, the others follow without a gap; -1 when refused. */
  readonly baseOffset: number;
  /** Kafka's own error code; 0 is success. https://kafka.apache.org/protocol#protocol_error_codes */
  readonly errorCode: number;
}

export const UNKNOWN_TOPIC_OR_PARTITION = 3;
export const REQUEST_TIMED_OUT = 7;

/** The log could not be asked, or did not answer: the records may or may not be in it. Retry, as duplicates are harmless. */
export interface LogAway {
  readonly code: 'LOG_AWAY';
  readonly detail: string;
}

export interface LogRecord {
  readonly offset: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
}

/** Records of one partition in order of their offsets, which may have gaps. Never empty. */
export interface LogBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
}

export type ConsumerProblem =
  /** This consumer will read nothing more; only a new process helps. */
  | { readonly code: 'CRASHED'; readonly detail: string }
  /** The log no longer has, or never had, the offset to go on from. Nothing is skipped: the partition waits for a person. */
  | {
      readonly code: 'OFFSET_OUT_OF_RANGE';
      readonly topic: string;
      readonly partition: number;
      readonly wantedOffset: number;
    };

/** The caller owns the offsets: the consumer's own database is the truth, what a broker remembers is advisory. */
export interface Subscription {
  readonly group: string;
  readonly topics: readonly TopicShape[];
  /** The next offset of every partition it has read before; others start at 0. Asked whenever partitions are assigned; may reject, then it is asked again. */
  readonly startAt: () => Promise<readonly PartitionOffset[]>;
  /** Works off a batch and answers the offset to go on from. One call per partition at a time. A rejection is a bug and ends the consumer. */
  readonly eachBatch: (batch: LogBatch) => Promise<number>;
  readonly onProblem: (problem: ConsumerProblem) => void;
}

/** A place in the log. */
export interface PartitionOffset {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
}

/** Reads until closed, through outages of any length. */
export interface LogConsumer {
  /** Stops the delivery of a partition until `resume`: what cannot be worked off now is not skipped. */
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** Settles when no batch is under way any more. */
  close(): Promise<void>;
}

/** A partitioned, ordered, durable log. Three adapters pass one contract test (`test/support/log-contract.ts`). */
export interface LogPort {
  /** Names this log among all others, for ever: offsets are kept under it. */
  identity(): Promise<Result<string, LogAway>>;
  /** Resolves when the records are durable, in the order given per partition. One acknowledgement per topic and partition. */
  produce(records: readonly NewRecord[]): Promise<Result<readonly PartitionAck[], LogAway>>;
  subscribe(subscription: Subscription): LogConsumer;
  /** The next offset to be written of every partition of these topics. */
  highWatermarks(topics: readonly TopicShape[]): Promise<Result<readonly PartitionOffset[], LogAway>>;
  close(): Promise<void>;
}

/** Every partition of these topics, in order, with what `nextOffset` says of it. */
export function everyPartition(
  topics: readonly TopicShape[],
  nextOffset: (topic: string, partition: number) => number,
): readonly PartitionOffset[] {
  return topics.flatMap(({ name, partitions }) =>
    Array.from({ length: partitions }, (_, partition) => ({
      topic: name,
      partition,
      nextOffset: nextOffset(name, partition),
    })),
  );
}

/** Acknowledgements that refuse these records, one a partition. */
export function refuse(records: readonly NewRecord[], errorCode: number): PartitionAck[] {
  const places = new Map(records.map(({ topic, partition }) => [`${topic}/${partition}`, { topic, partition }]));
  return [...places.values()].map((place) => ({ ...place, baseOffset: -1, errorCode }));
}
