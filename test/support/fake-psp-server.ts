import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { FakePsp } from '../../integrations/payments/fake-psp/fake-psp.ts';
import type { FakePspOptions } from '../../integrations/payments/fake-psp/fake-psp.ts';
import { FAKE_KEYS } from '../../integrations/payments/fake-psp/keys.ts';

export interface FakePspServer {
  readonly url: string;
  readonly psp: FakePsp;
  close(): Promise<void>;
}

/** Longest webhook delivery. */
const SEND_TIMEOUT_MS = 5000;

/** The stand-in for payment providers, on loopback alone. Port 0 takes any free one. */
export async function serveFakePsp(port: number, targets: FakePspOptions['targets']): Promise<FakePspServer> {
  const psp = new FakePsp({
    ...FAKE_KEYS,
    targets,
    nowMs: () => Date.now(),
    wait: (ms) => wait(ms, undefined, { ref: false }),
    send: async (url, headers, body) => {
      const signal = AbortSignal.timeout(SEND_TIMEOUT_MS);
      return (await fetch(url, { method: 'POST', headers, body, signal })).status;
    },
  });
  const server = createServer((request, response) => {
    void (async () => {
      const body = await textOf(request);
      const { method = 'GET', url: path = '/' } = request;
      const { headersDistinct } = request;
      const reply = await psp.answer({
        method,
        path,
        body,
        header: (name) => headersDistinct[name]?.join(', ') ?? null,
      });
      if (reply.cut === true) {
        request.socket.destroy();
        return;
      }
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(JSON.stringify(reply.body));
    })().catch((cause: unknown) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 'BAD_REQUEST_ERROR', description: String(cause) } }));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    psp,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
