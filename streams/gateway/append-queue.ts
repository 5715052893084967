import { err, ok, type Result } from '../../domain/shared/result.ts';
import { appendFailed } from '../log-lines.ts';
import type { LogAway, LogPort, NewRecord, PartitionAck } from '../kit/log-port.ts';

/** One append. A broker takes 1 MiB a partition and batch by default; all records may be for one partition. */
const APPEND_BYTES_MAX = 900_000;
const APPEND_RECORDS_MAX = 5_000;
/** What may wait for its turn. Beyond this the answer is "later" at once. */
const WAITING_BYTES_MAX = 32 * 1024 * 1024;

export interface QueueFull {
  readonly code: 'QUEUE_FULL';
}

interface Waiting {
  readonly records: readonly NewRecord[];
  readonly bytes: number;
  readonly settle: (result: Result<readonly PartitionAck[], LogAway>) => void;
}

/**
 * Makes one append of what many requests bring. Nobody waits for company: a request that finds the log idle goes at the end of
 * this turn, and what arrives while an append is under way goes together in the next one. One append at a time keeps the order.
 */
export class AppendQueue {
  readonly #log: Pick<LogPort, 'produce'>;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #draining: Promise<void> | undefined;

  constructor(log: Pick<LogPort, 'produce'>) {
    this.#log = log;
  }

  /** Acknowledgements of these records alone, one a partition. */
  append(records: readonly NewRecord[]): Promise<Result<readonly PartitionAck[], LogAway | QueueFull>> {
    const bytes = records.reduce((sum, record) => sum + sizeOf(record), 0);
    if (this.#waitingBytes + bytes > WAITING_BYTES_MAX) return Promise.resolve(err({ code: 'QUEUE_FULL' }));
    return new Promise((settle) => {
      this.#waiting.push({ records, bytes, settle });
      this.#waitingBytes += bytes;
      this.#draining ??= this.#drain();
    });
  }

  /** Settles when nothing waits any more. */
  async drained(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      await this.#appendOnce(this.#take());
    }
    this.#draining = undefined;
  }

  #take(): readonly Waiting[] {
    let bytes = 0;
    let records = 0;
    let count = 0;
    for (const each of this.#waiting) {
      bytes += each.bytes;
      records += each.records.length;
      if (count > 0 && (bytes > APPEND_BYTES_MAX || records > APPEND_RECORDS_MAX)) break;
      count += 1;
    }
    const taken = this.#waiting.splice(0, count);
    this.#waitingBytes -= taken.reduce((sum, each) => sum + each.bytes, 0);
    return taken;
  }

  async #appendOnce(requests: readonly Waiting[]): Promise<void> {
    const records = requests.flatMap((request) => request.records);
    const result = await this.#log.produce(records);
    if (!result.ok) {
      appendFailed({ records: records.length, detail: result.error.detail });
      for (const { settle } of requests) settle(result);
      return;
    }
    const acks = new Map(result.value.map((ack) => [placeOf(ack), ack]));
    const before = new Map<string, number>();
    for (const { records: own, settle } of requests) settle(ok(shareOf(own, acks, before)));
  }
}

/** The part of a common append that is one request's. Counts its records into `before`, for the next request. */
function shareOf(
  records: readonly NewRecord[],
  acks: ReadonlyMap<string, PartitionAck>,
  before: Map<string, number>,
): readonly PartitionAck[] {
  const own = new Map<string, PartitionAck>();
  for (const record of records) {
    const place = placeOf(record);
    const ack = acks.get(place);
    const index = before.get(place) ?? 0;
    before.set(place, index + 1);
    if (ack === undefined || own.has(place)) continue;
    own.set(place, ack.errorCode === 0 ? { ...ack, baseOffset: ack.baseOffset + index } : ack);
  }
  return [...own.values()];
}

function placeOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`;
}

function sizeOf({ key, value }: NewRecord): number {
  return (key?.byteLength ?? 0) + (value?.byteLength ?? 0);
}
