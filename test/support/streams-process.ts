import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { toRecord, type TestEvent } from './stream-events.ts';

const MAIN = fileURLToPath(new URL('../../streams/main.ts', import.meta.url));
const GATEWAY_TOKEN = 'a-token-for-the-tests';

export interface StreamsProcess {
  readonly pid: number;
  /** The line on stdout that says that it is ready; rejects when the process ends before. */
  ready(): Promise<{ readonly gateway: string }>;
  /** What it has said on stderr: one JSON object a line. */
  said(): readonly { readonly event: string; readonly reason?: string; readonly detail?: string }[];
  /** Sends a signal and answers the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  exited(): Promise<number | NodeJS.Signals>;
}

/** `streams/main.ts` as its own process, on a free port unless `environment` says otherwise. */
export function startStreams(environment: Readonly<Record<string, string>>): StreamsProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], GATEWAY_PORT: '0', GATEWAY_TOKEN, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const lines: ReturnType<StreamsProcess['said']>[number][] = [];
  createInterface(child.stderr).on('line', (line) => {
    lines.push(line.startsWith('{') ? JSON.parse(line) : { event: 'not JSON', detail: line });
  });
  const exited = new Promise<number | NodeJS.Signals>((done) => {
    child.once('close', (code, signal) => done(code ?? signal ?? 0));
  });
  const ready = new Promise<{ readonly gateway: string }>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
    void exited.then((code) => reject(new Error(`streams ended with ${code}: ${JSON.stringify(lines)}`)));
  });
  ready.catch(() => {});
  return {
    pid: child.pid ?? 0,
    ready: () => ready,
    said: () => lines,
    exited: () => exited,
    async end(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/** Sends events of one topic as an outbox does; true when every one is acknowledged. */
export async function publish(gateway: string, events: readonly TestEvent[]): Promise<boolean> {
  const records = events.map((event) => {
    const { key, value, partition } = toRecord(event);
    return {
      key: Buffer.from(key ?? []).toString('base64'),
      value: Buffer.from(value ?? []).toString('base64'),
      partition,
    };
  });
  try {
    const response = await fetch(`${gateway}/topics/${events[0]?.topic.name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.kafka.binary.v2+json', authorization: `Bearer ${GATEWAY_TOKEN}` },
      body: JSON.stringify({ records }),
    });
    const { offsets = [] }: { offsets?: readonly { offset: number }[] } = JSON.parse(await response.text());
    return offsets.length > 0 && offsets.every(({ offset }) => offset >= 0);
  } catch {
    return false;
  }
}

/** Sends until it is acknowledged, however often it takes: an outbox never gives up. */
export async function publishUntilTaken(gateway: () => string, events: readonly TestEvent[]): Promise<void> {
  while (!(await publish(gateway(), events))) {
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

export interface ProcessStatus {
  readonly ok: boolean;
  readonly log: { readonly ready: boolean };
  readonly postgres: { readonly ready: boolean };
  readonly groups: readonly { readonly group: string; readonly lag: number | null }[];
  readonly deadLetters: number | null;
}

export async function streamsStatus(gateway: string): Promise<ProcessStatus> {
  const response = await fetch(`${gateway}/streams/status`, { headers: { authorization: `Bearer ${GATEWAY_TOKEN}` } });
  return JSON.parse(await response.text());
}

/** True when every group has worked off everything. */
export async function caughtUp(gateway: string): Promise<boolean> {
  const { groups } = await streamsStatus(gateway);
  return groups.length > 0 && groups.every(({ lag }) => lag === 0);
}
