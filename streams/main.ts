import { TOPICS } from '../contracts/events/topics.ts';
import { createNodeDb, type NodeDb } from '../db/node-client.ts';
import { readConfig, type StreamsConfig } from './config.ts';
import {
  databaseConnectionLost,
  processFailed,
  processStarting,
  processStopped,
  processStopping,
} from './log-lines.ts';
import { startGateway, type Gateway } from './gateway/gateway.ts';
import { readStatus, type StreamsStatus } from './gateway/status.ts';
import { EmbeddedLog } from './kit/embedded-log.ts';
import { KafkajsLog } from './kit/kafkajs-log.ts';
import type { LogPort } from './kit/log-port.ts';
import { messageOf } from './kit/sql.ts';
import { runTopology, type RunningGroup } from './kit/runner.ts';
import { Watchdog } from './kit/watchdog.ts';
import { orderProjection } from './topologies/order-projection.ts';
import { paymentProjection } from './topologies/payment-projection.ts';
import { stockProjection } from './topologies/stock-projection.ts';

/** Batches of all groups under way, and the questions of `/streams/status`. */
const RUNNER_CONNECTIONS = 14;
/** One append at a time, one fetch a group, one look at the heads. */
const LOG_CONNECTIONS = 6;
/** No statement of a batch takes longer; a zombie that holds a row lock is cut loose after it. */
const PATIENCE_MS = 15_000;
const STATUS_FRESH_MS = 250;
const WATCHDOG_EVERY_MS = 10_000;
/** An orderly stop takes as long as the batches under way; the supervisor should not wait for ever. */
const STOP_MS_MAX = 9_000;

interface Running {
  readonly gateway: Gateway;
  readonly groups: readonly RunningGroup[];
  readonly status: () => Promise<StreamsStatus>;
  stop(): Promise<void>;
}

async function start(config: StreamsConfig, fail: (reason: string, detail: string) => void): Promise<Running> {
  const runnerDb = connect(config, 'kirana-streams', RUNNER_CONNECTIONS);
  const logDb = connect(config, 'kirana-streams-log', LOG_CONNECTIONS);
  const log: LogPort =
    config.log.kind === 'kafka'
      ? new KafkajsLog({ brokers: config.log.brokers, topics: TOPICS })
      : new EmbeddedLog(logDb.pool, TOPICS);
  const deps = {
    log,
    pool: runnerDb.pool,
    onCrash: (group: string, detail: string) => fail(`${group} crashed`, detail),
  };
  const groups = [
    runTopology(orderProjection, deps),
    runTopology(paymentProjection, deps),
    runTopology(stockProjection, deps),
  ];
  const status = fresh(() => readStatus({ kind: config.log.kind, log, pool: runnerDb.pool, topics: TOPICS, groups }));
  const gateway = await startGateway({ ...config.gateway, log, status });
  return {
    gateway,
    groups,
    status,
    async stop() {
      await gateway.stop();
      await Promise.all(groups.map((group) => group.stop()));
      await log.close();
      await Promise.all([runnerDb.close(), logDb.close()]);
    },
  };
}

function connect({ databaseUrl }: StreamsConfig, applicationName: string, max: number): NodeDb {
  return createNodeDb({
    connectionString: databaseUrl,
    applicationName,
    max,
    patienceMs: PATIENCE_MS,
    onError: (cause) => databaseConnectionLost({ detail: cause.message }),
  });
}

/** Many who ask within a moment get one answer. */
function fresh<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: { readonly value: Promise<T>; readonly atMs: number } | undefined;
  return () => {
    if (answer === undefined || Date.now() - answer.atMs > STATUS_FRESH_MS)
      answer = { value: read(), atMs: Date.now() };
    return answer.value;
  };
}

function watch(running: Running, fail: (reason: string, detail: string) => void): NodeJS.Timeout {
  const watchdog = new Watchdog();
  async function look(): Promise<void> {
    const { groups } = await running.status();
    const lags = new Map(groups.map(({ group, lag }) => [group, lag]));
    const wedged = watchdog.wedgedGroup(running.groups, lags, Date.now());
    if (wedged !== undefined) fail(`${wedged} is wedged`, 'it has records to read and does not try');
  }
  return setInterval(() => void look(), WATCHDOG_EVERY_MS);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  if (!config.ok) {
    processFailed({ reason: 'configuration', detail: config.error });
    process.exitCode = 1;
    return;
  }
  const stopped = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
  function fail(reason: string, detail: string): void {
    processFailed({ reason, detail });
    stopped.resolve({ code: 1, reason });
  }
  process.on('uncaughtException', (cause) => fail('uncaught exception', String(cause.stack ?? cause)));
  process.on('unhandledRejection', (cause) => fail('unhandled rejection', String(cause)));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => stopped.resolve({ code: 0, reason: signal }));
  }
  const names = [orderProjection, paymentProjection, stockProjection].map(({ group }) => group);
  processStarting({ log: config.value.log.kind, groups: names.join(',') });
  const running = await start(config.value, fail).catch((cause: unknown) => messageOf(cause));
  if (typeof running === 'string') {
    processFailed({ reason: 'start', detail: running });
    process.exit(1);
  }
  process.stdout.write(
    `${JSON.stringify({ ready: true, gateway: running.gateway.url, log: config.value.log.kind, groups: names })}\n`,
  );
  const watchdog = watch(running, fail);
  const { code, reason } = await stopped.promise;
  processStopping({ reason });
  clearInterval(watchdog);
  const cut = setTimeout(() => process.exit(1), STOP_MS_MAX);
  await running.stop();
  clearTimeout(cut);
  processStopped();
  // Whatever still holds the loop open has nothing left to do.
  process.exit(code);
}

await main();
