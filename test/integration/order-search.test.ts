import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listOrders, ordersAsOfMs } from '../../db/queries/orders.ts';
import type { OrderFilter } from '../../db/queries/orders.ts';
import { createNodeDb, type NodeDb } from '../../db/node-client.ts';
import { consumerOffsets } from '../../db/schema/consumer-offsets.ts';
import { orderLines } from '../../db/schema/order-lines.ts';
import { orders } from '../../db/schema/orders.ts';
import { asOrderId, asSku, asStoreId, asUserId } from '../../domain/shared/ids.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import { DRIVERS, openDatabase, type OpenDatabase } from '../support/databases.ts';

const ANA = asUserId(`usr_${'1'.padStart(26, '0')}`);
const BEA = asUserId(`usr_${'2'.padStart(26, '0')}`);
const STORE = asStoreId(`sto_${'1'.padStart(26, '0')}`);
const OTHER = asStoreId(`sto_${'2'.padStart(26, '0')}`);
const DAY_MS = 86_400_000;
const NOON_MS = Date.UTC(2027, 0, 10, 12);

function row(n: number, customerId: string, storeId: string, status: OrderStatus, createdAtMs: number) {
  const createdAt = new Date(createdAtMs);
  return {
    id: asOrderId(`ord_${String(n).padStart(26, '0')}`),
    orderNumber: `K${n}`,
    customerId,
    zoneId: 'zon_0',
    storeId,
    status,
    currency: 'INR',
    itemsMinor: 1_000,
    deliveryFeeMinor: 500,
    totalMinor: 1_500,
    paymentMethod: 'sandbox',
    promisedAt: createdAt,
    createdAt,
    updatedAt: createdAt,
    version: 1,
  } satisfies typeof orders.$inferInsert;
}

describe.each(DRIVERS)('searching orders by %s', (driver) => {
  let open: OpenDatabase;
  let node: NodeDb;

  beforeAll(async () => {
    open = await openDatabase(driver);
    node = createNodeDb({ connectionString: open.url });
    await node.db
      .insert(orders)
      .values([
        row(1, ANA, STORE, 'CLOSED', NOON_MS - 2 * DAY_MS),
        row(2, ANA, OTHER, 'CANCELLED', NOON_MS - DAY_MS),
        row(3, BEA, STORE, 'PICKING', NOON_MS),
        row(4, ANA, STORE, 'PICKING', NOON_MS),
      ]);
    const line = { quantity: 1, unitPriceMinor: 1000, totalMinor: 1000, currency: 'INR', name: 'x' };
    await node.db.insert(orderLines).values([
      { ...line, orderId: row(1, ANA, STORE, 'CLOSED', 0).id, lineNo: 0, sku: 'TEA' },
      { ...line, orderId: row(3, BEA, STORE, 'PICKING', 0).id, lineNo: 0, sku: 'MILK' },
      { ...line, orderId: row(3, BEA, STORE, 'PICKING', 0).id, lineNo: 1, sku: 'TEA' },
    ]);
  });
  afterAll(async () => {
    await node.close();
    await open.close();
  });

  async function found(filter: OrderFilter): Promise<string[]> {
    const { orders: page } = await listOrders(open.db, filter, { limit: 10 });
    return page.map(({ orderNumber }) => orderNumber);
  }

  test('by customer, store, status, number, day and article, all at once if need be [O1]', async () => {
    expect(await found({})).toEqual(['K4', 'K3', 'K2', 'K1']);
    expect(await found({ customerId: ANA })).toEqual(['K4', 'K2', 'K1']);
    expect(await found({ storeId: STORE, status: 'PICKING' })).toEqual(['K4', 'K3']);
    expect(await found({ number: 'K2' })).toEqual(['K2']);
    expect(await found({ sku: asSku('TEA') })).toEqual(['K3', 'K1']);
    expect(await found({ sku: asSku('TEA'), customerId: ANA })).toEqual(['K1']);
    const day = Date.UTC(2027, 0, 9);
    expect(await found({ fromMs: day, untilMs: day + DAY_MS })).toEqual(['K2']);
    expect(await found({ customerId: BEA, storeId: OTHER })).toEqual([]);
  });

  test('a row says as of when it is, and the list when it last took something in [O1]', async () => {
    const { orders: page } = await listOrders(open.db, { number: 'K1' }, { limit: 1 });
    expect(page[0]?.asOfMs).toBe(NOON_MS - 2 * DAY_MS);
    expect(await ordersAsOfMs(open.db)).toBeNull();
    const offset = { log: 'log', topic: 'orders.events.v1', nextOffset: 1 };
    await node.db.insert(consumerOffsets).values([
      { ...offset, group: 'order-projection', partition: 0, updatedAt: new Date(NOON_MS) },
      { ...offset, group: 'order-projection', partition: 1, updatedAt: new Date(NOON_MS + 5) },
      { ...offset, group: 'stock-projection', partition: 0, updatedAt: new Date(NOON_MS + 9) },
    ]);
    expect(await ordersAsOfMs(open.db)).toBe(NOON_MS + 5);
  });
});
