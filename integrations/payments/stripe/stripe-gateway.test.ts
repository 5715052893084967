import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asOpId, asOrderId } from '../../../domain/shared/ids.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import { FakePspClient } from '../../../test/support/fake-psp-client.ts';
import { serveFakePsp } from '../../../test/support/fake-psp-server.ts';
import type { FakePspServer } from '../../../test/support/fake-psp-server.ts';
import { FAKE_KEYS } from '../fake-psp/keys.ts';
import type { PaymentGateway } from '../port.ts';
import { stripeGateway } from './stripe-gateway.ts';

let server: FakePspServer;
let fake: FakePspClient;
let gateway: PaymentGateway;
let orders = 0;

beforeAll(async () => {
  server = await serveFakePsp(0, {});
  fake = new FakePspClient(server.url);
  gateway = stripeGateway({
    secretKey: FAKE_KEYS.stripeKey,
    baseUrl: server.url,
    returnUrl: 'https://shop.example/paid',
  });
});
afterAll(() => server.close());

function newOrder(): OrderId {
  orders += 1;
  return asOrderId(`ord_${String(orders).padStart(26, '0')}`);
}
function call(orderId: OrderId, step: string, amountMinor: number): Parameters<PaymentGateway['capture']>[0] {
  return { opId: asOpId(`${orderId}:${step}`), orderId, amountMinor, currency: 'INR', providerRef: '' };
}
function authorize(orderId: OrderId, token = 'pm_card_visa'): ReturnType<PaymentGateway['authorize']> {
  return gateway.authorize({ ...call(orderId, 'pay', 6000), token });
}
async function reserved(): Promise<{ readonly orderId: OrderId; readonly providerRef: string }> {
  const orderId = newOrder();
  const answer = await authorize(orderId);
  expect(answer).toMatchObject({ outcome: 'approved', amountMinor: 6000 });
  return { orderId, providerRef: 'providerRef' in answer ? answer.providerRef : '' };
}

describe('Stripe [Y2]', () => {
  test('reserves the ceiling once, however often it is asked, and takes what is owed', async () => {
    const { orderId, providerRef } = await reserved();
    expect(await authorize(orderId)).toMatchObject({ outcome: 'approved', providerRef });
    expect(await fake.books(orderId)).toMatchObject([{ status: 'AUTHORIZED', authorizedMinor: 6000 }]);
    const capture = { ...call(orderId, 'capture', 4500), providerRef };
    expect(await gateway.capture(capture)).toEqual({ outcome: 'approved', providerRef, amountMinor: 4500 });
    expect(await gateway.capture(capture)).toEqual({ outcome: 'approved', providerRef, amountMinor: 4500 });
    // Under another key, after the first one has expired.
    const late = { ...capture, opId: asOpId(`${orderId}:capture:late`) };
    expect(await gateway.capture(late)).toMatchObject({ outcome: 'approved', amountMinor: 4500 });
    expect(await fake.books(orderId)).toMatchObject([{ capturedMinor: 4500, refundedMinor: 0 }]);
  });

  test('a declined card is declined, with the reason; a token nobody knows too', async () => {
    const orderId = newOrder();
    expect(await authorize(orderId, 'pm_card_chargeDeclined')).toEqual({
      outcome: 'declined',
      reason: 'generic_decline',
    });
    expect(await gateway.find(orderId)).toMatchObject({ status: 'DECLINED' });
    expect(await authorize(newOrder(), 'pm_nobody')).toEqual({ outcome: 'declined', reason: 'resource_missing' });
  });

  test('a card that asks for the customer is pending with the page to open, and found approved after it', async () => {
    const orderId = newOrder();
    const asked = await authorize(orderId, 'pm_card_authenticationRequired');
    expect(asked).toMatchObject({ outcome: 'pending', action: { kind: 'REDIRECT' } });
    const providerRef = 'providerRef' in asked ? asked.providerRef : '';
    expect(await gateway.find(orderId, providerRef)).toMatchObject({
      status: 'PENDING',
      action: { kind: 'REDIRECT' },
    });
    await fake.decide(providerRef, true);
    expect(await gateway.find(orderId, providerRef)).toMatchObject({ status: 'AUTHORIZED', authorizedMinor: 6000 });
  });

  test.each([
    ['stall', 'timeout'],
    ['cut', 'connection to Stripe'],
  ] as const)('a charge that was not answered (%s) is found by the order', async (fault, said) => {
    const orderId = newOrder();
    await fake.script({ faults: [{ on: 'POST /v1/payment_intents', fault }] });
    await expect(authorize(orderId)).rejects.toThrow(said);
    expect(await gateway.find(orderId)).toMatchObject({ status: 'AUTHORIZED', authorizedMinor: 6000 });
    expect(await authorize(orderId)).toMatchObject({ outcome: 'approved' });
    expect(await fake.books(orderId)).toHaveLength(1);
  });

  test('a void takes the place of an authorization that comes after it', async () => {
    const orderId = newOrder();
    expect(await gateway.void(call(orderId, 'void', 6000))).toMatchObject({ outcome: 'approved', amountMinor: 0 });
    await expect(authorize(orderId)).rejects.toThrow('idempotency_key_reused');
    expect(await fake.books(orderId)).toMatchObject([{ status: 'CANCELED', authorizedMinor: 0 }]);
    expect(await gateway.find(orderId)).toMatchObject({ status: 'VOIDED' });
  });

  test('voids once, and not what was captured', async () => {
    const { orderId, providerRef } = await reserved();
    for (const step of ['void', 'void', 'void:late']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect((await gateway.void({ ...call(orderId, step, 6000), providerRef })).outcome).toBe('approved');
    }
    const other = await reserved();
    await gateway.capture({ ...call(other.orderId, 'capture', 6000), ...other });
    const refused = await gateway.void({ ...call(other.orderId, 'void', 6000), ...other });
    expect(refused).toEqual({ outcome: 'declined', reason: 'captured: refund it' });
  });

  test('refunds in parts, each once however often it is asked, and never more than was taken [Y7]', async () => {
    const { orderId, providerRef } = await reserved();
    await gateway.capture({ ...call(orderId, 'capture', 5000), providerRef });
    for (const step of ['refund:1', 'refund:1', 'refund:2']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const answer = await gateway.refund({ ...call(orderId, step, 2000), providerRef });
      expect(answer).toMatchObject({ outcome: 'approved', amountMinor: 2000 });
    }
    expect((await gateway.refund({ ...call(orderId, 'refund:3', 2000), providerRef })).outcome).toBe('declined');
    expect(await gateway.find(orderId, providerRef)).toMatchObject({
      status: 'CAPTURED',
      capturedMinor: 5000,
      refundedMinor: 4000,
      currency: 'INR',
    });
  });

  test('a key that was used for something else, and a fault of its own, are no answer', async () => {
    const { orderId, providerRef } = await reserved();
    await gateway.capture({ ...call(orderId, 'capture', 5000), providerRef });
    await expect(gateway.capture({ ...call(orderId, 'capture', 4000), providerRef })).rejects.toThrow(
      'idempotency_key_reused',
    );
    await fake.script({ faults: [{ on: 'GET /v1/payment_intents', fault: 'unavailable' }] });
    await expect(gateway.find(orderId, providerRef)).rejects.toThrow('unavailable');
  });
});
