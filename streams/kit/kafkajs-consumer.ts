import type { Consumer, EachBatchPayload } from 'kafkajs';
import { consumerWaiting } from '../log-lines.ts';
import { backoffMs } from './backoff.ts';
import type { ConsumerProblem, LogConsumer, Subscription } from './log-port.ts';
import { messageOf } from './sql.ts';
import { Wake } from './wake.ts';

/** Partitions worked on at the same time: each takes a database connection. */
const CONCURRENCY = 4;
/** Under the session timeout many times over, so that a slow batch does not look like a dead consumer. */
const HEARTBEAT_EVERY_MS = 1_000;
/** What the broker remembers is for its own tools (`rpk group describe`): it may be this old. */
const COMMIT_EVERY_MS = 5_000;

export interface OffsetRange {
  readonly partition: number;
  /** The first offset that the log still has. */
  readonly low: number;
  /** The next one to be written. */
  readonly high: number;
}

/** What a consumer asks of the log. */
export interface BrokerPort {
  /** Makes the client; it asks before it starts anew after a failure that may pass. */
  client(restartOnFailure: (cause: Error) => Promise<boolean>): Consumer;
  /** These two reject while the broker is away. */
  connected(): Promise<void>;
  range(topic: string): Promise<readonly OffsetRange[]>;
}

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/**
 * A member of a consumer group. After every assignment its partitions are paused, the caller is asked where to start, and only
 * then does reading begin: the broker's own offsets are never followed. A batch that the broker's rebalance has overtaken is
 * harmless, because the caller's transaction finds its records older than its offset.
 */
export class KafkajsConsumer implements LogConsumer {
  readonly #client: Consumer;
  readonly #subscription: Subscription;
  readonly #broker: BrokerPort;
  readonly #wake = new Wake();
  readonly #started: Promise<void>;
  readonly #commitTimer: NodeJS.Timeout;
  /** Where each partition of the current assignment goes on; absent until the caller has said. */
  #positions = new Map<string, number>();
  #uncommitted = new Map<string, Place & { readonly offset: string }>();
  #assignment = 0;
  #failures = 0;
  #closed = false;
  #crashed = false;

