import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asOpId, asOrderId } from '../../../domain/shared/ids.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import { FakePspClient } from '../../../test/support/fake-psp-client.ts';
import { serveFakePsp } from '../../../test/support/fake-psp-server.ts';
import type { FakePspServer } from '../../../test/support/fake-psp-server.ts';
import { FAKE_KEYS } from '../fake-psp/keys.ts';
import type { PaymentGateway } from '../port.ts';
import { razorpayGateway } from './razorpay-gateway.ts';

let server: FakePspServer;
let fake: FakePspClient;
let gateway: PaymentGateway;
let orders = 0;

beforeAll(async () => {
  server = await serveFakePsp(0, {});
  fake = new FakePspClient(server.url);
  const { id, secret } = FAKE_KEYS.razorpayKey;
  gateway = razorpayGateway({ keyId: id, keySecret: secret, baseUrl: server.url });
});
afterAll(() => server.close());

function newOrder(): OrderId {
  orders += 1;
  return asOrderId(`ord_${String(orders).padStart(26, '0')}`);
}
function call(orderId: OrderId, step: string, amountMinor: number): Parameters<PaymentGateway['capture']>[0] {
  return { opId: asOpId(`${orderId}:${step}`), orderId, amountMinor, currency: 'INR', providerRef: '' };
}
async function checkoutOf(orderId: OrderId): Promise<string> {
  const answer = await gateway.authorize({ ...call(orderId, 'pay', 6000), token: '' });
  return answer.outcome === 'pending' ? answer.providerRef : '';
}
async function paid(): Promise<{ readonly orderId: OrderId; readonly ref: string }> {
  const orderId = newOrder();
  await fake.decide(await checkoutOf(orderId), true);
  const found = await gateway.find(orderId);
  expect(found).toMatchObject({ status: 'AUTHORIZED', authorizedMinor: 6000, capturedMinor: 0 });
  return { orderId, ref: found?.providerRef ?? '' };
}

describe('Razorpay [Y2]', () => {
  test('waits for the customer in the hosted checkout, then has the whole amount authorized [Y1]', async () => {
    const orderId = newOrder();
    const asked = await gateway.authorize({ ...call(orderId, 'pay', 6000), token: '' });
    expect(asked).toMatchObject({ outcome: 'pending', action: { kind: 'OPEN_CHECKOUT', publicKey: 'rzp_test_fake' } });
    expect(await gateway.find(orderId)).toMatchObject({ status: 'PENDING', action: { kind: 'OPEN_CHECKOUT' } });
    expect(await gateway.find(newOrder())).toBeNull();
  });

  test('a failed try is no end: what is authorized after it counts', async () => {
    const orderId = newOrder();
    const checkout = await checkoutOf(orderId);
    await fake.decide(checkout, false);
    expect(await gateway.find(orderId)).toMatchObject({ status: 'PENDING' });
    const [failed] = await fake.books(orderId);
    await fake.decide(failed?.ref ?? '', true);
    expect(await gateway.find(orderId)).toMatchObject({ status: 'AUTHORIZED', providerRef: failed?.ref });
  });

  test('takes all that was authorized, says so, and gives back the difference', async () => {
    const { orderId, ref } = await paid();
    expect(gateway.partialCapture).toBe(false);
    const capture = { ...call(orderId, 'capture', 4500), providerRef: ref };
    const taken = { outcome: 'approved', providerRef: ref, amountMinor: 6000 };
    expect(await gateway.capture(capture)).toEqual(taken);
    expect(await gateway.capture(capture)).toEqual(taken);
    const refund = { ...call(orderId, 'refund:1', 1500), providerRef: ref };
    expect(await gateway.refund(refund)).toMatchObject({ outcome: 'approved', amountMinor: 1500 });
    expect(await gateway.find(orderId)).toMatchObject({
      status: 'CAPTURED',
      capturedMinor: 6000,
      refundedMinor: 1500,
    });
  });

  test('refunds in parts, each once however often it is asked, and never more than was taken [Y7]', async () => {
    const { orderId, ref } = await paid();
    await gateway.capture({ ...call(orderId, 'capture', 6000), providerRef: ref });
    for (const step of ['refund:1', 'refund:1', 'refund:2', 'refund:2']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await gateway.refund({ ...call(orderId, step, 2500), providerRef: ref });
    }
    expect(await fake.books(orderId)).toMatchObject([{ capturedMinor: 6000, refundedMinor: 5000 }]);
    const tooMuch = await gateway.refund({ ...call(orderId, 'refund:3', 2500), providerRef: ref });
    expect(tooMuch.outcome).toBe('declined');
    await gateway.refund({ ...call(orderId, 'refund:4', 1000), providerRef: ref });
    expect(await gateway.find(orderId, ref)).toMatchObject({ status: 'REFUNDED', refundedMinor: 6000 });
  });

  test.each([
    ['stall', 'timeout'],
    ['cut', 'fetch failed'],
  ] as const)('a refund that was made and not answered (%s) is made once', async (fault, said) => {
    const { orderId, ref } = await paid();
    await gateway.capture({ ...call(orderId, 'capture', 6000), providerRef: ref });
    await fake.script({ faults: [{ on: `POST /v1/payments/${ref}/refund`, fault }] });
    const refund = { ...call(orderId, 'refund', 6000), providerRef: ref };
    await expect(gateway.refund(refund)).rejects.toThrow(said);
    expect(await gateway.find(orderId)).toMatchObject({ refundedMinor: 6000, currency: 'INR' });
    expect(await gateway.refund(refund)).toMatchObject({ outcome: 'approved', amountMinor: 6000 });
    expect(await fake.books(orderId)).toMatchObject([{ refundedMinor: 6000 }]);
  });

  test('has nothing to void before somebody pays, and never captures what is paid after it', async () => {
    const orderId = newOrder();
    const checkout = await checkoutOf(orderId);
    expect(await gateway.void({ ...call(orderId, 'void', 6000), providerRef: checkout })).toMatchObject({
      outcome: 'approved',
      amountMinor: 0,
    });
    const { orderId: other, ref } = await paid();
    await gateway.capture({ ...call(other, 'capture', 6000), providerRef: ref });
    expect((await gateway.void({ ...call(other, 'void', 6000), providerRef: ref })).outcome).toBe('declined');
  });

  test('an amount that it does not take is declined in its own words; a fault of its own is no answer', async () => {
    const orderId = newOrder();
    expect(await gateway.authorize({ ...call(orderId, 'pay', 99), token: '' })).toEqual({
      outcome: 'declined',
      reason: 'Order amount less than minimum amount allowed',
    });
    await fake.script({ faults: [{ on: 'POST /v1/orders', fault: 'unavailable' }] });
    await expect(gateway.authorize({ ...call(orderId, 'pay', 6000), token: '' })).rejects.toThrow('503');
    const stranger = razorpayGateway({ keyId: 'rzp', keySecret: 'wrong', baseUrl: server.url });
    await expect(stranger.find(orderId)).rejects.toThrow('401');
  });
});
