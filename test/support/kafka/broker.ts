import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { freePort } from '../../../db/local/free-port.ts';
import { err, ok, type Result } from '../../../domain/shared/result.ts';
import { muteTimeoutWarning } from '../../../streams/kit/timeout-warning.ts';
import { findJars, type KafkaUnavailable } from './jars.ts';

/** The virtual machine alone takes a second or two; a busy machine several times as much. */
const READY_WAIT_MS = 60_000;
const POLL_MS = 100;

export interface BrokerOptions {
  /** Holds the configuration, the data and `server.log`; used again it brings back the same broker. */
  readonly folder: string;
  /** A fixed port of the loopback interface; any free one if left out. */
  readonly port?: number;
}

export interface Broker {
  /** `127.0.0.1:port`, the same after every start. */
  readonly address: string;
  /** Returns when it takes requests and coordinates groups. */
  start(): Promise<Result<void, KafkaUnavailable>>;
  /** Ends it in order (`SIGTERM`) or not (`SIGKILL`), and returns when it is gone. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Settles when the process is gone, whoever ended it. */
  exited(): Promise<void>;
}

/** One Apache Kafka, broker and controller in one process, not started yet. */
export async function createBroker({
  folder,
  port: wanted = 0,
}: BrokerOptions): Promise<Result<Broker, KafkaUnavailable>> {
  const jars = await findJars();
  if (!jars.ok) return jars;
  muteTimeoutWarning();
  const [port, controllerPort] = [await freePort(wanted), await freePort(0)];
  if (port === undefined || controllerPort === undefined) {
    return err({
      code: 'START_FAILED',
      detail: `Port ${wanted} for Kafka is taken: end what listens there, or choose another.`,
    });
  }
  const properties = join(folder, 'server.properties');
  mkdirSync(folder, { recursive: true });
  writeFileSync(properties, serverProperties(join(folder, 'data'), port, controllerPort));
  const java = ['-Xmx512m', '-XX:TieredStopAtLevel=1', '-cp', join(jars.value, '*')];
  const formatted = format(folder, properties, java);
  if (!formatted.ok) return formatted;
  const address = `127.0.0.1:${port}`;
  let child: ChildProcess | undefined;

  async function start(): Promise<Result<void, KafkaUnavailable>> {
    const log = openSync(join(folder, 'server.log'), 'a');
    const started = spawn('java', [...java, 'kafka.Kafka', properties], { stdio: ['ignore', log, log] });
    closeSync(log);
    child = started;
    writeFileSync(join(folder, 'broker.pid'), String(started.pid));
    process.once('exit', () => started.kill('SIGKILL'));
    for (let waitedMs = 0; waitedMs < READY_WAIT_MS && started.exitCode === null; waitedMs += POLL_MS) {
      if (await answers(address)) return ok(undefined);
      await sleep(POLL_MS);
    }
    return err({ code: 'START_FAILED', detail: `Kafka did not start: ${lastError(folder)}` });
  }

  function exited(): Promise<void> {
    const current = child;
    if (current === undefined || current.exitCode !== null || current.signalCode !== null) return Promise.resolve();
    return new Promise((done) => {
      current.once('exit', () => done());
    });
  }

  return ok({
    address,
    start,
    exited,
    async stop(signal = 'SIGTERM') {
      const gone = exited();
      child?.kill(signal);
      await gone;
    },
  });
}

function serverProperties(data: string, port: number, controllerPort: number): string {
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
    `listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names=CONTROLLER',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    `log.dirs=${data}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'group.initial.rebalance.delay.ms=0',
    'auto.create.topics.enable=false',
    '',
  ].join('\n');
}

function format(folder: string, properties: string, java: readonly string[]): Result<void, KafkaUnavailable> {
  if (existsSync(join(folder, 'data', 'meta.properties'))) return ok(undefined);
  const id = randomBytes(16).toString('base64url');
  const run = spawnSync('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', properties]);
  if (run.status === 0) return ok(undefined);
  return err({ code: 'START_FAILED', detail: `Kafka could not format ${folder}: ${run.stderr.toString().trim()}` });
}

/** Also asks for a group's coordinator: in its first second a broker has none yet and clients would log errors. */
async function answers(address: string): Promise<boolean> {
  const client = new kafkajs.Kafka({ brokers: [address], retry: { retries: 0 }, logLevel: kafkajs.logLevel.NOTHING });
  const admin = client.admin();
  try {
    await admin.connect();
    await admin.describeCluster();
    await admin.fetchOffsets({ groupId: 'readiness', topics: [] });
    return true;
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

function lastError(folder: string): string {
  const log = join(folder, 'server.log');
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
  return `${lines.findLast((line) => /ERROR|Exception/.test(line)) ?? 'it did not get ready'}; see ${log}`;
}
