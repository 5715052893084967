// CommonJS: Node finds only some of its names.
import kafkajs, { type Admin, type Kafka, type KafkaJSProtocolError, type LogEntry, type Producer } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { brokerSaid } from '../log-lines.ts';
import { KafkajsConsumer, type OffsetRange } from './kafkajs-consumer.ts';
import {
  everyPartition,
  refuse,
  REQUEST_TIMED_OUT,
  UNKNOWN_TOPIC_OR_PARTITION,
  type LogAway,
  type LogConsumer,
  type LogPort,
  type NewRecord,
  type PartitionAck,
  type PartitionOffset,
  type Subscription,
  type TopicShape,
} from './log-port.ts';
import { messageOf } from './sql.ts';
import { muteTimeoutWarning } from './timeout-warning.ts';

/** A producer's whole patience stays under the 10 s that an outbox waits for an answer. */
const CONNECT_MS = 2_000;
const REQUEST_MS = 5_000;
const PRODUCER_RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2 };
/** A consumer has all the time there is: after the last of these it starts anew. */
const CONSUMER_RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 };
/**
 * A member that died without a word holds its partitions this long, also over a restart of the broker. The least that brokers
 * allow by default: who is thrown out too soon only joins again, as the offset's row lock keeps two of them apart.
 */
const SESSION_MS = 6_000;
const HEARTBEAT_MS = 1_500;
/** A batch in memory, times the partitions of a fetch. */
const PARTITION_BYTES = 512 * 1024;
/** How long a fetch without news waits at the broker, and a consumer whose partitions are all paused looks away. */
const FETCH_WAIT_MS = 250;
/** What new topics may take to be writable. */
const LEADERS_MS = 5_000;
const LEADERS_POLL_MS = 50;
const DAY_MS = 24 * 60 * 60 * 1_000;
/** The client repeats itself with every attempt while a broker is away. */
const SAME_LINE_MS = 60_000;

export interface KafkajsLogOptions {
  /** `host:port` */
  readonly brokers: readonly string[];
  /** Made at the first contact where they are missing. */
  readonly topics: readonly TopicShape[];
}

/** Any Kafka API: Redpanda in production, Apache Kafka in the tests. Connects when first needed and goes on trying. */
export class KafkajsLog implements LogPort {
  readonly #kafka: Kafka;
  readonly #topics: readonly TopicShape[];
  readonly #admin: Admin;
  readonly #producer: Producer;
  readonly #consumers = new Set<LogConsumer>();
  #ready: Promise<void> | undefined;

