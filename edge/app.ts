import { Hono } from 'hono';
import * as v from 'valibot';
import { endpoint } from './endpoint.ts';
import type { AppEnv } from './endpoint.ts';
import { answerFailure } from './failure.ts';
import { admission } from './middleware/admission.ts';
import { describeApi } from './openapi.ts';
import { answerUnrouted } from './pages.ts';
import { policyTable } from './policy.ts';
import { admin } from './routes/admin.ts';
import { cart } from './routes/cart.ts';
import { catalog } from './routes/catalog.ts';
import { availability } from './routes/availability.ts';
import { counts } from './routes/counts.ts';
import { deliveries } from './routes/deliveries.ts';
import { follow } from './routes/follow.ts';
import { health, hello } from './routes/health.ts';
import { holds } from './routes/holds.ts';
import { layout } from './routes/layout.ts';
import { live } from './routes/live.ts';
import { locations } from './routes/locations.ts';
import { lots } from './routes/lots.ts';
import { lowStock } from './routes/low-stock.ts';
import { orderList } from './routes/order-list.ts';
import { orders } from './routes/orders.ts';
import { orderSaga } from './routes/order-saga.ts';
import { quotes } from './routes/quotes.ts';
import { payments } from './routes/payments.ts';
import { readModels } from './routes/read-models.ts';
import { service } from './routes/service.ts';
import { rules } from './routes/rules.ts';
import { scanned } from './routes/scanned.ts';
import { stock } from './routes/stock.ts';
import { substitutions } from './routes/substitutions.ts';
import { transfers } from './routes/transfers.ts';
import { users } from './routes/users.ts';
import { wallet } from './routes/wallet.ts';
import { webhooks } from './routes/webhooks.ts';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;

const api = new Hono<AppEnv>()
  .route('/', hello)
  .route('/users', users)
  .route('/locations', locations)
  .route('/', catalog)
  .route('/', availability)
  .route('/', holds)
  .route('/', counts)
  .route('/', layout)
  .route('/', lots)
  .route('/', lowStock)
  .route('/', service)
  .route('/', stock)
  .route('/', scanned)
  .route('/', transfers)
  .route('/cart', cart)
  .route('/orders', orderList)
  .route('/orders', orders)
  .route('/', orderSaga)
  .route('/quotes', quotes)
  .route('/', substitutions)
  .route('/', wallet)
  .route('/', payments)
  .route('/', live)
  .route('/', follow)
  .route('/', deliveries)
  .route('/admin', admin)
  .route('/admin', rules)
  .route('/admin', readModels)
  .route('/webhooks', webhooks);

/** The whole API. Throws when a route says nothing about who may call it. */
export function createApp() {
  const app = new Hono<AppEnv>().use(admission).route('/', health).route('/api/v1', api);
  let description: string | undefined;
  const describeRoute = endpoint({
    access: 'public',
    tag: 'Health',
    summary: 'This description',
    answers: { 200: v.looseObject({ openapi: v.string() }) },
  });
  app.on('GET', ['/openapi.json', '/api/v1/openapi.json'], describeRoute, async (c) => {
    description ??= JSON.stringify(await describeApi(app));
    return c.body(description, 200, { 'content-type': 'application/json' });
  });
  app.notFound((c) =>
    answerUnrouted(
      c,
      METHODS.filter((method) => hasRoute(app, method, c.req.path)),
    ),
  );
  app.onError(answerFailure);
  policyTable(app.routes);
  return app;
}

/** Whether the address is routed under this method by more than middleware. */
function hasRoute(app: Hono<AppEnv>, method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
}

export type AppType = ReturnType<typeof createApp>;
