import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, type Result } from '../../domain/shared/result.ts';
import { createBroker, type Broker } from './kafka/broker.ts';
import type { KafkaUnavailable } from './kafka/jars.ts';

const PREFIX = 'kirana-test-kafka-';

export interface TestKafka extends Broker {
  /** Ends the broker and removes its folder. */
  remove(): Promise<void>;
}

/** A real Apache Kafka on a free port, in a temporary folder; or why there is none. */
async function startKafka(): Promise<Result<TestKafka, KafkaUnavailable>> {
  removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const broker = await createBroker({ folder });
  if (!broker.ok) {
    rmSync(folder, { recursive: true, force: true });
    return broker;
  }
  const started = await broker.value.start();
  if (!started.ok) return started;
  return ok({
    ...broker.value,
    async remove() {
      await broker.value.stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/**
 * For the top of a test file: `const kafka = await kafkaOrSkip()`, then `describe.skipIf(kafka === undefined)`. Without Java or
 * the jars the tests are skipped and one line says why; with CI=true that is a failure.
 */
export async function kafkaOrSkip(): Promise<TestKafka | undefined> {
  const kafka = await startKafka();
  if (kafka.ok) return kafka.value;
  if (process.env['CI'] === 'true') throw new Error(kafka.error.detail);
  process.stderr.write(`Tests against Kafka are skipped: ${kafka.error.detail}\n`);
  return undefined;
}

/** What a test run that was killed left behind: its folder carries its process number, and the broker's own. */
function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    endOrphan(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends the broker of a folder, if the process of that number still is it. */
function endOrphan(folder: string): void {
  try {
    const pid = Number(readFileSync(join(folder, 'broker.pid'), 'utf8'));
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) process.kill(pid, 'SIGKILL');
  } catch {
    // It never started, or is gone, or this system has no /proc.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
