import type { Contender } from './contenders/contender.ts';
import { hello } from './contenders/hello.ts';
import { kirana, kiranaPublishing } from './contenders/kirana.ts';
import { naiveObject } from './contenders/naive-object.ts';
import { postgresStatement } from './contenders/postgres-statement.ts';
import { postgresTransaction } from './contenders/postgres-transaction.ts';
import { redisBasket, redisScript } from './contenders/redis-contenders.ts';

export const CONTENDERS: readonly Contender[] = [
  hello,
  kirana,
  kiranaPublishing,
  naiveObject,
  postgresTransaction,
  postgresStatement,
  redisScript('everysec'),
  redisScript('always'),
  redisBasket('everysec'),
  redisBasket('always'),
];

/** Workloads that are measured together, on contenders that are started for them. The first is looked at in depth. */
export const SESSIONS: readonly (readonly string[])[] = [
  ['hot', 'hello'],
  ['zipf'],
  ['basket8'],
  ['flash'],
  ['reads'],
  ['availability', 'hello_open'],
  ['churn'],
];
