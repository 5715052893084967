import { randomUUID } from 'node:crypto';
import { openingStock } from '../db/seed/assortment.ts';
import { DEMO_PLACES, DEMO_STORES, type DemoStore } from '../db/seed/network.ts';
import { SessionView } from '../contracts/http/users.ts';
import { keepOpen, promiseAnything, receiveStock } from '../scripts/client/admin.ts';
import { readBody, send } from '../scripts/client/http.ts';
import type { PrivateSystem } from '../scripts/demo/private-system.ts';
import { closedLoop } from './hold/method/closed-loop.ts';
import { placeRequest, type OrderTarget } from './order/order-requests.ts';

/** One store delivers there. */
const PLACE = 'Ulsoor';
const UNITS = 100_000;
/** Accounts that the orders share: signing up costs a tenth of a second of processor each. */
const CUSTOMERS = 4;
const CLIENTS = 16;

export interface ManyOrders {
  /** Where all of them are ordered. */
  readonly store: DemoStore;
  /** Places so many, paid by this token of the sandbox, or as many as it can in time, and returns their ids. */
  place(count: number, token: string, withinMs: number): Promise<readonly string[]>;
}

/** A store that takes any number of orders, on whose floor nobody works. */
export async function manyOrders({ url, operator }: PrivateSystem): Promise<ManyOrders> {
  const place = DEMO_PLACES.find(({ name }) => name === PLACE);
  const store = DEMO_STORES.find(({ key }) => place?.stores.includes(key));
  const sku = store === undefined ? undefined : openingStock(store.id)[0]?.sku;
  if (place === undefined || store === undefined || sku === undefined) throw new Error('the seed has no such store');
  await receiveStock(operator, store.id, { receiptId: 'bench-many-orders', lines: [{ sku, quantity: UNITS }] });
  await keepOpen(operator, store.id);
  await promiseAnything(operator, store.city.id);
  const customers = await Promise.all(Array.from({ length: CUSTOMERS }, (_, index) => signUp(url, index)));
  return {
    store,
    async place(count, token, withinMs) {
      const body = JSON.stringify({
        deliverTo: place.location,
        lines: [{ sku, quantity: 1 }],
        payment: { method: 'sandbox', token },
      });
      const targets = customers.map((authorization): OrderTarget => ({ origin: url, authorization, body }));
      return placeAll(url, targets, count, withinMs);
    },
  };
}

async function placeAll(
  origin: string,
  targets: readonly OrderTarget[],
  count: number,
  withinMs: number,
): Promise<readonly string[]> {
  const untilMs = performance.now() + withinMs;
  const ids: string[] = [];
  let underWay = 0;
  let asked = 0;
  await closedLoop<null>({
    origin,
    connections: Math.min(CLIENTS, count),
    next: () => {
      const target = targets[asked % targets.length];
      if (target === undefined || ids.length + underWay >= count || performance.now() > untilMs) return undefined;
      asked += 1;
      underWay += 1;
      return { asked: null, request: placeRequest(target) };
    },
    onAnswer: (_, { status, body }) => {
      underWay -= 1;
      // Too busy just now: another one is asked for instead.
      if (status === 503) return;
      const id = /"id":"(ord_[0-9A-Z]{26})"/.exec(body)?.[1];
      if (status >= 300 || id === undefined) throw new Error(`an order was answered ${status} ${body.slice(0, 200)}`);
      ids.push(id);
    },
  });
  return ids;
}

async function signUp(url: string, index: number): Promise<string> {
  const phone = `+91555200${String(index).padStart(4, '0')}`;
  const body = { phone, password: randomUUID(), name: `Bench customer ${index + 1}`, deviceId: 'bench-many' };
  const response = await send(url, { method: 'POST', path: '/api/v1/users/register', body });
  const { accessToken } = await readBody('POST register', response, SessionView);
  return `Bearer ${accessToken}`;
}
