import type pg from 'pg';
import type { Topic } from '../../contracts/events/topic.ts';
import { selectOffsets } from '../../db/queries/consumer-progress.ts';
import { batchPostponed, batchRecovered, partitionLost, recordParked } from '../events.ts';
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
  { log, pool, onCrash }: RunnerDeps,
): RunningGroup {
  const { group, topics } = topology;
  const failures = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  let lost = 0;
  let lastAttemptAtMs = Date.now();

  async function eachBatch(batch: LogBatch): Promise<number> {
    const topic = topics.find(({ name }) => name === batch.topic);
    const first = batch.records[0];
    if (topic === undefined || first === undefined)
      throw new Error(`${group} was given an odd batch of ${batch.topic}`);
    const { partition } = batch;
    const place = `${topic.name}/${partition}`;
    const failed = failures.get(place) ?? 0;
    try {
      const { nextOffset, deadLetters } = await commitBatch(topology, topic, pool, batch);
      failures.delete(place);
      if (failed > 0) batchRecovered({ group, topic: topic.name, partition, failures: failed });
      for (const { recordOffset, subject, code } of deadLetters) {
        recordParked({ group, topic: topic.name, partition, offset: recordOffset, subject, code });
      }
      return nextOffset;
    } catch (cause) {
      failures.set(place, failed + 1);
      batchPostponed({ group, topic: topic.name, partition, failures: failed + 1, detail: messageOf(cause) });
      postpone(topic.name, partition, backoffMs(failed + 1, Math.random()));
      return first.offset;
    } finally {
      lastAttemptAtMs = Date.now();
    }
  }

  function postpone(topic: string, partition: number, waitMs: number): void {
    consumer.pause(topic, partition);
    const timer = setTimeout(() => {
      timers.delete(timer);
      consumer.resume(topic, partition);
    }, waitMs);
    timers.add(timer);
  }

  function onProblem(problem: ConsumerProblem): void {
    if (problem.code === 'CRASHED') {
      onCrash(group, problem.detail);
      return;
    }
    lost += 1;
    const { topic, partition, wantedOffset } = problem;
    partitionLost({ group, topic, partition, wantedOffset });
  }

  const consumer: LogConsumer = log.subscribe({
    group,
    topics,
    startAt: () => readOffsets(pool, group),
    eachBatch,
    onProblem,
  });
  return {
    group,
    topics,
    lastAttemptAtMs: () => lastAttemptAtMs,
    lostPartitions: () => lost,
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      await consumer.close();
    },
  };
}

/** Where a group stands, as its database says. Rejects while that is away. */
export async function readOffsets(pool: pg.Pool, group: string): Promise<readonly PartitionOffset[]> {
  const { rows } = await pool.query<{ topic: string; partition: number; next_offset: string }>(
    toQuery(selectOffsets(group)),
  );
  return rows.map(({ topic, partition, next_offset }) => ({ topic, partition, nextOffset: Number(next_offset) }));
}
