import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrderView } from '../../contracts/http/orders.ts';
import { OrderView as OrderBody } from '../../contracts/http/orders.ts';
import type { PlaceOrder } from '../../contracts/rpc/order.ts';
import type { ItemCard } from '../../contracts/rpc/store.ts';
import type { OrderWishes } from '../../domain/picking/order-wishes.ts';
import { ANSWER_MS } from '../../domain/picking/proposal.ts';
import type { Preference } from '../../domain/picking/substitution.ts';
import { asSku, asSubstitutionId } from '../../domain/shared/ids.ts';
import { bearer, bodyOf, call, codeOf } from './support/api.ts';
import {
  eventually,
  logOf,
  messagesOf,
  muteRefusingCouriers,
  newCustomer,
  newOrder,
  orderEvents,
  placeCommand,
  providerOf,
  quote,
  reaches,
  viewOf,
} from './support/order.ts';
import type { TestOrder } from './support/order.ts';
import { closeSockets, openSocket, until, upgradeRequest } from './support/socket.ts';
import type { Frame, HandSocket } from './support/socket.ts';
import { audit, barcodeOf, by, levelOf, must, openStore, OPERATOR, orderActor, reportsTo } from './support/store.ts';
import type { TestStore } from './support/store.ts';
import { act, claim, deltas, done, ringAfter, scan, tablet } from './support/tablet.ts';

beforeEach(muteRefusingCouriers);
afterEach(() => {
  vi.restoreAllMocks();
  closeSockets();
});

const PRICES: Readonly<Record<string, number>> = { MILK: 1000, OAT: 1200, SOY: 800, NUTTY: 900, EGGS: 1000 };
const ALLERGENS: Readonly<Record<string, NonNullable<ItemCard['allergens']>>> = { NUTTY: ['nuts'] };

/** Milks of one category, and eggs of another. The quote of an order has every unit at 1000 minor, and a fee of 500. */
async function openDairy(): Promise<TestStore> {
  const store = await openStore({ MILK: 9, OAT: 9, SOY: 9, NUTTY: 9, EGGS: 9 });
  const cards = Object.entries(PRICES).map(([sku, priceMinor], i): ItemCard => ({
    sku: asSku(sku),
    name: `${sku} of the house`,
    bin: `A-${10 - i}`,
    barcodes: [barcodeOf(sku)],
    categoryPath: sku === 'EGGS' ? ['Eggs'] : ['Dairy', 'Milk'],
    priceMinor,
    allergens: ALLERGENS[sku] ?? [],
  }));
  must(await store.rpc.publishCatalog({ ...by(OPERATOR), storeName: 'Indiranagar', catalogVersion: 4, cards }));
  return store;
}

