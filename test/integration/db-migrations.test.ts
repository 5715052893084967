import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrateDatabase } from '../../db/local/migrate.ts';
import { freePort } from '../../db/local/free-port.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** Every drizzle table there is, found the way drizzle-kit finds them: by the files of the folder. */
async function schemaTables(): Promise<PgTable[]> {
  const folder = new URL('../../db/schema/', import.meta.url);
  const modules = await Promise.all(
    readdirSync(folder).map(async (file): Promise<Record<string, unknown>> => import(new URL(file, folder).href)),
  );
  return modules.flatMap((module) => Object.values(module).filter((value) => value instanceof PgTable));
}

test('the migrated database has exactly the tables and columns of the schema', async () => {
  const { rows } = await client.query<{ column: string }>(
    `SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END AS column
     FROM information_schema.columns WHERE table_schema = 'public'`,
  );
  const tables = (await schemaTables()).map(getTableConfig);
  const wanted = tables.flatMap((table) =>
    table.columns.map((column) => {
      const inKey = table.primaryKeys.some((key) => key.columns.includes(column));
      return `${table.name}.${column.name}${column.notNull || inKey ? ' not null' : ''}`;
    }),
  );
  expect(rows.map(({ column }) => column).toSorted()).toEqual(wanted.toSorted());
});

test('migrating again changes nothing', async () => {
  expect(await migrateDatabase(database.url)).toEqual({ ok: true, value: { applied: 0 } });
});

test('migrating without a database says so', async () => {
  const port = await freePort(0);
  const result = await migrateDatabase(`postgresql://kirana:x@127.0.0.1:${port}/kirana`);
  expect(result).toMatchObject({ ok: false, error: { code: 'DATABASE_UNREACHABLE' } });
  expect(result.ok ? '' : result.error.detail).toContain(`127.0.0.1:${port}`);
});

test('two migrations at once apply everything once', async () => {
  const name = `${database.name}_twice`;
  await client.query(`CREATE DATABASE ${name}`);
  const url = new URL(database.url);
  url.pathname = `/${name}`;
  const results = await Promise.all([migrateDatabase(url.href), migrateDatabase(url.href)]);
  await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  const applied = results.map((result) => (result.ok ? result.value.applied : -1));
  expect(applied.toSorted((a, b) => a - b)).toEqual([0, expect.any(Number)]);
  expect(Math.max(...applied)).toBeGreaterThan(0);
});
