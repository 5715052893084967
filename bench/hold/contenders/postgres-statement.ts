import type { Contender } from './contender.ts';
import { nodeContender } from './node-contender.ts';
import { postgresBackend } from './postgres.ts';

export const postgresStatement: Contender = {
  name: 'postgres_statement',
  what: 'Hono on Node, PostgreSQL, one statement',
  durability: 'fsync-per-commit',
  start: async (run) => nodeContender('postgres_statement', await postgresBackend(run)),
};
