import type { Contender } from './contender.ts';
import { workerContender } from './worker-contender.ts';

export const naiveObject: Contender = {
  name: 'naive_object',
  what: 'a Worker and an object, one call and three statements a request',
  durability: 'fsync-per-commit',
  start: (run) => workerContender(run, { entry: 'naive-worker.ts', bindings: {}, objects: { STOCK: 'NaiveStock' } }),
};
