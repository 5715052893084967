import { createDb, type Db } from '../../db/client.ts';
import { startNeonEndpoint } from '../../db/local/neon-endpoint.ts';
import { createNodeDb } from '../../db/node-client.ts';
import { createTestDatabase } from './postgres.ts';

export const DRIVERS = ['pg', 'neon-http'] as const;
export type Driver = (typeof DRIVERS)[number];

export interface OpenDatabase {
  /** By the driver under test. */
  readonly db: Db;
  /** A direct connection string, to look behind the driver's back. */
  readonly url: string;
  close(): Promise<void>;
}

/** A database of its own behind the driver that Node processes use, or the one that the Worker uses. */
export async function openDatabase(driver: Driver): Promise<OpenDatabase> {
  const database = await createTestDatabase();
  if (driver === 'pg') {
    const node = createNodeDb({ connectionString: database.url });
    return {
      db: node.db,
      url: database.url,
      async close() {
        await node.close();
        await database.drop();
      },
    };
  }
  const endpoint = await startNeonEndpoint({ connectionString: database.url, postgresUrl: database.url });
  if (!endpoint.ok) throw new Error(endpoint.error.detail);
  return {
    db: createDb({ connectionString: database.url, localEndpoint: `127.0.0.1:${endpoint.value.port}` }),
    url: database.url,
    async close() {
      await endpoint.value.close();
      await database.drop();
    },
  };
}
