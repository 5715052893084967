import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '../../db/local/migrate.ts';
import { startPostgres } from '../../db/local/postgres.ts';
import { clearStalePostmaster } from '../../db/local/postmaster.ts';

const PREFIX = 'kirana-test-postgres-';

export interface TestCluster {
  /** The migrated database every test database is copied from. Nobody may stay connected to it. */
  readonly templateUrl: string;
  stop(): Promise<void>;
}

/** A migrated cluster in a temporary folder, without safety against power loss. */
export async function startTestCluster(): Promise<TestCluster> {
  await removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const server = await startPostgres({ folder, password: randomBytes(12).toString('hex'), durable: false });
  if (!server.ok) throw new Error(server.error.detail);
  const templateUrl = server.value.url();
  const migrated = await migrateDatabase(templateUrl);
  if (!migrated.ok) throw new Error(migrated.error.detail);
  return {
    templateUrl,
    async stop() {
      await server.value.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a test run that was killed left behind: its folder carries its process number. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    await clearStalePostmaster(join(folder, 'data'), () => {});
    rmSync(folder, { recursive: true, force: true });
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
