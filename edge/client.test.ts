import { hc } from 'hono/client';
import { expect, expectTypeOf, test } from 'vitest';
import type { CatalogPage } from '../contracts/http/catalog.ts';
import type { OrderView } from '../contracts/http/orders.ts';
import { ACTORS, bearerOf, emptyEdgeEnv, EXECUTION_CONTEXT, STORE_ID } from '../test/support/edge-env.ts';
import { createApp } from './app.ts';
import type { AppType } from './app.ts';

const app = createApp();

test('a typed client knows paths, inputs and answers from the routes themselves [X12]', async () => {
  const env = await emptyEdgeEnv();
  const client = hc<AppType>('http://kirana.test', {
    fetch: (input: string | URL | Request, init?: RequestInit) =>
      app.request(new Request(input, init), undefined, env, EXECUTION_CONTEXT),
    headers: { authorization: await bearerOf(env, ACTORS.courier) },
  });
  const hello = await client.api.v1.hello.$get();
  expect(await hello.json()).toEqual({ hello: 'kirana' });
  const ticket = await client.api.v1.couriers.me.ticket.$post();
  expect(ticket.status).toBe(201);
  expect(await ticket.json()).toMatchObject({ path: '/api/v1/couriers/me/live' });

  async function typesOnly() {
    const placed = await client.api.v1.orders.$post({
      json: { deliverTo: { lat: 1, lng: 2 }, lines: [{ sku: 'MILK', quantity: 1 }], payment: { method: 'cod' } },
    });
    if (placed.status === 201) expectTypeOf(await placed.json()).toEqualTypeOf<OrderView>();
    const page = await client.api.v1.stores[':storeId'].catalog.$get({ param: { storeId: STORE_ID }, query: {} });
    if (page.status === 200) expectTypeOf(await page.json()).toEqualTypeOf<CatalogPage>();
    const gold = { method: 'gold' } as const;
    // @ts-expect-error -- no such payment
    await client.api.v1.orders.$post({ json: { deliverTo: { lat: 1, lng: 2 }, lines: [], payment: gold } });
  }
  expect(typesOnly).toBeInstanceOf(Function);
});
