import { expect, test } from 'vitest';
import { sumCalls } from './fsync-count.ts';
import { readWindow } from './wrk-window.ts';

const STRACE = `% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 98.11    1.298011         261      4971           fdatasync
  1.89    0.025000         250       100         2 fsync
------ ----------- ----------- --------- --------- ----------------
100.00    1.323011         260      5071         2 total
`;

test('flushes of both kinds are added up', () => {
  expect(sumCalls(STRACE)).toBe(5_071);
  expect(sumCalls('')).toBe(0);
});

test('the window’s line is found in what wrk says', () => {
  const line =
    'window {"answers":20,"durationUs":1000000,"refused":1,"broken":0,"p50Us":12,"p99Us":34,"holdsSent":22,"holdsAcked":0,"releasesSent":0,"releasesAcked":0}';
  expect(readWindow(`Running 1s test\n  20 requests in 1.00s\n${line}\n`)).toMatchObject({
    answers: 20,
    holdsSent: 22,
  });
  expect(() => readWindow('unable to connect')).toThrow('cannot be read');
});