interface Dairy {
  readonly store: TestStore;
  readonly order: TestOrder;
  readonly picker: HandSocket;
  readonly customer: HandSocket;
}
/** An order of two MILK and one EGGS whose picker found no MILK and took the EGGS; its customer watches. */
async function shortOfMilk(
  preference: Preference | null = null,
  avoid: OrderWishes['avoidAllergens'] = [],
): Promise<Dairy> {
  const store = await openDairy();
  const order = newOrder();
  const preferences = preference === null ? [] : [{ sku: asSku('MILK'), preference }];
  const wishes: PlaceOrder['wishes'] = { avoidAllergens: avoid, preferences };
  must(await order.rpc.place({ ...placeCommand(order, [quote(store, { EGGS: 1, MILK: 2 })]), wishes }));
  const [picker, customer] = [await tablet(store), await openSocket(order.stub, upgradeRequest(order.customer))];
  await claim(picker, order.orderId);
  await done(picker, { do: 'short', taskId: order.orderId, sku: 'MILK', quantity: 2, reason: 'DAMAGED' });
  await done(picker, scan(order.orderId, 'EGGS'));
  await reaches(order, 'PICKING');
  return { store, order, picker, customer };
}
function propose({ picker, order }: Dairy, substitute = 'OAT', quantity = 2): Promise<Frame> {
  return act(picker, { do: 'substitute', taskId: order.orderId, sku: 'MILK', substitute, quantity });
}
type Seen = OrderView['substitutions'][number];
/** What a customer's socket has been told of substitutes, in order. */
function seenBy({ customer }: Dairy): Seen[] {
  return customer.frames.flatMap(({ delta }) =>
    typeof delta === 'object' && delta !== null && 'substitution' in delta ? [delta.substitution as Seen] : [],
  );
}
/** Waits until the customer is told that it has this status. */
function told(dairy: Dairy, status: Seen['status']): Promise<Seen> {
  return until(() => seenBy(dairy).find((seen) => seen.status === status));
}
interface SeenTask {
  readonly substitutions: readonly {
    readonly status: string;
    readonly expiresAt: string;
    readonly settlement: string | null;
  }[];
  readonly lines: readonly { readonly sku: string; readonly substituteFor: string | null; readonly quantity: number }[];
}
/** Waits until the tablet shows that its last substitute has this status. */
function shown({ picker }: Dairy, status: string): Promise<SeenTask> {
  return until(() => {
    const tasks = deltas(picker).map(({ delta }) => (delta as { task?: SeenTask }).task);
    return tasks.findLast((task) => task !== undefined && task.substitutions.at(-1)?.status === status);
  });
}
function answer({ customer }: Dairy, seen: Seen, said: 'APPROVE' | 'DECLINE'): Promise<Frame> {
  const id = `answer-${seen.id}-${said}`.slice(0, 60);
  return customer.act({ do: 'answer_substitution', proposalId: seen.id, answer: said }, id);
}
async function pack({ picker, order }: Dairy): Promise<void> {
  await done(picker, { do: 'pack', taskId: order.orderId, bags: 1 });
  await reaches(order, 'PACKED');
}
async function captured({ order }: Dairy): Promise<number | undefined> {
  await eventually(async () => (await providerOf(order).find(order.orderId))?.status === 'CAPTURED');
  return (await providerOf(order).find(order.orderId))?.capturedMinor;
}
/** Rings the order's alarm as if it were `afterMs` later. */
async function ringOrderAfter({ order }: Dairy, afterMs: number): Promise<void> {
  await runInDurableObject(order.stub, async (object) => {
    vi.setSystemTime(Date.now() + afterMs);
    await object.alarm();
    vi.useRealTimers();
  });
}

