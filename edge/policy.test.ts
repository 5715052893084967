import { Hono } from 'hono';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  ACTORS,
  bearerOf,
  CHANNEL_KEY,
  emptyEdgeEnv,
  EXECUTION_CONTEXT,
  OPERATOR_KEY,
  STORE_ID,
  ZONE_ID,
} from '../test/support/edge-env.ts';
import { createApp } from './app.ts';
import { endpoint } from './endpoint.ts';
import type { AppEnv } from './endpoint.ts';
import type { EdgeEnv } from './env.ts';
import { policyTable } from './policy.ts';
import type { Access, Role } from './policy.ts';

const app = createApp();
const TABLE = policyTable(app.routes);

/** Who may call what, written down a second time on purpose: opening a route to more people changes this list too. */
const EXPECTED: readonly string[] = [
  'DELETE /api/v1/cart/lines/:sku: customer',
  'DELETE /api/v1/cart: customer',
  'GET /api/v1/admin/orders/:orderId/read-model: operator',
  'GET /api/v1/admin/stores/:storeId/audit: operator',
  'GET /api/v1/admin/stores/:storeId/read-model: operator',
  'GET /api/v1/admin/stores/:storeId/stock/:sku/movements: staff,operator',
  'GET /api/v1/admin/zones/:zoneId: operator',
  'GET /api/v1/cart: customer',
  'GET /api/v1/catalog: public',
  'GET /api/v1/couriers/me/live: ticket',
  'GET /api/v1/deliveries/:deliveryId/location: customer,courier,operator',
  'GET /api/v1/deliveries/:deliveryId/tracking: customer,courier,operator',
  'GET /api/v1/deliveries/:deliveryId: customer,courier,operator',
  'GET /api/v1/demo/logins: public',
  'GET /api/v1/hello: public',
  'GET /api/v1/locations/resolve: public',
  'GET /api/v1/openapi.json: public',
  'GET /api/v1/orders/:orderId/events: customer,operator',
  'GET /api/v1/orders/:orderId/history: customer,operator',
  'GET /api/v1/orders/:orderId/live: ticket',
  'GET /api/v1/orders/:orderId/log: operator',
  'GET /api/v1/orders/:orderId/saga: operator',
  'GET /api/v1/orders/:orderId/tracking: customer,operator',
  'GET /api/v1/orders/:orderId/updates: customer,operator',
  'GET /api/v1/orders/:orderId: customer,operator',
  'GET /api/v1/orders: customer,staff,operator',
  'GET /api/v1/payments/:paymentId: customer,operator',
  'GET /api/v1/stores/:storeId/accuracy: staff,operator',
  'GET /api/v1/stores/:storeId/availability: public',
  'GET /api/v1/stores/:storeId/catalog: public',
  'GET /api/v1/stores/:storeId/count-ranking: staff,operator',
  'GET /api/v1/stores/:storeId/counts: staff,operator',
  'GET /api/v1/stores/:storeId/discrepancies: staff,operator',
  'GET /api/v1/stores/:storeId/holds/:holdId: customer,channel,operator',
  'GET /api/v1/stores/:storeId/layout: staff,operator',
  'GET /api/v1/stores/:storeId/live: ticket',
  'GET /api/v1/stores/:storeId/load: staff,operator',
  'GET /api/v1/stores/:storeId/low-stock: staff,operator',
  'GET /api/v1/stores/:storeId/products/:sku: public',
  'GET /api/v1/stores/:storeId/scanned/:barcode: staff,operator',
  'GET /api/v1/stores/:storeId/slotting: staff,operator',
  'GET /api/v1/stores/:storeId/stock/:sku/lots/:lotId: staff,operator',
  'GET /api/v1/stores/:storeId/stock/:sku: staff,operator',
  'GET /api/v1/stores/:storeId/transfers: staff,operator',
  'GET /api/v1/stuck-orders: operator',
  'GET /api/v1/users/profile: customer,staff,courier,operator',
  'GET /api/v1/wallet: customer',
  'GET /healthz: public',
  'GET /openapi.json: public',
  'GET /readyz: public',
  'POST /api/v1/admin/network/publish: operator',
  'POST /api/v1/admin/stores/:storeId/catalog/publish: operator',
  'POST /api/v1/admin/stores/:storeId/receipts: operator',
  'POST /api/v1/cart/merge: customer',
  'POST /api/v1/cash-settlements: staff,operator',
  'POST /api/v1/couriers/me/ticket: courier',
  'POST /api/v1/customers/:customerId/wallet-credits: operator',
  'POST /api/v1/deliveries/:deliveryId/status: courier',
  'POST /api/v1/orders/:orderId/delivered: operator',
  'POST /api/v1/orders/:orderId/overweight: customer',
  'POST /api/v1/orders/:orderId/reassign: operator',
  'POST /api/v1/orders/:orderId/saga/continue: operator',
  'POST /api/v1/orders/:orderId/saga/settle: operator',
  'POST /api/v1/orders/:orderId/substitutions/:proposalId: customer',
  'POST /api/v1/orders/:orderId/ticket: customer,operator',
  'POST /api/v1/orders: customer',
  'POST /api/v1/payment-sweeps: operator',
  'POST /api/v1/payments/:paymentId/refund: operator',
  'POST /api/v1/payments: customer',
  'POST /api/v1/quotes: customer',
  'POST /api/v1/stores/:storeId/count-plan: staff,operator',
  'POST /api/v1/stores/:storeId/counts/:countId/start: staff,operator',
  'POST /api/v1/stores/:storeId/counts/:countId/submit: staff,operator',
  'POST /api/v1/stores/:storeId/counts: staff,operator',
  'POST /api/v1/stores/:storeId/holds/:holdId/release: customer,channel,operator',
  'POST /api/v1/stores/:storeId/holds/:holdId/renew: customer,channel',
  'POST /api/v1/stores/:storeId/holds: customer,channel',
  'POST /api/v1/stores/:storeId/scanned/:barcode: staff,operator',
  'POST /api/v1/stores/:storeId/shifts/end: staff,operator',
  'POST /api/v1/stores/:storeId/shifts/start: staff',
  'POST /api/v1/stores/:storeId/stock/:sku/adjust: staff,operator',
  'POST /api/v1/stores/:storeId/stock/:sku/block: staff,operator',
  'POST /api/v1/stores/:storeId/stock/:sku/lots/:lotId/recall: staff,operator',
  'POST /api/v1/stores/:storeId/stock/:sku/putaway: staff,operator',
  'POST /api/v1/stores/:storeId/stock/:sku/unblock: staff,operator',
  'POST /api/v1/stores/:storeId/stock/:sku/write-off: staff,operator',
  'POST /api/v1/stores/:storeId/ticket: staff,operator',
  'POST /api/v1/stores/:storeId/transfers/:transferId/cancel: staff,operator',
  'POST /api/v1/stores/:storeId/transfers/:transferId/receive: staff,operator',
  'POST /api/v1/stores/:storeId/transfers: staff,operator',
  'POST /api/v1/users/login: public',
  'POST /api/v1/users/logout: public',
  'POST /api/v1/users/refresh: public',
  'POST /api/v1/users/register: public',
  'POST /api/v1/webhooks/razorpay: signature',
  'POST /api/v1/webhooks/sandbox: signature',
  'POST /api/v1/webhooks/stripe: signature',
  'PUT /api/v1/admin/cities/:cityId/charges: operator',
  'PUT /api/v1/admin/cities/:cityId/fulfilment: operator',
  'PUT /api/v1/admin/stores/:storeId/assortment: operator',
  'PUT /api/v1/admin/stores/:storeId/charges: operator',
  'PUT /api/v1/cart/lines/:sku: customer',
  'PUT /api/v1/cart: customer',
  'PUT /api/v1/orders/:orderId/cancel: customer,operator',
  'PUT /api/v1/stores/:storeId/layout: operator',
  'PUT /api/v1/stores/:storeId/sell-by-margin: operator',
  'PUT /api/v1/stores/:storeId/service-policy: operator',
  'PUT /api/v1/stores/:storeId/service-state: operator',
  'PUT /api/v1/stores/:storeId/stock-thresholds: staff,operator',
  'PUT /api/v1/stores/:storeId/stock/:sku/sell-by-margin: operator',
  'PUT /api/v1/users/profile: customer,staff,courier,operator',
];

