import type pg from 'pg';
import type { Topic } from '../../contracts/events/topic.ts';
import { selectOffsets } from '../../db/queries/consumer-progress.ts';
import { invariant } from '../../domain/shared/assert.ts';
import { batchesRecovered, batchPostponed, partitionLost, recordParked } from '../log-lines.ts';
import { backoffMs } from './backoff.ts';
import { commitBatch } from './commit-batch.ts';
import type { ConsumerProblem, LogBatch, LogConsumer, LogPort, PartitionOffset } from './log-port.ts';
import { messageOf, toQuery } from './sql.ts';
import type { Topology } from './topology.ts';

export interface RunnerDeps {
  readonly log: LogPort;
  readonly pool: pg.Pool;
  /** Told when this group can go on only in a new process. */
  readonly onCrash: (group: string, detail: string) => void;
}

export interface RunningGroup {
  readonly group: string;
  readonly topics: readonly Topic[];
  /** When a batch last came to an end, well or not; the moment of the start before the first one. Milliseconds of the epoch. */
  lastAttemptAtMs(): number;
  /** Partitions that wait for a person, because the log does not have the offset to go on from. */
  lostPartitions(): number;
  stop(): Promise<void>;
}

/**
 * Runs one topology until stopped: each batch of a partition is one Postgres transaction of state, outputs, dead letters and
 * offset. What fails for reasons outside the record is tried again for ever, with its partition paused meanwhile.
 */
export function runTopology<T extends Topic, State, Output>(
  topology: Topology<T, State, Output>,
  deps: RunnerDeps,
): RunningGroup {
  return new Runner(topology, deps);
}

class Runner<T extends Topic, State, Output> implements RunningGroup {
  readonly group: string;
  readonly topics: readonly T[];
  readonly #topology: Topology<T, State, Output>;
  readonly #deps: RunnerDeps;
  readonly #consumer: LogConsumer;
  readonly #failures = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #lost = new Set<string>();
  #log: string | undefined;
  #lastAttemptAtMs = Date.now();

  constructor(topology: Topology<T, State, Output>, deps: RunnerDeps) {
    this.group = topology.group;
    this.topics = topology.topics;
    this.#topology = topology;
    this.#deps = deps;
    this.#consumer = deps.log.subscribe({
      group: this.group,
      topics: this.topics,
      startAt: () => this.#startAt(),
      eachBatch: (batch) => this.#eachBatch(batch),
      onProblem: (problem) => this.#onProblem(problem),
    });
  }

  lastAttemptAtMs(): number {
    return this.#lastAttemptAtMs;
  }

  lostPartitions(): number {
    return this.#lost.size;
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#consumer.close();
  }

  async #startAt(): Promise<readonly PartitionOffset[]> {
    const identity = await this.#deps.log.identity();
    if (!identity.ok) throw new Error(identity.error.detail);
    this.#log = identity.value;
    return readOffsets(this.#deps.pool, this.group, identity.value);
  }

  async #eachBatch({ topic: name, partition, records }: LogBatch): Promise<number> {
    const topic = this.topics.find((each) => each.name === name);
    const first = records[0];
    invariant(topic !== undefined && first !== undefined && this.#log !== undefined, `${this.group} asked for ${name}`);
    const place = `${name}/${partition}`;
    const failed = this.#failures.get(place) ?? 0;
    const key = { group: this.group, log: this.#log, topic: name, partition };
    try {
      const committed = await commitBatch(this.#topology, topic, { pool: this.#deps.pool, key, records });
      this.#failures.delete(place);
      if (failed > 0 && this.#failures.size === 0) batchesRecovered({ group: this.group, failures: failed });
      for (const { recordOffset, subject, code } of committed.deadLetters) {
        recordParked({ group: this.group, topic: name, partition, offset: recordOffset, subject, code });
      }
      return committed.nextOffset;
    } catch (cause) {
      const failures = failed + 1;
      // Many partitions fail for one reason: the one that has failed most often speaks for all.
      if (failures > Math.max(0, ...this.#failures.values())) {
        batchPostponed({ group: this.group, topic: name, partition, failures, detail: messageOf(cause) });
      }
      this.#failures.set(place, failures);
      this.#postpone(name, partition, backoffMs(failures, Math.random()));
      return first.offset;
    } finally {
      this.#lastAttemptAtMs = Date.now();
    }
  }

  #postpone(topic: string, partition: number, waitMs: number): void {
    this.#consumer.pause(topic, partition);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#consumer.resume(topic, partition);
    }, waitMs);
    this.#timers.add(timer);
  }

  #onProblem(problem: ConsumerProblem): void {
    if (problem.code === 'CRASHED') {
      this.#deps.onCrash(this.group, problem.detail);
      return;
    }
    const { topic, partition, wantedOffset } = problem;
    this.#lost.add(`${topic}/${partition}`);
    partitionLost({ group: this.group, topic, partition, wantedOffset });
  }
}

/** Where a group stands in a log, as its database says. Rejects while that is away. */
export async function readOffsets(pool: pg.Pool, group: string, log: string): Promise<readonly PartitionOffset[]> {
  const { rows } = await pool.query<{ topic: string; partition: number; next_offset: string }>(
    toQuery(selectOffsets(group, log)),
  );
  return rows.map(({ topic, partition, next_offset }) => ({ topic, partition, nextOffset: Number(next_offset) }));
}
