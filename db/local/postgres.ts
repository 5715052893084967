import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import { freePort } from './free-port.ts';
import { ensureCluster, SUPERUSER } from './initdb.ts';
import { findBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import type { PostgresProblem } from './postgres-problem.ts';
import { prepareLaunch, type Launch } from './postgres-user.ts';
import { clearStalePostmaster, clusterName, readPostmaster, stopPostmaster } from './postmaster.ts';

const DATABASE = 'kirana';

/** A crash recovery replays up to `max_wal_size` (1 GB) of log; on a slow disk that is most of a minute. */
const READY_WAIT_MS = 90_000;
const POLL_MS = 20;
/** After a kill -9 of the postmaster its other processes hold the shared memory until they notice, well under a second. */
const ATTEMPTS = 20;
const ATTEMPT_PAUSE_MS = 250;
const LOG_BYTES_MAX = 10 * 1024 * 1024;

export interface StartPostgresOptions {
  /** Made if missing; holds the cluster (`data`) and `server.log`. One server at a time. */
  readonly folder: string;
  /** Of the superuser; kept by the caller, since the cluster remembers it from its creation on. */
  readonly password: string;
  /** A fixed port of the loopback interface; any free one if left out. */
  readonly port?: number;
  /** False gives up safety against power loss for speed: tests only. */
  readonly durable?: boolean;
  readonly onProgress?: (line: string) => void;
}

export interface LocalPostgres {
  readonly port: number;
  readonly pid: number;
  /** Settles when the server is gone, whoever ended it. */
  readonly exited: Promise<void>;
  url(database?: string): string;
  /** Fast shutdown; returns when the server is gone. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL in `folder`, creating the cluster and the database `kirana` at the first time.
 * Nothing an earlier run left behind needs a manual clean-up: not an orphan, not a lock file, not half a cluster.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<Result<LocalPostgres, PostgresProblem>> {
  const folder = resolve(options.folder);
  const { durable = true, onProgress = () => {} } = options;
  const binaries = findBinaries();
  if (!binaries.ok) return binaries;
  const launch = prepareLaunch(folder, binaries.value.postgres);
  if (!launch.ok) return launch;
  const data = await ensureCluster(folder, binaries.value, launch.value, {
    password: options.password,
    durable,
    onProgress,
  });
  if (!data.ok) return data;
  const user = await clearStalePostmaster(data.value, onProgress);
  if (user !== undefined) {
    return err({
      code: 'ALREADY_RUNNING',
      detail: `${folder} is in use by process ${user}: stop that one first, or use another folder.`,
    });
  }
  onProgress('starting PostgreSQL');
  const started = await startUntilReady({
    folder,
    data: data.value,
    ...(options.port === undefined ? {} : { fixedPort: options.port }),
    durable,
    binaries: binaries.value,
    launch: launch.value,
  });
  if (!started.ok) return started;
  const server = running(started.value.child, started.value.port, options.password);
  const ready = await ensureDatabase(server, folder);
  if (ready.ok) return ok(server);
  await server.stop();
  return ready;
}

interface Start {
  readonly folder: string;
  readonly data: string;
  readonly fixedPort?: number;
  readonly durable: boolean;
  readonly binaries: PostgresBinaries;
  readonly launch: Launch;
}

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
}

/** Reasons that pass by themselves. A free port can be taken between the look and the start; the next look finds another. */
const PASSING = /shared memory block|lock file .* already exists|could not create any TCP\/IP sockets/;

async function startUntilReady(start: Start): Promise<Result<Started, PostgresProblem>> {
  const log = join(start.folder, 'server.log');
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(start.fixedPort ?? 0);
    if (port === undefined) {
      return err({
        code: 'PORT_BUSY',
        detail: `Port ${start.fixedPort} for PostgreSQL is taken: end what listens there, or choose another port.`,
      });
    }
    const logStart = logSize(log);
    const child = spawnServer(start, port, log);
    if (await becomesReady(child, start.data)) return ok({ child, port });
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      await stopPostmaster(child.pid);
    const said = readFileSync(log).subarray(logStart).toString('utf8');
    if (PASSING.test(said) && attempt < ATTEMPTS) {
      await sleep(ATTEMPT_PAUSE_MS);
      continue;
    }
    const reason = /(?:FATAL|PANIC): .*/.exec(said)?.[0] ?? 'it did not get ready';
    return err({
      code: 'START_FAILED',
      detail: `PostgreSQL in ${start.folder} does not start: ${reason}; see ${log}.`,
    });
  }
}

/** The log is a file and the server leads its own process group, so that neither our death nor a Ctrl-C touches it. */
function spawnServer(start: Start, port: number, log: string): ChildProcess {
  const fast = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  const settings = [
    `cluster_name=${clusterName()}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(start.durable ? [] : fast),
  ];
  const { prefix, ...ids } = start.launch;
  const [command = '', ...rest] = [
    ...prefix,
    start.binaries.postgres,
    '-D',
    start.data,
    '-p',
    String(port),
    ...settings.flatMap((setting) => ['-c', setting]),
  ];
  const output = openSync(log, 'a');
  const child = spawn(command, rest, {
    ...ids,
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, LC_ALL: 'C' },
  });
  // Without a listener a failed spawn would end the whole process; the exit is noticed below.
  child.on('error', () => {});
  closeSync(output);
  return child;
}

async function becomesReady(child: ChildProcess, data: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < READY_WAIT_MS; waitedMs += POLL_MS) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false;
    const postmaster = readPostmaster(data);
    if (postmaster?.pid === child.pid && postmaster.ready) return true;
    await sleep(POLL_MS);
  }
  return false;
}

function running(child: ChildProcess, port: number, password: string): LocalPostgres {
  const pid = child.pid ?? 0;
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done());
  });
  return {
    port,
    pid,
    exited,
    url: (database = DATABASE) =>
      `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      await stopPostmaster(pid);
      await exited;
    },
  };
}

async function ensureDatabase(server: LocalPostgres, folder: string): Promise<Result<void, PostgresProblem>> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    return ok(undefined);
  } catch (cause) {
    if (cause instanceof pg.DatabaseError && cause.code === '28P01') {
      return err({
        code: 'WRONG_PASSWORD',
        detail: `The cluster in ${folder} was made with another password: bring that one back, or remove the folder and lose its data.`,
      });
    }
    return err({ code: 'START_FAILED', detail: `PostgreSQL in ${folder} runs but does not answer: ${String(cause)}` });
  } finally {
    await client.end();
  }
}

function logSize(log: string): number {
  try {
    const { size } = statSync(log);
    if (size < LOG_BYTES_MAX) return size;
    truncateSync(log);
  } catch {
    // There is none before the first start.
  }
  return 0;
}
