import * as v from 'valibot';
import { postgresBackend } from '../hold/contenders/postgres.ts';
import { startChild } from '../hold/process/child.ts';
import { makeChannelKey } from '../hold/shop/channel-key.ts';
import { UNITS, type OrderContender } from './contender.ts';
import type { NodeFlowInput } from './flow/node-flow.ts';

const SKU = 'BENCH-1';
const Sums = v.object({ available: v.number(), allocated: v.number(), orders: v.number() });

/** What one would build instead: Hono on Node, PostgreSQL, a transaction on each side of the provider, an outbox row with each change. */
export async function postgresOrders(folder: string, say: (line: string) => void): Promise<OrderContender> {
  const backend = await postgresBackend({ folder, say });
  const { authorization, entry: channelKey } = makeChannelKey();
  const input: NodeFlowInput = { url: backend.url, channelKey, sku: SKU, units: UNITS };
  const server = await startChild('order/flow/node-flow.ts', input);
  const origin = `http://127.0.0.1:${server.port}`;
  return {
    name: 'postgres_flow',
    targets: (token) => [
      {
        origin,
        authorization,
        body: JSON.stringify({
          deliverTo: { lat: 12.97, lng: 77.59 },
          lines: [{ sku: SKU, quantity: 1 }],
          payment: { method: 'sandbox', token },
        }),
      },
    ],
    pids: [server.pid, backend.pid()],
    async taken() {
      const answer = await fetch(`${origin}/sums`);
      const { allocated, orders } = v.parse(Sums, await answer.json());
      return { orders, units: allocated };
    },
    settle: () => Promise.resolve(),
    async stop() {
      await server.kill('SIGTERM');
      await backend.stop();
    },
  };
}
