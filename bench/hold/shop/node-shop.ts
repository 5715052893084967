import { serve } from '@hono/node-server';
import { createClient } from '@redis/client';
import pg from 'pg';
import * as v from 'valibot';
import { ApiKeys } from '../../../edge/auth/api-key.ts';
import { POSTGRES_SCHEMA } from '../shelves/postgres-schema.ts';
import { PostgresStatementShelf } from '../shelves/postgres-statement.ts';
import { PostgresTransactionShelf } from '../shelves/postgres-transaction.ts';
import { RedisBasketShelf } from '../shelves/redis-basket.ts';
import { RedisScriptShelf } from '../shelves/redis-script.ts';
import { ChannelKeyEntry } from './channel-key.ts';
import type { Shelf } from './shelf.ts';
import { createShop } from './shop.ts';

/** The one message that this process gets from its parent. */
const NodeShopInput = v.object({
  shelf: v.picklist(['postgres_transaction', 'postgres_statement', 'redis_script', 'redis_basket']),
  /** Of the database. */
  url: v.string(),
  channelKey: ChannelKeyEntry,
});
export type NodeShopInput = v.InferOutput<typeof NodeShopInput>;

const EXPIRY_EVERY_MS = 1_000;

process.once('message', (message) => {
  void run(v.parse(NodeShopInput, message));
});

async function run({ shelf: kind, url, channelKey }: NodeShopInput): Promise<void> {
  const shelf = await openShelf(kind, url);
  const keys = new ApiKeys({ operatorKeys: [], channelKeys: [channelKey] });
  const app = createShop(() => ({ keys, shelf }));
  setInterval(() => {
    shelf.expireDue(Date.now()).catch((cause: unknown) => console.error(cause));
  }, EXPIRY_EVERY_MS);
  serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
    console.log(JSON.stringify({ ready: true, port }));
  });
}

async function openShelf(kind: NodeShopInput['shelf'], url: string): Promise<Shelf> {
  if (kind === 'postgres_transaction' || kind === 'postgres_statement') {
    // As many connections as the driver opens by itself.
    const pool = new pg.Pool({ connectionString: url });
    await pool.query(POSTGRES_SCHEMA);
    return kind === 'postgres_transaction' ? new PostgresTransactionShelf(pool) : new PostgresStatementShelf(pool);
  }
  // Commands of one turn of the event loop go out together, on one connection.
  const redis = createClient({ url });
  redis.on('error', (cause) => console.error(cause));
  await redis.connect();
  return kind === 'redis_script' ? new RedisScriptShelf(redis) : new RedisBasketShelf(redis);
}
