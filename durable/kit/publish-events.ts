import { TOPICS } from '../../contracts/events/topics.ts';
import { partitionOf } from '../../contracts/events/partition.ts';
import { invariant } from '../../domain/shared/assert.ts';
import type { ObjectEnv } from '../env.ts';
import type { OutboxRow } from './outbox.ts';

/** The binary dialect: consumers see the raw bytes of key and value. https://docs.redpanda.com/current/develop/http-proxy/ */
const CONTENT_TYPE = 'application/vnd.kafka.binary.v2+json';
/** A stuck proxy must not hold a drain: the rows stay and are sent again. */
const TIMEOUT_MS = 10_000;

/** Sends rows to `POST /topics/{topic}`, each with its partition. A 200 can still carry an error for a partition: then this throws. */
export async function publishEvents(
  env: Pick<ObjectEnv, 'GATEWAY_URL' | 'GATEWAY_TOKEN'>,
  topicName: string,
  rows: readonly OutboxRow[],
): Promise<void> {
  const topic = TOPICS.find((known) => known.name === topicName);
  invariant(topic !== undefined, `the outbox names an unknown topic ${topicName}`);
  const records = rows.map((row) => ({
    key: base64(row.recordKey),
    value: base64(row.body),
    partition: partitionOf(row.recordKey, topic.partitions),
  }));
  const tooLong = new AbortController();
  // Not AbortSignal.timeout: its timer goes on after the answer, and a pending timer keeps an object awake for as long.
  const timer = setTimeout(() => {
    tooLong.abort(new Error(`the gateway did not answer within ${TIMEOUT_MS} ms`));
  }, TIMEOUT_MS);
  try {
    const response = await fetch(`${env.GATEWAY_URL}/topics/${topicName}`, {
      method: 'POST',
      headers: { 'content-type': CONTENT_TYPE, authorization: `Bearer ${env.GATEWAY_TOKEN}` },
      body: JSON.stringify({ records }),
      signal: tooLong.signal,
    });
    await checkTaken(topicName, response);
  } finally {
    clearTimeout(timer);
  }
}

async function checkTaken(topicName: string, response: Response): Promise<void> {
  if (!response.ok) throw new Error(`the gateway answered ${response.status} for ${topicName}`);
  const { offsets } = await response.json<{ offsets?: readonly { offset?: number; error_code?: number }[] }>();
  const failed = offsets?.find((entry) => (entry.error_code ?? 0) !== 0 || (entry.offset ?? -1) < 0);
  if (offsets === undefined || offsets.length === 0 || failed !== undefined) {
    throw new Error(`the log refused records of ${topicName}: ${failed?.error_code ?? 'no offsets'}`);
  }
}

function base64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
