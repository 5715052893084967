import { randomUUID } from 'node:crypto';
import { OrderView } from '../../contracts/http/orders.ts';
import { openingStock } from '../../db/seed/assortment.ts';
import { DEMO_PLACES, DEMO_STORES } from '../../db/seed/network.ts';
import { auditStore, keepOpen, promiseAnything, receiveStock } from '../../scripts/client/admin.ts';
import { ApiProblem } from '../../scripts/client/api-problem.ts';
import { Session } from '../../scripts/client/session.ts';
import type { PrivateSystem } from '../../scripts/demo/private-system.ts';
import { percentile } from '../../scripts/shared/percentile.ts';
import type { Figures } from '../bench.ts';
import { rounded } from '../rate-figures.ts';
import { onPrivateSystem } from '../system.ts';

/** More than any run can sell. */
const UNITS = 100_000;
/** Accounts that the connections share: signing up costs a tenth of a second of processor each. */
const CUSTOMERS = 4;
const PLACE = 'Ulsoor';
/** A request is tried once: a retry would hide what is measured. */
const ONCE = { deadlineMs: 0 };

/** At the same time; more only wait for each other. */
const CLIENTS = 16;

/**
 * Everybody wants one SKU of one store. An app that holds stock by placing an order makes each operation a whole placement,
 * paid on delivery: a new order object, the hold, its commit and its pick task.
 */
export function measureViaOrder(seconds: number, say: (line: string) => void): Promise<Figures> {
  return onPrivateSystem(say, (system) => measure(system, seconds, say));
}

async function measure(system: PrivateSystem, seconds: number, say: (line: string) => void): Promise<Figures> {
  const place = DEMO_PLACES.find(({ name }) => name === PLACE);
  const store = DEMO_STORES.find(({ key }) => place?.stores.includes(key));
  const sku = store === undefined ? undefined : openingStock(store.id)[0]?.sku;
  if (place === undefined || store === undefined || sku === undefined) throw new Error('the seed has no such store');
  say(`${CUSTOMERS} customers sign up, ${UNITS} units arrive`);
  await receiveStock(system.operator, store.id, { receiptId: 'bench-hot-sku', lines: [{ sku, quantity: UNITS }] });
  // Nobody picks here.
  await keepOpen(system.operator, store.id);
  await promiseAnything(system.operator, store.city.id);
  const customers = await Promise.all(Array.from({ length: CUSTOMERS }, (_, index) => signUp(system.url, index)));
  const before = await auditStore(system.operator, store.id);
  say(`orders for ${seconds} s`);
  const body = { deliverTo: place.location, lines: [{ sku, quantity: 1 }], payment: { method: 'cod' } };
  const { tookMs, refused } = await placeFor(seconds, customers, body);
  const after = await auditStore(system.operator, store.id);
  const taken = before.totals.available - after.totals.available;
  if (after.discrepancies.length > 0)
    throw new Error(`the ledger is not conserved: ${JSON.stringify(after.discrepancies)}`);
  if (taken < tookMs.length)
    throw new Error(`${tookMs.length} orders were acknowledged, ${taken} units left the shelf`);
  return {
    hold_via_order_per_s: rounded(tookMs.length / seconds),
    hold_via_order_p50_ms: rounded(percentile(tookMs, 50) ?? 0),
    hold_via_order_p99_ms: rounded(percentile(tookMs, 99) ?? 0),
    hold_via_order_refused: refused.length,
    hold_via_order_refused_with: [...new Set(refused)].join(',') || null,
  };
}

async function signUp(url: string, index: number): Promise<Session> {
  const session = new Session(
    url,
    { phone: `+91555000${String(index).padStart(4, '0')}`, password: randomUUID() },
    ONCE,
  );
  await session.register(`Bench customer ${index + 1}`);
  return session;
}

async function placeFor(
  seconds: number,
  customers: readonly Session[],
  body: unknown,
): Promise<{ readonly tookMs: readonly number[]; readonly refused: readonly string[] }> {
  const until = performance.now() + seconds * 1_000;
  const tookMs: number[] = [];
  const refused: string[] = [];
  async function client(session: Session): Promise<void> {
    while (performance.now() < until) {
      const startedAtMs = performance.now();
      const headers = { 'idempotency-key': randomUUID() };
      try {
        await session.call({ method: 'POST', path: '/api/v1/orders', headers, body }, OrderView);
        tookMs.push(performance.now() - startedAtMs);
      } catch (cause) {
        if (!(cause instanceof ApiProblem)) throw cause;
        refused.push(cause.code);
      }
    }
  }
  const sessions = Array.from({ length: CLIENTS }, (_, index) => customers[index % customers.length]);
  await Promise.all(sessions.filter((session) => session !== undefined).map(client));
  return { tookMs, refused };
}
