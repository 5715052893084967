import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '../../../domain/shared/result.ts';

const CACHE = resolve(import.meta.dirname, '../../../.cache/kafka');
const LIBS = join(CACHE, 'libs');

/** Why there is no broker; `detail` is one sentence that says what to do. */
export interface KafkaUnavailable {
  readonly code: 'NO_JAVA' | 'NO_MAVEN' | 'NO_JARS' | 'DOWNLOAD_FAILED' | 'START_FAILED';
  readonly detail: string;
}

/** The folder of Kafka's jars, if `installJars` has been here and Java can run them. */
export async function findJars(): Promise<Result<string, KafkaUnavailable>> {
  if (!(await runs('java', ['-version']))) {
    return err({ code: 'NO_JAVA', detail: 'Apache Kafka needs Java 17 or newer, and there is no java on the PATH.' });
  }
  if (!existsSync(LIBS) || !readdirSync(LIBS).some((name) => name.startsWith('kafka_'))) {
    return err({
      code: 'NO_JARS',
      detail: "Apache Kafka's jars are missing: `npm run kafka -- install` fetches them.",
    });
  }
  return ok(LIBS);
}

/** Fetches the jars with Maven (43 MB, a few seconds) into a folder that git ignores. Does nothing when they are there. */
export async function installJars(say: (line: string) => void): Promise<Result<string, KafkaUnavailable>> {
  const found = await findJars();
  if (found.ok || found.error.code === 'NO_JAVA') return found;
  if (!(await runs('mvn', ['-version']))) {
    return err({ code: 'NO_MAVEN', detail: 'Fetching the jars needs Maven, and there is no mvn on the PATH.' });
  }
  say("fetching Apache Kafka's jars with Maven (43 MB)");
  // Half a download must not look like a whole one.
  const partial = join(CACHE, `libs-${process.pid}`);
  mkdirSync(CACHE, { recursive: true });
  const pom = join(import.meta.dirname, 'pom.xml');
  const fetched = await runs(
    'mvn',
    ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${partial}`],
    say,
  );
  if (!fetched) {
    rmSync(partial, { recursive: true, force: true });
    return err({ code: 'DOWNLOAD_FAILED', detail: 'Maven could not fetch the jars; what it said is above.' });
  }
  rmSync(LIBS, { recursive: true, force: true });
  renameSync(partial, LIBS);
  return ok(LIBS);
}

/** True when the command exists and ends well. */
function runs(command: string, args: readonly string[], say?: (line: string) => void): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const output of [child.stdout, child.stderr]) {
      output.on('data', (chunk: Buffer) => say?.(chunk.toString().trimEnd()));
    }
    child.once('error', () => done(false));
    child.once('close', (code) => done(code === 0));
  });
}
