/**
 * Everything this process has to say, one function an event. Lines of JSON on stderr: topics, partitions, offsets and codes,
 * never a payload. stdout carries the one line that says that the process is ready.
 */
type Fields = Readonly<Record<string, string | number | boolean | null>>;
type Level = 'info' | 'warn' | 'error';

function say(level: Level, event: string, fields: Fields): void {
  // oxlint-disable-next-line no-console -- the one place that speaks; a test runner can hold back what passed
  console.error(JSON.stringify({ at: new Date().toISOString(), level, event, ...fields }));
}

export function processStarting(fields: { readonly log: string; readonly groups: string }): void {
  say('info', 'streams.starting', fields);
}

export function processStopping(fields: { readonly reason: string }): void {
  say('info', 'streams.stopping', fields);
}

export function processStopped(): void {
  say('info', 'streams.stopped', {});
}

export function processFailed(fields: { readonly reason: string; readonly detail: string }): void {
  say('error', 'streams.failed', fields);
}

/** A batch could not be written now; its partition waits. Said at the first failure in a row, then ever more rarely. */
export function batchPostponed(fields: {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly failures: number;
  readonly detail: string;
}): void {
  if (isPowerOfTwo(fields.failures)) say('warn', 'batch.postponed', fields);
}

/** No partition of the group waits any more. */
export function batchesRecovered(fields: { readonly group: string; readonly failures: number }): void {
  say('info', 'batches.recovered', fields);
}

export function recordParked(fields: {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly subject: string | null;
  readonly code: string;
}): void {
  say('error', 'record.parked', fields);
}

export function partitionLost(fields: {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly wantedOffset: number;
}): void {
  say('error', 'partition.offset_out_of_range', fields);
}

export function appendFailed(fields: { readonly records: number; readonly detail: string }): void {
  say('warn', 'append.failed', fields);
}

export function brokerSaid(fields: {
  readonly level: 'warn' | 'error';
  readonly namespace: string;
  readonly detail: string;
}): void {
  say(fields.level, 'broker.client', { namespace: fields.namespace, detail: fields.detail });
}

/** A consumer has no session with the log, or does not know where to start. Said ever more rarely. */
export function consumerWaiting(fields: {
  readonly group: string;
  readonly failures: number;
  readonly detail: string;
}): void {
  if (isPowerOfTwo(fields.failures)) say('warn', 'consumer.waiting', fields);
}

export function databaseConnectionLost(fields: { readonly detail: string }): void {
  say('warn', 'database.connection_lost', fields);
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
