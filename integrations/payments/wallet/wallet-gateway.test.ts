import { expect, test } from 'vitest';
import type { CustomerRpc } from '../../../contracts/rpc/customer.ts';
import { refuse } from '../../../contracts/problem.ts';
import { asOpId, asOrderId, asUserId } from '../../../domain/shared/ids.ts';
import { err } from '../../../domain/shared/result.ts';
import { openWallet } from '../../../test/support/open-wallet.ts';
import { walletGateway } from './wallet-gateway.ts';

const ORDER = asOrderId('ord_00000000000000000000000001');
const OTHER = asOrderId('ord_00000000000000000000000002');
const CUSTOMER = asUserId('usr_00000000000000000000000001');

async function walletWith(amountMinor: number, currency = 'INR') {
  const wallet = openWallet(CUSTOMER, () => 1_700_000_000_000);
  const actor = { kind: 'operator', userId: CUSTOMER } as const;
  const credit = { v: 1, actor, opId: asOpId('wallet:top_up'), amountMinor, currency, reason: 'x' };
  await wallet.creditWallet(credit);
  return { wallet, gateway: walletGateway(wallet) };
}
function call(step: string, amountMinor: number, orderId = ORDER) {
  const opId = asOpId(`${orderId}:${step}`);
  return { opId, orderId, amountMinor, currency: 'INR', providerRef: '', token: '' };
}

test('reserves the ceiling once, takes what is owed and lets the rest go, each however often it is asked [Y4] [Y6]', async () => {
  const { wallet, gateway } = await walletWith(10_000);
  for (let times = 0; times < 3; times += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await gateway.authorize(call('pay', 6000))).toMatchObject({ outcome: 'approved', amountMinor: 6000 });
  }
  expect(wallet.view()).toMatchObject({ availableMinor: 4000, reservedMinor: 6000 });
  expect(await gateway.find(ORDER)).toMatchObject({ status: 'AUTHORIZED', authorizedMinor: 6000, currency: 'INR' });
  for (let times = 0; times < 3; times += 1) {
    // oxlint-disable-next-line no-await-in-loop -- as above
    expect(await gateway.capture(call('capture', 4500))).toMatchObject({ outcome: 'approved', amountMinor: 4500 });
  }
  expect(wallet.view()).toMatchObject({ availableMinor: 5500, reservedMinor: 0 });
});

test('refunds in parts, each once, and never more than was taken [Y7]', async () => {
  const { wallet, gateway } = await walletWith(10_000);
  await gateway.authorize(call('pay', 6000));
  await gateway.capture(call('capture', 6000));
  for (const step of ['refund:1', 'refund:1', 'refund:2']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await gateway.refund(call(step, 2500));
  }
  expect(await gateway.refund(call('refund:3', 2500))).toEqual({ outcome: 'declined', reason: 'above_captured' });
  expect(await gateway.find(ORDER)).toMatchObject({ status: 'CAPTURED', capturedMinor: 6000, refundedMinor: 5000 });
  expect(wallet.view()).toMatchObject({ availableMinor: 9000, reservedMinor: 0 });
});

test('too little money, and money of another kind, are declined, and remembered as that [Y4]', async () => {
  const { gateway } = await walletWith(5000);
  expect(await gateway.authorize(call('pay', 6000))).toEqual({ outcome: 'declined', reason: 'insufficient_funds' });
  expect(await gateway.find(ORDER)).toMatchObject({ status: 'DECLINED' });
  const foreign = await walletWith(10_000, 'EUR');
  expect(await foreign.gateway.authorize(call('pay', 6000))).toEqual({
    outcome: 'declined',
    reason: 'currency_mismatch',
  });
});

test('a void meets an authorization that comes after it; of an order that never paid nothing is known [Y7]', async () => {
  const { wallet, gateway } = await walletWith(10_000);
  expect(await gateway.void(call('void', 6000))).toMatchObject({ outcome: 'approved', amountMinor: 0 });
  expect((await gateway.authorize(call('pay', 6000))).outcome).toBe('declined');
  expect(wallet.view()).toMatchObject({ availableMinor: 10_000, reservedMinor: 0 });
  expect(await gateway.find(OTHER)).toBeNull();
  // A wallet that never had money has no currency to answer in.
  expect(await walletGateway(openWallet(CUSTOMER, () => 0)).find(ORDER)).toBeNull();
});

test('a wallet that refuses to talk has given no answer about the money', async () => {
  const deaf: Pick<CustomerRpc, 'payFromWallet' | 'findWalletPayment'> = {
    payFromWallet: () => Promise.resolve(err(refuse('OP_ID_REUSED', 'Used.'))),
    findWalletPayment: () => Promise.resolve(err(refuse('FORBIDDEN', 'Not yours.'))),
  };
  const gateway = walletGateway(deaf);
  await expect(gateway.capture(call('capture', 1))).rejects.toThrow('wallet capture: OP_ID_REUSED');
  await expect(gateway.find(ORDER)).rejects.toThrow('wallet find: FORBIDDEN');
});
