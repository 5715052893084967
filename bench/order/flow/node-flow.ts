import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import pg from 'pg';
import * as v from 'valibot';
import { PlaceOrderBody } from '../../../contracts/http/orders.ts';
import { refuse } from '../../../contracts/problem.ts';
import { UNAUTHENTICATED } from '../../../edge/auth/access-tokens.ts';
import { ApiKeys } from '../../../edge/auth/api-key.ts';
import { problem } from '../../../edge/problem.ts';
import { ChannelKeyEntry } from '../../hold/shop/channel-key.ts';
import { IDEMPOTENCY_KEY } from '../../hold/shop/hold-body.ts';
import { SLOW_PROVIDER_MS, SLOW_TOKEN } from '../provider.ts';
import { FLOW_SCHEMA, PostgresFlow } from './postgres-flow.ts';

/** The one message that this process gets from its parent. */
const NodeFlowInput = v.object({ url: v.string(), channelKey: ChannelKeyEntry, sku: v.string(), units: v.number() });
export type NodeFlowInput = v.InferOutput<typeof NodeFlowInput>;

process.once('message', (message) => {
  void run(v.parse(NodeFlowInput, message));
});

/** Hono on Node in front of PostgreSQL: the bodies and the verification are Kirana's, the flow is its own. */
async function run({ url, channelKey, sku, units }: NodeFlowInput): Promise<void> {
  // As many connections as the driver opens by itself.
  const pool = new pg.Pool({ connectionString: url });
  await pool.query(FLOW_SCHEMA);
  const flow = new PostgresFlow(pool);
  await flow.receive([{ sku, quantity: units }]);
  const keys = new ApiKeys({ operatorKeys: [], channelKeys: [channelKey] });
  const app = new Hono();
  app.post('/api/v1/orders', async (c) => {
    const header = c.req.header('authorization');
    const caller = keys.read(header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length) : '');
    if (caller === null) return problem(c, UNAUTHENTICATED);
    const key = c.req.header('idempotency-key') ?? '';
    if (!IDEMPOTENCY_KEY.test(key)) return problem(c, refuse('IDEMPOTENCY_KEY_REQUIRED', 'Send an Idempotency-Key.'));
    const body = v.safeParse(PlaceOrderBody, await c.req.json());
    if (!body.success) return problem(c, refuse('INVALID_INPUT', body.issues[0].message));
    const { lines = [], payment } = body.output;
    const waitMs = payment.method === 'sandbox' && payment.token === SLOW_TOKEN ? SLOW_PROVIDER_MS : 0;
    const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
    const outcome = await flow.place(id, lines, async (orderId, amountMinor) => {
      await flow.charge(orderId, amountMinor);
      if (waitMs > 0) await sleep(waitMs);
    });
    switch (outcome.kind) {
      case 'placed':
        return c.json(outcome.order, 201);
      case 'short':
        return problem(c, refuse('INSUFFICIENT_STOCK', 'Take fewer units.'));
      case 'reused':
        return problem(c, refuse('IDEMPOTENCY_KEY_REUSED', 'Use a new key for another basket.'));
    }
  });
  app.get('/sums', async (c) => c.json(await flow.sums()));
  app.onError((cause, c) => problem(c, refuse('INTERNAL', String(cause))));
  serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
    console.log(JSON.stringify({ ready: true, port }));
  });
}