describe('the policy table', () => {
  test('is the one that was agreed on [U4]', () => {
    expect(TABLE.map(({ method, path, access }) => `${method} ${path}: ${String(access)}`).toSorted()).toEqual(
      EXPECTED,
    );
  });

  test('a route without a policy stops the start [X8]', () => {
    const open = new Hono<AppEnv>().get('/forgotten', (c) => c.text('hello'));
    expect(() => policyTable(new Hono<AppEnv>().route('/api', open).routes)).toThrow(
      'GET /api/forgotten declares no policy',
    );
  });

  test('a policy that comes after another handler stops the start [X8]', () => {
    const option = { access: 'public', tag: 'x', summary: 'x', answers: {} } as const;
    const late = new Hono<AppEnv>().get('/late', (c) => c.text('hello'), endpoint(option));
    expect(() => policyTable(late.routes)).toThrow('GET /late declares no policy');
  });

  test('a route with two policies stops the start [X8]', () => {
    const option = { access: 'public', tag: 'x', summary: 'x', answers: {} } as const;
    const twice = new Hono<AppEnv>().get('/twice', endpoint(option), endpoint({ ...option, access: ['operator'] }));
    expect(() => policyTable(twice.routes)).toThrow('GET /twice declares two policies');
  });
});

const ROLES = ['customer', 'staff', 'courier', 'operator'] as const satisfies readonly Role[];
const CALLERS = [
  'nobody',
  ...ROLES,
  'operator key',
  'unknown operator key',
  'channel key',
  'unknown channel key',
  'expired token',
  'token of another API',
] as const;
type Caller = (typeof CALLERS)[number];

