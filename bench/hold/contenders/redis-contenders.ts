import type { Contender } from './contender.ts';
import { nodeContender } from './node-contender.ts';
import { redisBackend, redisMissing, type AppendFsync } from './redis.ts';

const DURABILITY = { everysec: 'everysec', always: 'group fsync' } as const;

/** The short script of the guides: fast, and without a record of what was held. */
export function redisScript(appendFsync: AppendFsync): Contender {
  return {
    name: `redis_script_${appendFsync}`,
    what: `Hono on Node, Redis, check and decrement in Lua, AOF ${appendFsync}`,
    durability: DURABILITY[appendFsync],
    missing: redisMissing,
    start: async (run) => nodeContender('redis_script', await redisBackend(run, appendFsync)),
  };
}

/** The same duties as everybody else. */
export function redisBasket(appendFsync: AppendFsync): Contender {
  return {
    name: `redis_lua_${appendFsync}`,
    what: `Hono on Node, Redis, whole baskets, hold records and outbox in Lua, AOF ${appendFsync}`,
    durability: DURABILITY[appendFsync],
    missing: redisMissing,
    start: async (run) => nodeContender('redis_basket', await redisBackend(run, appendFsync)),
  };
}