describe('a substitute', () => {
  it('goes from picker to customer and back while the picker goes on, and is packed and charged at the lower price [F8] [Y7] [T2]', async () => {
    const dairy = await shortOfMilk();
    const { store, order, picker } = dairy;
    const asked = await done(picker, { do: 'candidates', taskId: order.orderId, sku: 'MILK' });
    expect(asked['value']).toMatchObject({
      quantity: 2,
      candidates: [{ sku: 'NUTTY' }, { sku: 'OAT' }, { sku: 'SOY' }].map((one) => expect.objectContaining(one)),
    });
    expect(await propose(dairy)).toMatchObject({ ok: true, value: { status: 'PICKING' } });
    const open = await told(dairy, 'PROPOSED');
    expect(open).toMatchObject({
      sku: 'MILK',
      substitute: { sku: 'OAT', name: 'OAT of the house' },
      quantity: 2,
      settlement: null,
      onSilence: 'REFUND',
      unitPrice: { amount: 1000, currency: 'INR' },
      priceDifference: { amount: 200 },
    });
    expect(open.terms.map(({ term }) => term)).toEqual(['category', 'size', 'brand', 'price', 'stock', 'shelf_life']);
    const leftMs = Date.parse(open.expiresAt) - Date.now();
    expect(leftMs > 0 && leftMs <= ANSWER_MS).toBe(true);
    expect((await shown(dairy, 'PROPOSED')).substitutions).toMatchObject([{ expiresAt: open.expiresAt }]);
    expect(await levelOf(store, 'OAT')).toMatchObject({ available: 7, held: 2 });
    expect(await act(picker, { do: 'pack', taskId: order.orderId, bags: 1 })).toMatchObject({
      problem: { code: 'SUBSTITUTION_OPEN', numbers: { open: [{ expiresAt: open.expiresAt }] } },
    });

    expect(await answer(dairy, open, 'APPROVE')).toMatchObject({ ok: true });
    const task = await shown(dairy, 'APPROVED');
    expect(task.lines).toContainEqual(expect.objectContaining({ sku: 'OAT', quantity: 2, substituteFor: 'MILK' }));
    expect(await levelOf(store, 'OAT')).toMatchObject({ available: 7, held: 0, allocated: 2 });
    await done(picker, scan(order.orderId, 'OAT', 2));
    await pack(dairy);
    expect(await captured(dairy)).toBe(1000 + 2 * 1000 + 500);
    expect(await viewOf(order)).toMatchObject({
      totals: { items: { amount: 3000 }, total: { amount: 3500 } },
      substitutions: [{ status: 'APPROVED', settlement: 'SUBSTITUTE', pickedQuantity: 2, total: { amount: 2000 } }],
    });
    expect(await audit(store)).toMatchObject({ discrepancies: [], quarantined: [] });
  });

  it('that is declined is for sale again, and only what came is charged [F8] [Y7]', async () => {
    const dairy = await shortOfMilk();
    await propose(dairy);
    const open = await told(dairy, 'PROPOSED');
    expect(await answer(dairy, open, 'DECLINE')).toMatchObject({ ok: true });
    await shown(dairy, 'DECLINED');
    expect(await levelOf(dairy.store, 'OAT')).toMatchObject({ available: 9, held: 0, allocated: 0 });
    await pack(dairy);
    expect(await captured(dairy)).toBe(1000 + 500);
    expect(
      (await orderEvents(dairy.order)).map(({ type }) => type).filter((type) => type.includes('substitution')),
    ).toEqual(['order.substitution_proposed', 'order.substitution_declined']);
  });

  it.each<[Preference | null, 'SUBSTITUTE' | 'REFUND']>([
    [null, 'REFUND'],
    [{ kind: 'best_match' }, 'SUBSTITUTE'],
  ])(
    'that nobody answers is decided by the order’s clock, as was said beforehand: %j [F8]',
    async (preference, settlement) => {
      const dairy = await shortOfMilk(preference);
      await propose(dairy);
      const open = await told(dairy, 'PROPOSED');
      await ringOrderAfter(dairy, ANSWER_MS - 5_000);
      expect(seenBy(dairy).map(({ status }) => status)).toEqual(['PROPOSED']);
      await ringOrderAfter(dairy, ANSWER_MS + 1);
      expect(await told(dairy, 'TIMED_OUT')).toMatchObject({ settlement });
      expect((await shown(dairy, 'TIMED_OUT')).substitutions).toMatchObject([{ settlement }]);
      expect(await answer(dairy, open, settlement === 'REFUND' ? 'APPROVE' : 'DECLINE')).toMatchObject({
        problem: { code: 'SUBSTITUTION_OVER', numbers: { status: 'TIMED_OUT', settlement } },
      });
      const allocated = settlement === 'SUBSTITUTE' ? 2 : 0;
      expect(await levelOf(dairy.store, 'OAT')).toMatchObject({ held: 0, allocated });
      expect((await orderEvents(dairy.order)).at(-1)).toMatchObject({
        type: 'order.substitution_expired',
        data: { settlement },
      });
    },
  );

  it('that the customer named beforehand comes without a question [F8]', async () => {
    const dairy = await shortOfMilk({ kind: 'specific', skus: [asSku('SOY')] });
    expect(await propose(dairy, 'OAT')).toMatchObject({
      problem: { code: 'SUBSTITUTE_RULED_OUT', numbers: { why: 'NOT_NAMED' } },
    });
    expect(await propose(dairy, 'SOY')).toMatchObject({ ok: true });
    await shown(dairy, 'APPROVED');
    expect(seenBy(dairy).at(-1)).toMatchObject({ status: 'APPROVED', unitPrice: { amount: 800 } });
    await done(dairy.picker, scan(dairy.order.orderId, 'SOY', 2));
    await pack(dairy);
    expect(await captured(dairy)).toBe(1000 + 2 * 800 + 500);
  });

  it('with an allergen to avoid is refused at the store, and by the order if a store ever asked; no event tells of it [F8]', async () => {
    const dairy = await shortOfMilk({ kind: 'specific', skus: [asSku('NUTTY')] }, ['nuts']);
    const { order, store } = dairy;
    expect(await propose(dairy, 'NUTTY')).toMatchObject({
      problem: { code: 'SUBSTITUTE_RULED_OUT', numbers: { sku: 'NUTTY', why: 'ALLERGEN' } },
    });
    const proposalId = asSubstitutionId(`sub_${'7'.repeat(26)}`);
    const terms = { proposalId, missing: asSku('MILK'), substitute: asSku('NUTTY'), units: 2 };
    must(
      await order.rpc.proposeSubstitution({
        ...by({ kind: 'object', object: 'store', id: store.storeId }),
        ...terms,
        answerByMs: Date.now() + ANSWER_MS,
        name: 'Nutty',
        priceMinor: 900,
        allergens: ['nuts'],
        terms: [],
      }),
    );
    expect((await viewOf(order)).substitutions).toMatchObject([{ status: 'DECLINED', settlement: 'REFUND' }]);
    const events = JSON.stringify(await orderEvents(order));
    expect(events).toContain('"decidedBy":"RULE"');
    expect(events).not.toMatch(/nuts|allergen/i);
    expect(JSON.stringify(await viewOf(order))).not.toContain('"nuts"');
  });

  it.each(['do_not_substitute', 'refund'] as const)(
    'is not even looked for when the customer said %s [F8]',
    async (kind) => {
      const dairy = await shortOfMilk({ kind });
      expect(await done(dairy.picker, { do: 'candidates', taskId: dairy.order.orderId, sku: 'MILK' })).toMatchObject({
        value: { barredBy: kind, candidates: [] },
      });
      expect(await propose(dairy)).toMatchObject({ problem: { code: 'SUBSTITUTION_BARRED', numbers: { by: kind } } });
      await pack(dairy);
      expect(await captured(dairy)).toBe(1500);
    },
  );
});