  constructor({ brokers, topics }: KafkajsLogOptions) {
    muteTimeoutWarning();
    this.#topics = topics;
    this.#kafka = new kafkajs.Kafka({
      clientId: 'kirana-streams',
      brokers: [...brokers],
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      retry: PRODUCER_RETRY,
      logLevel: kafkajs.logLevel.WARN,
      logCreator: () => sayOnce(),
    });
    this.#admin = this.#kafka.admin();
    this.#producer = this.#kafka.producer({
      // Every record names its partition; the choice is made explicit because the default has changed before.
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
      retry: PRODUCER_RETRY,
    });
  }

  async identity(): Promise<Result<string, LogAway>> {
    try {
      await this.#connected();
      const { clusterId } = await this.#admin.describeCluster();
      return ok(`kafka:${clusterId}`);
    } catch (cause) {
      return err({ code: 'LOG_AWAY', detail: messageOf(cause) });
    }
  }

  async produce(records: readonly NewRecord[]): Promise<Result<readonly PartitionAck[], LogAway>> {
    const known = records.filter((record) => this.#exists(record));
    const unknown = records.filter((record) => !this.#exists(record));
    const refused = refuse(unknown, UNKNOWN_TOPIC_OR_PARTITION);
    if (known.length === 0) return ok(refused);
    try {
      await this.#connected();
      return ok([...refused, ...(await this.#send(known))]);
    } catch (cause) {
      if (isRefusal(cause)) return ok([...refused, ...(await this.#sendEach(known))]);
      return err({ code: 'LOG_AWAY', detail: messageOf(cause) });
    }
  }

  subscribe(subscription: Subscription): LogConsumer {
    const consumer = new KafkajsConsumer(subscription, {
      client: (restartOnFailure) =>
        this.#kafka.consumer({
          groupId: subscription.group,
          sessionTimeout: SESSION_MS,
          heartbeatInterval: HEARTBEAT_MS,
          maxBytesPerPartition: PARTITION_BYTES,
          maxWaitTimeInMs: FETCH_WAIT_MS,
          allowAutoTopicCreation: false,
          retry: { ...CONSUMER_RETRY, restartOnFailure },
        }),
      connected: () => this.#connected(),
      range: (topic) => this.#range(topic),
    });
    this.#consumers.add(consumer);
    return consumer;
  }

  async highWatermarks(topics: readonly TopicShape[]): Promise<Result<readonly PartitionOffset[], LogAway>> {
    try {
      await this.#connected();
      const ranges = new Map<string, readonly OffsetRange[]>();
      for (const { name } of topics) ranges.set(name, await this.#range(name));
      return ok(
        everyPartition(topics, (topic, partition) => {
          return ranges.get(topic)?.find((range) => range.partition === partition)?.high ?? 0;
        }),
      );
    } catch (cause) {
      return err({ code: 'LOG_AWAY', detail: messageOf(cause) });
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await Promise.allSettled([this.#producer.disconnect(), this.#admin.disconnect()]);
  }

  #exists({ topic, partition }: NewRecord): boolean {
    const shape = this.#topics.find(({ name }) => name === topic);
    return shape !== undefined && partition >= 0 && partition < shape.partitions;
  }

  /** Once it has succeeded the clients reconnect by themselves. */
  async #connected(): Promise<void> {
    this.#ready ??= this.#connect();
    try {
      await this.#ready;
    } catch (cause) {
      this.#ready = undefined;
      throw cause;
    }
  }

  async #connect(): Promise<void> {
    await this.#admin.connect();
    await createMissing(this.#admin, this.#topics);
    await this.#producer.connect();
  }

  async #send(records: readonly NewRecord[]): Promise<readonly PartitionAck[]> {
    const topics = [...new Set(records.map(({ topic }) => topic))];
    const metadata = await this.#producer.sendBatch({
      acks: -1,
      timeout: REQUEST_MS,
      topicMessages: topics.map((topic) => ({
        topic,
        messages: records
          .filter((record) => record.topic === topic)
          .map(({ partition, key, value }) => ({ partition, key: toBuffer(key), value: toBuffer(value) })),
      })),
    });
    return metadata.map(({ topicName, partition, errorCode, baseOffset }) => ({
      topic: topicName,
      partition,
      errorCode,
      baseOffset: Number(baseOffset ?? -1),
    }));
  }

  /** The client fails a whole request for one partition that the broker refuses: asked one by one, the others go through. */
  async #sendEach(records: readonly NewRecord[]): Promise<readonly PartitionAck[]> {
    const acks: PartitionAck[] = [];
    for (const { topic, partition } of refuse(records, 0)) {
      const own = records.filter((record) => record.topic === topic && record.partition === partition);
      try {
        acks.push(...(await this.#send(own)));
      } catch (cause) {
        acks.push({ topic, partition, baseOffset: -1, errorCode: isRefusal(cause) ? cause.code : REQUEST_TIMED_OUT });
      }
    }
    return acks;
  }

  async #range(topic: string): Promise<readonly OffsetRange[]> {
    const offsets = await this.#admin.fetchTopicOffsets(topic);
    return offsets.map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }));
  }
}

async function createMissing(admin: Admin, topics: readonly TopicShape[]): Promise<void> {
  const existing = await admin.listTopics();
  const missing = topics.filter(({ name }) => !existing.includes(name));
  if (missing.length > 0) {
    await admin.createTopics({ waitForLeaders: true, topics: missing.map(toTopicConfig) });
    await untilLed(admin, missing);
  }
  const metadata = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
  for (const { name, partitions } of topics) {
    const found = metadata.topics.find((topic) => topic.name === name)?.partitions.length ?? 0;
    // A key would be in another partition than its older records: nothing may be written or read like that.
    if (found !== partitions) throw new Error(`${name} has ${found} partitions and must have ${partitions}`);
  }
}

/** A leader that is named in the metadata may not know it yet: it answers that it leads nothing. */
async function untilLed(admin: Admin, topics: readonly TopicShape[]): Promise<void> {
  const deadlineMs = Date.now() + LEADERS_MS;
  for (const { name } of topics) {
    for (;;) {
      try {
        await admin.fetchTopicOffsets(name);
        break;
      } catch (cause) {
        if (Date.now() > deadlineMs) throw cause;
        await sleep(LEADERS_POLL_MS);
      }
    }
  }
}

function toTopicConfig({ name, partitions, retentionDays }: TopicShape) {
  const retentionMs = retentionDays === null ? -1 : retentionDays * DAY_MS;
  return {
    topic: name,
    numPartitions: partitions,
    configEntries: [
      { name: 'cleanup.policy', value: 'delete' },
      { name: 'retention.ms', value: String(retentionMs) },
      { name: 'retention.bytes', value: '-1' },
    ],
  };
}

/** The broker understood and said no. A retry of the same would be refused again. */
function isRefusal(cause: unknown): cause is KafkaJSProtocolError {
  return cause instanceof kafkajs.KafkaJSProtocolError && !cause.retriable;
}

function toBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function sayOnce(): (entry: LogEntry) => void {
  const said = new Map<string, number>();
  return ({ level, namespace, log }) => {
    const detail = typeof log['error'] === 'string' ? `${log.message}: ${log['error']}` : log.message;
    const line = `${namespace} ${log.message.replaceAll(/\d+/g, '')}`;
    const now = Date.now();
    if (now - (said.get(line) ?? 0) < SAME_LINE_MS) return;
    if (said.size > 100) said.clear();
    said.set(line, now);
    brokerSaid({ level: level === kafkajs.logLevel.ERROR ? 'error' : 'warn', namespace, detail });
  };
}