describe('every route lets in whom its policy names, and nobody else', () => {
  let env: EdgeEnv;
  let headers: Record<Caller, string | undefined>;

  // With nothing behind the API, every let-in call ends in a logged refusal.
  beforeEach(() => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined);
  });

  beforeAll(async () => {
    env = await emptyEdgeEnv();
    const stranger = await emptyEdgeEnv();
    headers = {
      nobody: undefined,
      customer: await bearerOf(env, ACTORS.customer),
      staff: await bearerOf(env, ACTORS.staff),
      courier: await bearerOf(env, ACTORS.courier),
      operator: await bearerOf(env, ACTORS.operator),
      'operator key': `Bearer ${OPERATOR_KEY}`,
      'unknown operator key': `Bearer ${OPERATOR_KEY}x`,
      'channel key': `Bearer ${CHANNEL_KEY}`,
      'unknown channel key': `Bearer ${CHANNEL_KEY}x`,
      'expired token': await bearerOf(env, ACTORS.operator, Date.now() - 3_600_000),
      'token of another API': await bearerOf(stranger, ACTORS.operator),
    };
  });

  const rows = TABLE.flatMap((route) => CALLERS.map((caller) => ({ ...route, caller })));
  test.each(rows)('$method $path, $caller [U4] [X8]', async ({ method, path, access, caller }) => {
    const authorization = headers[caller];
    const filled = path
      .replace(':orderId', `ord_${'0'.repeat(26)}`)
      .replace(':customerId', ACTORS.customer.userId)
      .replace(':storeId', STORE_ID)
      .replace(':cityId', `cit_${'0'.repeat(26)}`)
      .replace(':holdId', `hld_${'0'.repeat(26)}`)
      .replace(':zoneId', ZONE_ID)
      .replace(':countId', '1')
      .replace(':transferId', 'TN-000001')
      .replace(':sku', 'MILK');
    const response = await app.request(
      filled,
      {
        method,
        headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
        ...(method === 'GET' ? {} : { body: '{}' }),
      },
      env,
      EXECUTION_CONTEXT,
    );
    expect(verdict(response.status)).toBe(expected(access, caller));
  });
});

type Verdict = 'let in' | 'who are you' | 'not you';

function verdict(status: number): Verdict {
  if (status === 401) return 'who are you';
  return status === 403 ? 'not you' : 'let in';
}

function expected(access: Access, caller: Caller): Verdict {
  // A socket address is not even looked at without an upgrade; nobody here can sign as the provider.
  if (access === 'public' || access === 'ticket') return 'let in';
  if (access === 'signature') return 'who are you';
  const role = roleOf(caller);
  if (role === undefined) return 'who are you';
  return access.includes(role) ? 'let in' : 'not you';
}

function roleOf(caller: Caller): Role | undefined {
  if (caller === 'operator key') return 'operator';
  if (caller === 'channel key') return 'channel';
  return ROLES.find((known) => known === caller);
}
