import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as v from 'valibot';
import { OrderView } from '../../contracts/http/orders.ts';
import type { PaymentChoiceBody } from '../../contracts/http/orders.ts';
import { FAKE_WEBHOOK_SECRET } from '../../integrations/payments/fake-psp/keys.ts';
import type { WebhookTarget } from '../../integrations/payments/fake-psp/notices.ts';
import { FakePspClient } from '../support/fake-psp-client.ts';
import { serveFakePsp } from '../support/fake-psp-server.ts';
import type { FakePspServer } from '../support/fake-psp-server.ts';
import { start, type RunningStart } from '../support/running-start.ts';

// The whole way of the money: the shop, the Worker around Stripe's SDK, real HTTP to the stand-in and its signed webhooks back.

const folder = mkdtempSync(join(tmpdir(), 'kirana-payments-'));
const targets: { stripe?: WebhookTarget; razorpay?: WebhookTarget } = {};
let psp: FakePspServer;
let fake: FakePspClient;
let running: RunningStart;
let authorization: string;

beforeAll(async () => {
  // PostgreSQL runs as a user of its own when we are root, and has to walk through.
  chmodSync(folder, 0o755);
  psp = await serveFakePsp(0, targets);
  fake = new FakePspClient(psp.url);
  running = await start(folder, '--port', '0', '--payments', psp.url);
  const { url } = running.verdict;
  targets.stripe = { url: `${url}/api/v1/webhooks/stripe`, secret: FAKE_WEBHOOK_SECRET };
  targets.razorpay = { url: `${url}/api/v1/webhooks/razorpay`, secret: FAKE_WEBHOOK_SECRET };
  const login = { phone: '+910000000101', password: 'customer-demo' };
  const signedIn = await ask('POST', '/users/login', login);
  authorization = `Bearer ${v.parse(v.object({ accessToken: v.string() }), await signedIn.json()).accessToken}`;
});
afterAll(async () => {
  await running.stop();
  await psp.close();
  rmSync(folder, { recursive: true, force: true });
});

function ask(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${running.verdict.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
function order(payment: PaymentChoiceBody): Promise<Response> {
  const body = { deliverTo: { lat: 12.982, lng: 77.622 }, lines: [{ sku: 'FRU-001', quantity: 2 }], payment };
  return ask('POST', '/orders', body, { authorization, 'idempotency-key': randomUUID() });
}
async function placed(payment: PaymentChoiceBody): Promise<OrderView> {
  const response = await order(payment);
  expect(response.status).toBe(201);
  return v.parse(OrderView, await response.json());
}
async function now(id: string): Promise<OrderView> {
  return v.parse(OrderView, await (await ask('GET', `/orders/${id}`, undefined, { authorization })).json());
}
function checkoutOf({ payment: { action } }: OrderView): string {
  return action?.kind === 'OPEN_CHECKOUT' ? action.checkoutRef : '';
}

test('a card is reserved by Stripe for the whole order, within the first answer [Y1] [Y2]', async () => {
  const { id, status, payment, totals } = await placed({ method: 'card', token: 'pm_card_visa' });
  expect({ status, payment: payment.status }).toEqual({ status: 'ASSIGNED_TO_STORE', payment: 'AUTHORIZED' });
  const total = { authorizedMinor: totals.total.amount, currency: totals.total.currency };
  expect(await fake.books(id)).toMatchObject([{ provider: 'stripe', status: 'AUTHORIZED', ...total }]);
});

test('a declined card is refused and nothing is reserved', async () => {
  const refused = await order({ method: 'card', token: 'pm_card_chargeDeclined' });
  expect([refused.status, await refused.json()]).toMatchObject([402, { code: 'PAYMENT_DECLINED' }]);
});

test('the bank’s page is named, and what the customer says there arrives by webhook', async () => {
  const { id, payment } = await placed({ method: 'card', token: 'pm_card_authenticationRequired' });
  expect(payment.action).toMatchObject({ kind: 'REDIRECT', url: expect.stringContaining('https://') });
  const [charge] = await fake.books(id);
  await fake.decide(charge?.ref ?? '', true);
  await expect.poll(async () => (await now(id)).status).toBe('ASSIGNED_TO_STORE');
});

test('UPI is paid in the hosted checkout: late success after a failure, five times and reversed, counts once [Y1] [X8]', async () => {
  const waiting = await placed({ method: 'upi' });
  expect(waiting).toMatchObject({ status: 'PENDING', payment: { action: { kind: 'OPEN_CHECKOUT' } } });
  await fake.script({ webhooks: { copies: 5, hold: true, sign: 'current', ageS: 0 } });
  await fake.decide(checkoutOf(waiting), false);
  await fake.decide(checkoutOf(waiting), true);
  await fake.release(true);
  await fake.script({ webhooks: { copies: 1, hold: false, sign: 'current', ageS: 0 } });
  await expect.poll(async () => (await now(waiting.id)).status).toBe('ASSIGNED_TO_STORE');
  await psp.psp.notices.idle();
  const { payment, history } = await now(waiting.id);
  expect(payment.status).toBe('AUTHORIZED');
  expect(history.filter(({ status }) => status === 'CONFIRMED')).toHaveLength(1);
  expect((await fake.books(waiting.id)).filter(({ status }) => status === 'AUTHORIZED')).toHaveLength(1);
});

test('with Stripe away a card is charged by Razorpay, and no order by both [Y2] [X5]', async () => {
  const away = ['POST', 'GET'].flatMap((method) =>
    Array.from({ length: 30 }, () => ({ on: `${method} /v1/payment_intents`, fault: 'unavailable' as const })),
  );
  await fake.script({ faults: away });
  const placedWhileAway: string[] = [];
  await expect
    .poll(async () => {
      const response = await order({ method: 'card', token: 'pm_card_visa' });
      const view = v.safeParse(OrderView, await response.json());
      if (!view.success) return response.status;
      placedWhileAway.push(view.output.id);
      return view.output.payment.action?.kind;
    })
    .toBe('OPEN_CHECKOUT');
  for (const id of placedWhileAway) {
    // oxlint-disable-next-line no-await-in-loop -- a few orders
    const providers = new Set((await fake.books(id)).map(({ provider }) => provider));
    expect(providers.size).toBeLessThanOrEqual(1);
  }
});

test('a webhook under a secret of nobody’s is refused', async () => {
  const headers = { 'x-razorpay-signature': 'a'.repeat(64), 'x-razorpay-event-id': 'evt_forged' };
  expect((await ask('POST', '/webhooks/razorpay', { event: 'payment.authorized' }, headers)).status).toBe(401);
});
