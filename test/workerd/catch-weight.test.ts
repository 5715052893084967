import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { OrderView } from '../../contracts/http/orders.ts';
import { PaymentView } from '../../contracts/http/payments.ts';
import { QuoteView } from '../../contracts/http/quotes.ts';
import type { ItemCard } from '../../contracts/rpc/store.ts';
import { checkDigit } from '../../domain/catalog/gtin.ts';
import { paymentIdOf } from '../../domain/order/payment-id.ts';
import { ANSWER_MS } from '../../domain/picking/proposal.ts';
import { asOrderId, asSku } from '../../domain/shared/ids.ts';
import { bearer, bodyOf, call, codeOf, DOOR, openShop, publishNetwork } from './support/api.ts';
import {
  eventually,
  muteRefusingCouriers,
  newCustomer,
  orderAt,
  providerOf,
  reaches,
  viewOf,
} from './support/order.ts';
import type { TestOrder } from './support/order.ts';
import { closeSockets, openSocket, until, upgradeRequest } from './support/socket.ts';
import type { HandSocket } from './support/socket.ts';
import { barcodeOf, by, must, OPERATOR } from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { act, claim, done, scan, tablet } from './support/tablet.ts';

/** What a scale prints for this article: prefix 21, its number, the grams. */
function labelOf(grams: number): string {
  const body = `2100042${String(grams).padStart(5, '0')}`;
  return body + checkDigit(body);
}

let store: TestStore;
beforeAll(async () => {
  store = await openShop({ PAPAYA: 99, TEA: 99 }, 1_000, { PAPAYA: 1_000 });
  const cards: ItemCard[] = [
    {
      sku: asSku('PAPAYA'),
      name: 'Papaya',
      bin: 'P-1',
      barcodes: [labelOf(0)],
      gramsPerUnit: 1_000,
      soldByWeight: true,
    },
    { sku: asSku('TEA'), name: 'Tea', bin: 'A-1', barcodes: [barcodeOf('TEA')] },
  ];
  must(await store.rpc.publishCatalog({ ...by(OPERATOR), storeName: 'Indiranagar', catalogVersion: 3, cards }));
  await publishNetwork(1, [{ storeId: store.storeId, metresSouth: 300 }]);
});
beforeEach(muteRefusingCouriers);
afterEach(() => {
  vi.restoreAllMocks();
  closeSockets();
});

let keys = 0;
/** A papaya of about 1 kg and a tea, 1000 minor each, and 2500 for the delivery; quoted, ordered and claimed. */
async function ordered(
  papayas = 1,
  hasTea = true,
): Promise<{ order: TestOrder; picker: HandSocket; quote: QuoteView }> {
  const customer = newCustomer();
  const headers = await bearer(customer);
  const lines = [
    { sku: 'PAPAYA', quantity: papayas },
    { sku: 'TEA', quantity: 1 },
  ];
  const quote = await bodyOf(
    QuoteView,
    await call('/api/v1/quotes', { method: 'POST', body: { deliverTo: DOOR, lines }, headers }),
  );
  keys += 1;
  const payment = { method: 'sandbox', token: 'tok_approve' };
  const placed = await call('/api/v1/orders', {
    method: 'POST',
    body: { deliverTo: DOOR, lines, payment, quote: quote.quote },
    headers: { ...headers, 'idempotency-key': `catch-weight-${keys}` },
  });
  const order = orderAt(asOrderId((await bodyOf(OrderView, placed)).id), customer);
  const picker = await tablet(store);
  await claim(picker, order.orderId);
  if (hasTea) await done(picker, scan(order.orderId, 'TEA'));
  return { order, picker, quote };
}

/** Packs, and waits until what is owed is taken. */
async function packed(order: TestOrder, picker: HandSocket): Promise<OrderView> {
  await done(picker, { do: 'pack', taskId: order.orderId, bags: 1 });
  await reaches(order, 'PACKED');
  await eventually(async () => (await providerOf(order).find(order.orderId))?.status === 'CAPTURED');
  return viewOf(order);
}

async function ledgerOf(order: TestOrder): Promise<Readonly<Record<string, number>>> {
  const headers = await bearer(OPERATOR);
  const response = await call(`/api/v1/payments/${paymentIdOf(order.orderId)}`, { headers });
  return (await bodyOf(PaymentView, response)).ledger ?? {};
}

