import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrderView } from '../../../contracts/http/orders.ts';
import { openingStock } from '../../../db/seed/assortment.ts';
import { DEMO_PLACES, DEMO_STORES } from '../../../db/seed/network.ts';
import { auditStore } from '../../../scripts/client/admin.ts';
import { ApiProblem } from '../../../scripts/client/api-problem.ts';
import type { Session } from '../../../scripts/client/session.ts';
import type { PrivateSystem } from '../../../scripts/demo/private-system.ts';

const ORDERS = 12;
const SETTLES_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;

/**
 * More orders for a scarce SKU than the stores around have of it, placed at once: of each store no more may be confirmed than it
 * has units, and its ledger must say the same.
 */
export async function ordersOnFewUnits(
  { operator }: PrivateSystem,
  sessions: readonly Session[],
): Promise<{ readonly requests: number; readonly broken: readonly string[] }> {
  const [place] = DEMO_PLACES;
  const nearest = DEMO_STORES.find(({ key }) => place?.stores.includes(key));
  const scarce = nearest === undefined ? undefined : openingStock(nearest.id).find(({ quantity }) => quantity <= 3);
  if (place === undefined || scarce === undefined) throw new Error('the seed has no scarce SKU at its first place');
  const body = {
    deliverTo: place.location,
    lines: [{ sku: scarce.sku, quantity: 1 }],
    payment: { method: 'cod' },
  };
  const placed = await Promise.all(
    Array.from({ length: ORDERS }, (_, i) => placeOrder(sessions[i % sessions.length], body)),
  );
  const settled = await Promise.all(placed.flatMap((order) => (order === undefined ? [] : [settle(order)])));
  const broken: string[] = [];
  for (const { id } of DEMO_STORES) {
    const confirmed = settled.filter((order) => order.storeId === id && order.status !== 'CANCELLED').length;
    const units = openingStock(id).find(({ sku }) => sku === scarce.sku)?.quantity ?? 0;
    if (confirmed > units) broken.push(`${confirmed} orders were confirmed on ${units} of ${scarce.sku} at ${id}`);
    // oxlint-disable-next-line no-await-in-loop -- store by store
    const { totals, discrepancies } = await auditStore(operator, id);
    const taken = totals.held + totals.allocated + totals.picked + totals.sold;
    if (taken < confirmed) broken.push(`${confirmed} orders were confirmed at ${id}, ${taken} units are set aside`);
    if (discrepancies.length > 0) broken.push(`the audit of ${id} found ${JSON.stringify(discrepancies)}`);
  }
  return { requests: ORDERS, broken };
}

interface Placed {
  readonly session: Session;
  readonly order: OrderView;
}

async function placeOrder(session: Session | undefined, body: unknown): Promise<Placed | undefined> {
  if (session === undefined) throw new Error('nobody is signed in');
  const headers = { 'idempotency-key': randomUUID() };
  try {
    const order = await session.call({ method: 'POST', path: '/api/v1/orders', headers, body }, OrderView);
    return { session, order };
  } catch (cause) {
    if (cause instanceof ApiProblem && cause.code === 'INSUFFICIENT_STOCK') return undefined;
    throw cause;
  }
}

/** Waits until the order is confirmed or called off. */
async function settle({ session, order }: Placed): Promise<OrderView> {
  const startedAtMs = performance.now();
  let now = order;
  while (now.status === 'PENDING' && performance.now() - startedAtMs < SETTLES_WITHIN_MS) {
    // oxlint-disable-next-line no-await-in-loop -- asks again
    await sleep(LOOK_EVERY_MS);
    // oxlint-disable-next-line no-await-in-loop -- asks again
    now = await session.call({ method: 'GET', path: `/api/v1/orders/${order.id}` }, OrderView);
  }
  return now;
}