describe('an answer', () => {
  it('sent again, and messages that come again or late, change nothing [F8] [X3]', async () => {
    const dairy = await shortOfMilk();
    const { order, store } = dairy;
    await propose(dairy);
    const open = await told(dairy, 'PROPOSED');
    const first = await answer(dairy, open, 'APPROVE');
    expect(await answer(dairy, open, 'APPROVE')).toEqual(first);
    await shown(dairy, 'APPROVED');
    const settled = (await messagesOf(order)).filter(({ what }) => what === 'store execute');
    expect(settled).toHaveLength(1);
    // The same message once more, and another one that says the opposite.
    must(await store.rpc.execute(settled[0]?.command as never));
    const other = { ...by(orderActor(order.orderId)), do: 'SettleSubstitution', orderId: order.orderId } as const;
    const proposalId = asSubstitutionId(open.id);
    expect(must(await store.rpc.execute({ ...other, proposalId, answer: 'DECLINED' }))).toEqual({ status: 'APPROVED' });
    const asked = (await reportsTo(store, order.orderId)).find(({ opId }) => opId.endsWith(':propose'));
    must(await order.rpc.proposeSubstitution(asked as never));
    expect((await logOf(order)).filter((type) => type.startsWith('substitution'))).toEqual([
      'substitution.proposed',
      'substitution.approved',
    ]);
    expect(await levelOf(store, 'OAT')).toMatchObject({ available: 7, held: 0, allocated: 2 });
  });

  it('is the customer’s own: nobody else’s, and over the API as well [F8] [U4]', async () => {
    const dairy = await shortOfMilk();
    const { order, store } = dairy;
    await propose(dairy);
    const open = await told(dairy, 'PROPOSED');
    const command = { proposalId: asSubstitutionId(open.id), answer: 'APPROVED' } as const;
    expect(await order.rpc.answerSubstitution({ ...by(OPERATOR), ...command })).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
    expect(await order.rpc.answerSubstitution({ ...by(newCustomer()), ...command })).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
    expect(
      await store.rpc.execute({ ...by(OPERATOR), do: 'SettleSubstitution', orderId: order.orderId, ...command }),
    ).toMatchObject({
      error: { code: 'FORBIDDEN' },
    });
    const path = `/api/v1/orders/${order.orderId}/substitutions/${open.id}`;
    async function send(who: typeof order.customer, said: string): Promise<Response> {
      return call(path, { method: 'POST', body: { answer: said }, headers: await bearer(who) });
    }
    expect(await codeOf(await send(newCustomer(), 'DECLINE'))).toBe('NOT_FOUND');
    expect(await codeOf(await send(order.customer, 'PERHAPS'))).toBe('INVALID_INPUT');
    const view = await bodyOf(OrderBody, await send(order.customer, 'DECLINE'));
    expect(view.substitutions).toMatchObject([{ status: 'DECLINED', settlement: 'REFUND' }]);
    expect((await send(order.customer, 'DECLINE')).status).toBe(200);
    expect(await codeOf(await send(order.customer, 'APPROVE'))).toBe('SUBSTITUTION_OVER');
    await shown(dairy, 'DECLINED');
  });

  it('that the order cannot give: the store stops waiting by its own clock and tells the order [F8]', async () => {
    const dairy = await shortOfMilk();
    await propose(dairy);
    await told(dairy, 'PROPOSED');
    await ringAfter(dairy.store, ANSWER_MS + 31_000);
    expect(await told(dairy, 'WITHDRAWN')).toMatchObject({ settlement: null });
    expect(await levelOf(dairy.store, 'OAT')).toMatchObject({ available: 9, held: 0 });
    await claim(dairy.picker, dairy.order.orderId).catch(() => undefined);
    await act(dairy.picker, { do: 'claim', taskId: dairy.order.orderId });
    await pack(dairy);
    expect(await captured(dairy)).toBe(1500);
  });
});

