import type pg from 'pg';
import { countDeadLetters } from '../../db/queries/consumer-progress.ts';
import type { LogPort, PartitionOffset, TopicShape } from '../kit/log-port.ts';
import { readOffsets, type RunningGroup } from '../kit/runner.ts';
import { toQuery } from '../kit/sql.ts';

/** The answer of `GET /streams/status`. Null where the one who knows does not answer. */
export interface StreamsStatus {
  /** Everything answers and no record waits for a person. */
  readonly ok: boolean;
  readonly log: { readonly kind: 'embedded' | 'kafka'; readonly ready: boolean };
  readonly postgres: { readonly ready: boolean };
  /** `highWatermark`: the next offsets of all partitions added up. */
  readonly topics: readonly { readonly topic: string; readonly highWatermark: number | null }[];
  readonly groups: readonly GroupStatus[];
  /** Records that wait for a person, of all groups. */
  readonly deadLetters: number | null;
}

export interface GroupStatus {
  readonly group: string;
  readonly topics: readonly string[];
  /** Records in the log that the group has not worked off. */
  readonly lag: number | null;
  readonly deadLetters: number | null;
  /** Partitions whose next record the log no longer has. */
  readonly lostPartitions: number;
  /** RFC 3339. */
  readonly lastAttemptAt: string;
}

export interface StatusSources {
  readonly kind: 'embedded' | 'kafka';
  readonly log: LogPort;
  readonly pool: pg.Pool;
  readonly topics: readonly TopicShape[];
  readonly groups: readonly RunningGroup[];
}

export async function readStatus({ kind, log, pool, topics, groups }: StatusSources): Promise<StreamsStatus> {
  const identity = await log.identity();
  const [heads, offsets, parked] = await Promise.all([
    readHeads(log, topics),
    Promise.all(
      groups.map(async ({ group }) => (identity.ok ? orNull(readOffsets(pool, group, identity.value)) : null)),
    ),
    orNull(readParked(pool)),
  ]);
  const groupStatus = groups.map((running, index) => ({
    group: running.group,
    topics: running.topics.map(({ name }) => name),
    lag: heads === null || offsets[index] == null ? null : lagOf(running.topics, heads, offsets[index]),
    deadLetters: parked === null ? null : (parked.get(running.group) ?? 0),
    lostPartitions: running.lostPartitions(),
    lastAttemptAt: new Date(running.lastAttemptAtMs()).toISOString(),
  }));
  const deadLetters = parked === null ? null : [...parked.values()].reduce((sum, count) => sum + count, 0);
  const lost = groupStatus.some(({ lostPartitions }) => lostPartitions > 0);
  return {
    ok: heads !== null && deadLetters === 0 && !lost,
    log: { kind, ready: heads !== null },
    postgres: { ready: parked !== null },
    topics: topics.map(({ name }) => ({ topic: name, highWatermark: heads === null ? null : sumOf(name, heads) })),
    groups: groupStatus,
    deadLetters,
  };
}

async function readHeads(log: LogPort, topics: readonly TopicShape[]): Promise<readonly PartitionOffset[] | null> {
  const heads = await log.highWatermarks(topics);
  return heads.ok ? heads.value : null;
}

async function readParked(pool: pg.Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ group: string; parked: number }>(toQuery(countDeadLetters()));
  const parked = new Map<string, number>();
  for (const { group, parked: count } of rows) parked.set(group, (parked.get(group) ?? 0) + count);
  return parked;
}

/** Records between where the group stands and the end of the log, over all partitions. */
function lagOf(
  topics: readonly TopicShape[],
  heads: readonly PartitionOffset[],
  offsets: readonly PartitionOffset[],
): number {
  const standing = new Map(offsets.map(({ topic, partition, nextOffset }) => [`${topic}/${partition}`, nextOffset]));
  return heads
    .filter(({ topic }) => topics.some(({ name }) => name === topic))
    .reduce((sum, { topic, partition, nextOffset }) => {
      return sum + Math.max(0, nextOffset - (standing.get(`${topic}/${partition}`) ?? 0));
    }, 0);
}

async function orNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch {
    return null;
  }
}

function sumOf(name: string, heads: readonly PartitionOffset[]): number {
  return heads.reduce((sum, { topic, nextOffset }) => (topic === name ? sum + nextOffset : sum), 0);
}
