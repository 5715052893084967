import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { nodeLoad } from './node-load.ts';
import { readReport } from './wrk.ts';

const REPORT = `Running 5s test @ http://127.0.0.1:8787/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.49ms    1.02ms  30.11ms   91.40%
    Req/Sec    26.01k     1.85k   29.35k    74.00%
  Latency Distribution
     50%  842.00us
     75%    2.72ms
     90%    3.30ms
     99%    1.20s
  129452 requests in 5.00s, 24.69MB read
Requests/sec:  25881.21
Transfer/sec:      4.94MB
`;

test('wrk’s report is read, whatever the unit', () => {
  expect(readReport(REPORT)).toEqual({ tool: 'wrk', requestsPerS: 25_881.21, p50Ms: 0.842, p99Ms: 1_200, failed: 0 });
});

test('what wrk counts as failed is counted', () => {
  const failing = `${REPORT}  Socket errors: connect 0, read 3, write 0, timeout 2\n  Non-2xx or 3xx responses: 40\n`;
  expect(readReport(failing).failed).toBe(45);
});

test('anything else is no report', () => {
  expect(() => readReport('unable to connect to 127.0.0.1:1')).toThrow('cannot be read');
});

test('the loop in Node counts answers and refusals apart', async () => {
  let count = 0;
  const server = createServer((_request, response) => {
    count += 1;
    response.statusCode = count % 4 === 0 ? 503 : 200;
    response.end('x');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo;
  const result = await nodeLoad({ url: `http://127.0.0.1:${address.port}/`, seconds: 1, connections: 4 });
  server.close();
  expect(result.requestsPerS * 1 + result.failed).toBe(count);
  expect(result.failed).toBe(Math.floor(count / 4));
});
