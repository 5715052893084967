import { sql } from 'drizzle-orm';
import type { Db } from '../client.ts';

/** The cheapest question there is: resolves when Postgres answers. */
export async function ping(db: Db): Promise<void> {
  await db.execute(sql`SELECT 1`);
}
