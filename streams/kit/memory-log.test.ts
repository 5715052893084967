import { describe } from 'vitest';
import { CONTRACT_TOPICS, testLogContract } from '../../test/support/log-contract.ts';
import { MemoryLog } from './memory-log.ts';

const kept = new MemoryLog(CONTRACT_TOPICS);

/** Another adapter of the same log is the same object; only the first one closes it. */
let opened = 0;
describe('the log in memory', () => {
  testLogContract(() => {
    opened += 1;
    const first = opened === 1;
    return Promise.resolve({
      identity: () => kept.identity(),
      produce: (records) => kept.produce(records),
      subscribe: (subscription) => kept.subscribe(subscription),
      highWatermarks: (topics) => kept.highWatermarks(topics),
      close: () => (first ? kept.close() : Promise.resolve()),
    });
  });
});
