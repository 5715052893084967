import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { inject } from 'vitest';
import type {} from './postgres-setup.ts';

const LOOK_EVERY_MS = 20;
const LOOKS_MAX = 25;

export interface TestDatabase {
  /** Direct connection string of the superuser. */
  readonly url: string;
  readonly name: string;
  /** Removes it, with whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * A migrated, empty database of its own in the cluster of this test run: a copy of a template, about 30 ms.
 *
 *     const database = await createTestDatabase();
 *     afterAll(() => database.drop());
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const templateUrl = inject('postgresTemplateUrl');
  const template = new URL(templateUrl).pathname.slice(1);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(templateUrl, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  return {
    name,
    url: withDatabase(templateUrl, name),
    drop: async () => {
      await untilLeft(templateUrl, name);
      await administer(templateUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/**
 * A client that has ended is connected for a moment longer; to be thrown out then is an error that nobody listens for any more.
 * Those that stay are thrown out.
 */
async function untilLeft(templateUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(templateUrl, 'postgres') });
  await client.connect();
  try {
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      // oxlint-disable-next-line no-await-in-loop -- asks again
      const { rowCount } = await client.query('SELECT 1 FROM pg_stat_activity WHERE datname = $1', [name]);
      if (rowCount === 0) return;
      // oxlint-disable-next-line no-await-in-loop -- asks again
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    await client.end();
  }
}

/** By way of the maintenance database, because a template with a connection cannot be copied. */
async function administer(templateUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(templateUrl, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
