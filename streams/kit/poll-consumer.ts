import { consumerWaiting } from '../log-lines.ts';
import { backoffMs } from './backoff.ts';
import {
  everyPartition,
  type LogBatch,
  type LogConsumer,
  type PartitionOffset,
  type Subscription,
} from './log-port.ts';
import { messageOf } from './sql.ts';
import { Wake } from './wake.ts';

/** Partitions of one consumer that are worked on at the same time: each takes a database connection. */
const CONCURRENCY = 4;
/** How long a consumer with nothing to read sleeps unless somebody rings: a safety net, not the way news arrives. */
const IDLE_MS = 1_000;

/** A log that is read by asking. */
export interface PollSource {
  /** The next offset to be written, as far as is known without asking; undefined before the first answer. */
  head(topic: string, partition: number): number | undefined;
  /** Asks for the heads. Rejects while the log is away. */
  refresh(): Promise<void>;
  /** Records from these positions on, as many as fit a fetch. Rejects while the log is away. */
  fetch(positions: readonly PartitionOffset[]): Promise<readonly LogBatch[]>;
  /** Rings when a head may have moved. Returns the way to stop that. */
  onAppend(wake: Wake): () => void;
}

interface Partition {
  readonly topic: string;
  readonly partition: number;
  nextOffset: number;
  busy: boolean;
  paused: boolean;
  /** The log does not have the offset to go on from. */
  lost: boolean;
}

/** Reads all partitions of its topics: a log without a broker has no groups to share them in. */
export class PollConsumer implements LogConsumer {
  readonly #source: PollSource;
  readonly #subscription: Subscription;
  readonly #partitions: readonly Partition[];
  readonly #wake = new Wake();
  readonly #running = new Set<Promise<void>>();
  readonly #loop: Promise<void>;
  #closed = false;

  constructor(source: PollSource, subscription: Subscription) {
    this.#source = source;
    this.#subscription = subscription;
    this.#partitions = everyPartition(subscription.topics, () => 0).map((place) => ({
      ...place,
      busy: false,
      paused: false,
      lost: false,
    }));
    this.#loop = this.#run();
  }

  pause(topic: string, partition: number): void {
    this.#setPaused(topic, partition, true);
  }

  resume(topic: string, partition: number): void {
    this.#setPaused(topic, partition, false);
    this.#wake.ring();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake.ring();
    await this.#loop;
    await Promise.all(this.#running);
  }

  async #run(): Promise<void> {
    const forget = this.#source.onAppend(this.#wake);
    await this.#position();
    let failures = 0;
    while (!this.#closed) {
      const started = await this.#fetchAndStart();
      failures = started === 'failed' ? failures + 1 : 0;
      if (started === 'failed') await this.#wake.sleep(backoffMs(failures, Math.random()));
      else if (started === 'none') await this.#wake.sleep(IDLE_MS);
    }
    forget();
  }

  async #position(): Promise<void> {
    for (let failures = 1; !this.#closed; failures += 1) {
      try {
        const offsets = await this.#subscription.startAt();
        for (const { topic, partition, nextOffset } of offsets) {
          const found = this.#find(topic, partition);
          if (found !== undefined) found.nextOffset = nextOffset;
        }
        return;
      } catch (cause) {
        consumerWaiting({ group: this.#subscription.group, failures, detail: messageOf(cause) });
        await this.#wake.sleep(backoffMs(failures, Math.random()));
      }
    }
  }

  /** Starts what there is to work off; several batches may be under way when it returns. */
  async #fetchAndStart(): Promise<'some' | 'none' | 'failed'> {
    const free = CONCURRENCY - this.#running.size;
    const idle = this.#partitions.filter((each) => !each.busy && !each.paused && !each.lost);
    const ahead = idle.filter((each) => this.#remaining(each) < 0);
    const readable = idle.filter((each) => this.#remaining(each) > 0).slice(0, free);
    if (ahead.length > 0 && !(await this.#findLost(ahead))) return 'failed';
    if (readable.length === 0) return 'none';
    let batches: readonly LogBatch[];
    try {
      batches = await this.#source.fetch(readable);
    } catch {
      return 'failed';
    }
    for (const batch of batches) this.#start(batch);
    return batches.length > 0 ? 'some' : 'none';
  }

  /** Records that are known to be there; below zero when the head that is known is before where to go on. */
  #remaining({ topic, partition, nextOffset }: Partition): number {
    return (this.#source.head(topic, partition) ?? nextOffset) - nextOffset;
  }

  /** The head that is known may be older than the offset; only one that was asked for afterwards proves anything. */
  async #findLost(ahead: readonly Partition[]): Promise<boolean> {
    try {
      await this.#source.refresh();
    } catch {
      return false;
    }
    for (const each of ahead.filter((place) => this.#remaining(place) < 0)) {
      each.lost = true;
      const { topic, partition, nextOffset } = each;
      this.#subscription.onProblem({ code: 'OFFSET_OUT_OF_RANGE', topic, partition, wantedOffset: nextOffset });
    }
    return true;
  }

  #start(batch: LogBatch): void {
    const each = this.#find(batch.topic, batch.partition);
    if (each === undefined || each.paused || this.#closed) return;
    each.busy = true;
    const work = this.#workOff(each, batch).finally(() => {
      this.#running.delete(work);
      each.busy = false;
      this.#wake.ring();
    });
    this.#running.add(work);
  }

  async #workOff(each: Partition, batch: LogBatch): Promise<void> {
    try {
      each.nextOffset = await this.#subscription.eachBatch(batch);
    } catch (cause) {
      this.#closed = true;
      this.#subscription.onProblem({ code: 'CRASHED', detail: String(cause) });
    }
  }

  #setPaused(topic: string, partition: number, paused: boolean): void {
    const found = this.#find(topic, partition);
    if (found !== undefined) found.paused = paused;
  }

  #find(topic: string, partition: number): Partition | undefined {
    return this.#partitions.find((each) => each.topic === topic && each.partition === partition);
  }
}