  constructor(subscription: Subscription, broker: BrokerPort) {
    this.#subscription = subscription;
    this.#broker = broker;
    const client = broker.client((cause) => this.#mayRestart(cause));
    this.#client = client;
    client.on(client.events.GROUP_JOIN, ({ payload }) => {
      this.#onAssigned(placesOf(payload.memberAssignment));
    });
    client.on(client.events.CRASH, ({ payload }) => {
      if (!payload.restart) this.#crash(payload.error.message);
    });
    this.#commitTimer = setInterval(() => void this.#commit(), COMMIT_EVERY_MS);
    this.#started = this.#start();
  }

  pause(topic: string, partition: number): void {
    this.#ask(() => this.#client.pause([{ topic, partitions: [partition] }]));
  }

  resume(topic: string, partition: number): void {
    this.#ask(() => this.#client.resume([{ topic, partitions: [partition] }]));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake.ring();
    clearInterval(this.#commitTimer);
    await this.#started;
    await this.#commit();
    // It lets the batches under way finish and leaves the group.
    await this.#client.disconnect().catch(() => {});
  }

  async #start(): Promise<void> {
    for (let failures = 1; !this.#closed; failures += 1) {
      try {
        await this.#broker.connected();
        await this.#client.connect();
        await this.#client.subscribe({
          topics: this.#subscription.topics.map(({ name }) => name),
          fromBeginning: true,
        });
        await this.#client.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          partitionsConsumedConcurrently: CONCURRENCY,
          eachBatch: (payload) => this.#eachBatch(payload),
        });
        return;
      } catch (cause) {
        await this.#wait(failures, cause);
      }
    }
  }

  /** The client itself would come back twice a second, for as long as the broker is away. */
  async #mayRestart(cause: Error): Promise<boolean> {
    this.#failures += 1;
    await this.#wait(this.#failures, cause);
    return !this.#closed;
  }

  async #wait(failures: number, cause: unknown): Promise<void> {
    consumerWaiting({ group: this.#subscription.group, failures, detail: messageOf(cause) });
    await this.#wake.sleep(backoffMs(failures, Math.random()));
  }

  /** Called in the turn of the join itself, before anything is fetched. */
  #onAssigned(places: readonly Place[]): void {
    this.#failures = 0;
    this.#assignment += 1;
    this.#positions = new Map();
    this.#uncommitted = new Map();
    for (const { topic, partition } of places) this.pause(topic, partition);
    void this.#position(this.#assignment, places);
  }

  async #position(assignment: number, places: readonly Place[]): Promise<void> {
    for (let failures = 1; !this.#closed && assignment === this.#assignment; failures += 1) {
      try {
        const offsets = await this.#subscription.startAt();
        const ranges = new Map<string, readonly OffsetRange[]>();
        for (const topic of new Set(places.map((place) => place.topic)))
          ranges.set(topic, await this.#broker.range(topic));
        if (assignment !== this.#assignment) return;
        for (const place of places) {
          const found = offsets.find((each) => each.topic === place.topic && each.partition === place.partition);
          const range = ranges.get(place.topic)?.find((each) => each.partition === place.partition);
          this.#startReading(place, found?.nextOffset ?? 0, range);
        }
        return;
      } catch (cause) {
        await this.#wait(failures, cause);
      }
    }
  }

  #startReading({ topic, partition }: Place, nextOffset: number, range: OffsetRange | undefined): void {
    const { low = 0, high = 0 } = range ?? {};
    const forgets = this.#subscription.topics.find(({ name }) => name === topic)?.retentionDays !== null;
    // Who has never read a topic that forgets begins with what is left of it.
    const wanted = nextOffset === 0 && forgets ? low : nextOffset;
    if (wanted < low || wanted > high) {
      this.#lose({ topic, partition }, wanted);
      return;
    }
    this.#positions.set(`${topic}/${partition}`, wanted);
    this.#ask(() => this.#client.seek({ topic, partition, offset: String(wanted) }));
    this.resume(topic, partition);
  }

  async #eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic, partition } = batch;
    const place = `${topic}/${partition}`;
    const wanted = this.#positions.get(place);
    const records = batch.messages.map(({ offset, key, value }) => ({ offset: Number(offset), key, value }));
    const [first, last] = [records[0], records.at(-1)];
    if (wanted === undefined || first === undefined || last === undefined || !payload.isRunning() || payload.isStale())
      return;
    if (first.offset !== wanted && !(await this.#mayGoOn({ topic, partition }, wanted, first.offset))) return;
    const assignment = this.#assignment;
    const beating = startHeart(() => payload.heartbeat());
    let nextOffset: number;
    try {
      nextOffset = await this.#subscription.eachBatch({ topic, partition, records });
    } catch (cause) {
      this.#crash(messageOf(cause));
      throw cause;
    } finally {
      beating.stop();
    }
    if (assignment !== this.#assignment) return;
    this.#positions.set(place, nextOffset);
    this.#uncommitted.set(place, { topic, partition, offset: String(nextOffset) });
    if (nextOffset === last.offset + 1) payload.resolveOffset(String(last.offset));
    else if (nextOffset !== first.offset)
      this.#ask(() => this.#client.seek({ topic, partition, offset: String(nextOffset) }));
    // A rebalance must reach the client, which joins anew.
    if (beating.failure() !== undefined) throw beating.failure();
  }

  /**
   * The client answers an offset that the broker does not have by starting from the oldest one, without a word. A batch may also
   * be left over from before the last assignment. A gap is normal, unless the log has dropped what was in it.
   */
  async #mayGoOn({ topic, partition }: Place, wanted: number, firstOffset: number): Promise<boolean> {
    const range = (await this.#broker.range(topic)).find((each) => each.partition === partition);
    if (range === undefined || wanted < range.low || wanted > range.high) {
      this.#lose({ topic, partition }, wanted);
      return false;
    }
    if (firstOffset > wanted) return true;
    this.#ask(() => this.#client.seek({ topic, partition, offset: String(wanted) }));
    return false;
  }

  #lose({ topic, partition }: Place, wantedOffset: number): void {
    this.#positions.delete(`${topic}/${partition}`);
    this.pause(topic, partition);
    this.#subscription.onProblem({ code: 'OFFSET_OUT_OF_RANGE', topic, partition, wantedOffset });
  }

  async #commit(): Promise<void> {
    const offsets = [...this.#uncommitted.values()];
    if (offsets.length === 0) return;
    this.#uncommitted = new Map();
    try {
      await this.#client.commitOffsets(offsets);
    } catch {
      // Advisory; the next batch brings a newer one.
    }
  }

  #crash(detail: string): void {
    if (this.#crashed || this.#closed) return;
    this.#crashed = true;
    const problem: ConsumerProblem = { code: 'CRASHED', detail };
    this.#subscription.onProblem(problem);
  }

  /** The client throws while it is not a member of the group; the next assignment begins from the caller's offsets anyway. */
  #ask(request: () => void): void {
    try {
      request();
    } catch {
      // Not a member now.
    }
  }
}

function placesOf(assignment: Readonly<Record<string, readonly number[]>>): Place[] {
  return Object.entries(assignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}

/** Beats while a batch is under way, and keeps the first failure for the end of it. */
function startHeart(heartbeat: () => Promise<void>) {
  let failure: unknown;
  const timer = setInterval(() => {
    heartbeat().catch((cause: unknown) => {
      failure ??= cause;
    });
  }, HEARTBEAT_EVERY_MS);
  return { stop: () => clearInterval(timer), failure: () => failure };
}
