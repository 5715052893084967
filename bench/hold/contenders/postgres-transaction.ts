import type { Contender } from './contender.ts';
import { nodeContender } from './node-contender.ts';
import { postgresBackend } from './postgres.ts';

export const postgresTransaction: Contender = {
  name: 'postgres_tx',
  what: 'Hono on Node, PostgreSQL, BEGIN … COMMIT',
  durability: 'fsync-per-commit',
  start: async (run) => nodeContender('postgres_transaction', await postgresBackend(run)),
};