describe('an order that is cancelled while a substitute is open', () => {
  it('gives its units back and tells both sides [F8] [O9]', async () => {
    const dairy = await shortOfMilk();
    const { store, order } = dairy;
    await propose(dairy);
    await told(dairy, 'PROPOSED');
    must(await order.rpc.cancel({ ...by(OPERATOR), reason: 'flood' }));
    expect(await told(dairy, 'WITHDRAWN')).toMatchObject({ settlement: null });
    await shown(dairy, 'WITHDRAWN');
    expect(await levelOf(store, 'OAT')).toMatchObject({ available: 9, held: 0, allocated: 0 });
    await eventually(async () => (await providerOf(order).find(order.orderId))?.status === 'VOIDED');
    expect(await audit(store)).toMatchObject({ discrepancies: [], quarantined: [] });
  });
});

describe('the customer’s socket', () => {
  it('that broke resumes with what it missed, and a new one shows what is open [T2]', async () => {
    const dairy = await shortOfMilk();
    const { order, customer } = dairy;
    await until(() =>
      customer.frames.find(({ delta }) => (delta as { status?: string } | undefined)?.status === 'PICKING'),
    );
    const last = customer.frames.findLast(({ seq }) => typeof seq === 'number')?.['seq'] as number;
    customer.close();
    await propose(dairy);
    await eventually(async () => (await viewOf(order)).substitutions.length === 1);
    const again = await openSocket(order.stub, upgradeRequest(order.customer, { after: last }));
    expect(await until(() => again.frames[0])).toMatchObject({
      t: 'delta',
      seq: last + 1,
      delta: { substitution: { status: 'PROPOSED' } },
    });
    const fresh = await openSocket(order.stub, upgradeRequest(order.customer));
    expect(await until(() => fresh.frames[0])).toMatchObject({
      t: 'snapshot',
      seq: last + 1,
      state: { substitutions: [{ status: 'PROPOSED' }] },
    });
  });

  it('answers a command that makes no sense, and closes on what is none', async () => {
    const { customer } = await shortOfMilk();
    expect(await customer.act({ do: 'deliver' }, 'op-12345678')).toMatchObject({ problem: { code: 'INVALID_INPUT' } });
    customer.send({ t: 'command', do: 'deliver' });
    expect(await until(() => customer.closes[0])).toMatchObject({ code: 4400 });
  });
});