describe('an article that is sold by weight', () => {
  it('is quoted at its nominal weight and up to its tolerance, and so much is reserved [P5] [K4]', async () => {
    const { order, quote } = await ordered();
    expect(quote).toMatchObject({ totals: { total: { amount: 4_500 } }, upTo: { amount: 4_600 } });
    expect(quote.lines).toMatchObject([
      { sku: 'PAPAYA', weighed: { nominalGrams: 1_000, tolerancePpm: 100_000 } },
      { sku: 'TEA', weighed: null },
    ]);
    expect(await viewOf(order)).toMatchObject({ totals: { total: { amount: 4_500 } }, upTo: { amount: 4_600 } });
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ status: 'AUTHORIZED', authorizedMinor: 4_600 });
  });

  it.each([
    ['under it, and the customer is told', 640, 640, 'UNDER', 640],
    ['a little under it', 955, 955, 'WITHIN', 955],
    ['over it within the tolerance', 1_087, 1_087, 'WITHIN', 1_087],
    ['over the ceiling: the shop bears the rest', 1_874, 1_100, 'OVER', 1_100],
  ])('is charged by the weight on its label: %s [Y7] [P5]', async (_what, grams, chargedGrams, finding, itemMinor) => {
    const { order, picker } = await ordered();
    const scanned = await done(picker, { do: 'scan', taskId: order.orderId, barcode: labelOf(grams) });
    expect(scanned['value']).toMatchObject({ line: { picked: 1, grams } });
    const view = await packed(order, picker);
    expect(view.lines[0]).toMatchObject({
      pickedQuantity: 1,
      total: { amount: itemMinor },
      weighed: { grams, chargedGrams, finding },
    });
    const finalMinor = 3_500 + itemMinor;
    expect(view.totals.total.amount).toBe(finalMinor);
    expect(view.upTo).toBeUndefined();
    expect(await providerOf(order).find(order.orderId)).toMatchObject({
      authorizedMinor: 4_600,
      capturedMinor: finalMinor,
    });
    const ledger = await ledgerOf(order);
    expect(ledger).toMatchObject({ clearing: finalMinor, customer: 0, sales: -1_000 - itemMinor });
    expect(Object.values(ledger).reduce((sum, balance) => sum + balance, 0)).toBe(0);
  });

  describe('above the ceiling, with enough reserved for all of it', () => {
    /** The tea is not there, so that 1874 g fit into what was reserved. */
    async function asked(): Promise<{ order: TestOrder; customer: HandSocket }> {
      const { order, picker } = await ordered(1, false);
      const customer = await openSocket(order.stub, upgradeRequest(order.customer));
      await done(picker, { do: 'short', taskId: order.orderId, sku: 'TEA', quantity: 1, reason: 'DAMAGED' });
      await done(picker, { do: 'scan', taskId: order.orderId, barcode: labelOf(1_874) });
      await done(picker, { do: 'pack', taskId: order.orderId, bags: 1 });
      await reaches(order, 'PACKED');
      await until(() => customer.frames.find((frame) => JSON.stringify(frame).includes('ASKED')));
      expect(must(await order.rpc.tracking(order.customer)).money).toMatchObject({
        total: { amount: 3_600 },
        overweight: { status: 'ASKED', total: { amount: 4_374 } },
      });
      expect(await providerOf(order).find(order.orderId)).toMatchObject({ status: 'AUTHORIZED' });
      return { order, customer };
    }
    async function taken(order: TestOrder): Promise<number | undefined> {
      await eventually(async () => (await providerOf(order).find(order.orderId))?.status === 'CAPTURED');
      const ledger = await ledgerOf(order);
      expect(ledger).toMatchObject({ customer: 0 });
      expect(Object.values(ledger).reduce((sum, balance) => sum + balance, 0)).toBe(0);
      return (await providerOf(order).find(order.orderId))?.capturedMinor;
    }

    it('is paid whole after a yes on the socket [Y7] [T2]', async () => {
      const { order, customer } = await asked();
      expect(await customer.act({ do: 'answer_overweight', answer: 'APPROVE' }, 'yes-to-weight')).toMatchObject({
        ok: true,
      });
      expect(await taken(order)).toBe(4_374);
      const view = await viewOf(order);
      expect(view.lines[0]).toMatchObject({ total: { amount: 1_874 }, weighed: { chargedGrams: 1_874 } });
      const headers = await bearer(order.customer);
      const no = { method: 'POST', body: { answer: 'DECLINE' }, headers };
      expect(await codeOf(await call(`/api/v1/orders/${order.orderId}/overweight`, no))).toBe('QUESTION_OVER');
    });

    it('is the shop’s to bear after a no over the API; nobody but the customer answers [Y7] [Z2]', async () => {
      const { order } = await asked();
      const path = `/api/v1/orders/${order.orderId}/overweight`;
      const body = { answer: 'DECLINE' };
      const foreign = await call(path, { method: 'POST', body, headers: await bearer(newCustomer()) });
      expect(await codeOf(foreign)).toBe('NOT_FOUND');
      expect((await call(path, { method: 'POST', body, headers: await bearer(order.customer) })).status).toBe(200);
      expect(await taken(order)).toBe(3_600);
    });

    it('is the shop’s to bear after a silence, by the order’s own clock [Y7]', async () => {
      const { order } = await asked();
      await runInDurableObject(order.stub, async (object) => {
        vi.setSystemTime(Date.now() + ANSWER_MS);
        await object.alarm();
        vi.useRealTimers();
      });
      expect(await taken(order)).toBe(3_600);
    });
  });

  it('without a label is weighed by the picker, and is in no tote before that [F8] [Y7]', async () => {
    const { order, picker } = await ordered(2);
    const bare = { do: 'scan', taskId: order.orderId, barcode: labelOf(0), quantity: 2 };
    expect(await act(picker, bare)).toMatchObject({ problem: { code: 'WEIGHT_NEEDED', numbers: { sku: 'PAPAYA' } } });
    const scanned = await done(picker, { ...bare, grams: 2_150 });
    expect(scanned['value']).toMatchObject({ line: { picked: 2, grams: 2_150 } });
    const view = await packed(order, picker);
    expect(view.lines[0]).toMatchObject({ total: { amount: 2_150 }, weighed: { grams: 2_150, finding: 'WITHIN' } });
    expect(await providerOf(order).find(order.orderId)).toMatchObject({ authorizedMinor: 5_700, capturedMinor: 5_650 });
  });

  it('shows the tablet that it has to be weighed', async () => {
    const { order } = await ordered();
    const frames = (await tablet(store)).frames;
    const snapshot = await until(() => frames.find(({ t }) => t === 'snapshot'));
    const { tasks } = snapshot['state'] as {
      tasks: { taskId: string; lines: { sku: string; soldByWeight?: true }[] }[];
    };
    const lines = tasks.find(({ taskId }) => taskId === order.orderId)?.lines ?? [];
    expect(lines.map(({ sku, soldByWeight = false }) => [sku, soldByWeight])).toEqual([
      ['TEA', false],
      ['PAPAYA', true],
    ]);
  });
});
