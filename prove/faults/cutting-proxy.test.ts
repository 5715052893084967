import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { CuttingProxy } from './cutting-proxy.ts';

let server: Server;
let proxy: CuttingProxy;
let served = 0;

afterEach(async () => {
  await proxy.close();
  server.closeAllConnections();
  server.close();
});

async function stand(cutEvery: number): Promise<void> {
  served = 0;
  server = createServer((_request, response) => {
    served += 1;
    response.end('x'.repeat(1_000));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  proxy = await CuttingProxy.open(`http://127.0.0.1:${port}`, cutEvery);
}

function ask(): Promise<string> {
  return new Promise((resolve) => {
    const request = get(proxy.origin, (response) => {
      response.resume();
      response.on('end', () => resolve('answered'));
      response.on('error', () => resolve('half'));
    });
    request.on('error', () => resolve('nothing'));
  });
}

test('every third reply is lost after the server has done its work, one wholly, the next in the middle', async () => {
  await stand(3);
  const seen: string[] = [];
  for (let count = 0; count < 9; count += 1) seen.push(await ask());
  expect(seen.join(' ')).toBe('answered answered nothing answered answered half answered answered nothing');
  expect(served).toBe(9);
  expect(proxy).toMatchObject({ replies: 9, cuts: 3 });
});

test('a proxy that cuts nothing is a wire', async () => {
  await stand(0);
  for (let count = 0; count < 5; count += 1) expect(await ask()).toBe('answered');
  expect(proxy.cuts).toBe(0);
});
