import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import type { Candidate } from '../../domain/order/order.ts';
import { asOpId, asSku, asStoreId, asUserId, asZoneId } from '../../domain/shared/ids.ts';
import type { Sku, StoreId } from '../../domain/shared/ids.ts';
import { loadObjects } from '../../test/support/object-platform/load-objects.ts';
import type { ObjectClasses } from '../../test/support/object-platform/load-objects.ts';
import { SqlPool } from '../../test/support/object-platform/sql-pool.ts';
import { NOBODY } from './people.ts';
import { inWorld, World } from './world.ts';
import type { Storage } from './world.ts';

// What there is to buy, and where: two stores that sell the same.

export const SKUS: readonly Sku[] = ['EGGS', 'MILK', 'TEA'].map(asSku);
const PRICE_MINOR = 1000;
export const OPENS_AT_MS = 1_800_000_000_000;
export const STORES: readonly StoreId[] = [1, 2].map((n) => asStoreId(`sto_${body(n)}`));
export const OPERATOR: Actor = { kind: 'operator', userId: asUserId(`usr_${body(1)}`) };

export function body(n: number): string {
  return String(n).padStart(26, '0');
}
/** Eight digits that a scanner reads of a SKU. */
export function barcodeOf(sku: Sku): string {
  return `2000000${SKUS.indexOf(sku)}`;
}

export interface BasketLine {
  readonly sku: Sku;
  readonly quantity: number;
}

/** A store that could serve the basket, at the same prices everywhere. */
export function candidateAt(storeId: StoreId, basket: readonly BasketLine[]): Omit<Candidate, 'holdId'> {
  const units = basket.reduce((sum, { quantity }) => sum + quantity, 0);
  const itemsMinor = units * PRICE_MINOR;
  return {
    storeId,
    storeName: storeId,
    zoneId: asZoneId(`zon_${body(1)}`),
    location: { lat: 12.97, lng: 77.59 },
    distanceM: 900,
    currency: 'INR',
    lines: basket.map(({ sku, quantity }) => ({ sku, name: sku, quantity, unitPriceMinor: PRICE_MINOR })),
    itemsMinor,
    deliveryFeeMinor: 500,
    totalMinor: itemsMinor + 500,
    promiseMs: 15 * 60_000,
  };
}

/** Classes, and a store with so many units of each SKU on its shelves. */
export interface Opening {
  readonly classes: ObjectClasses;
  readonly units: number;
  readonly storage: Storage;
}
export async function openShelves(units: number): Promise<Opening> {
  const classes = await loadObjects();
  const stocked = new Map<string, Uint8Array>();
  for (const storeId of STORES) {
    // oxlint-disable-next-line no-await-in-loop -- one world in a process at a time
    stocked.set(storeId, await stockedStore(classes, storeId, units));
  }
  const pool = new SqlPool();
  return {
    classes,
    units,
    storage: ({ kind, id }) => pool.take(kind === 'store' ? id : kind, stocked.get(id)),
  };
}

function stockedStore(classes: ObjectClasses, storeId: StoreId, units: number): Promise<Uint8Array> {
  const world = new World(classes, NOBODY, OPENS_AT_MS - 60_000);
  return inWorld(world, async () => {
    const own = { v: RPC_VERSION, actor: OPERATOR };
    const store = world.store(storeId);
    const cards = SKUS.map((sku, i) => ({ sku, name: sku, bin: `A01-1-${i + 1}`, barcodes: [barcodeOf(sku)] }));
    const published = { ...own, opId: asOpId('opening:catalog'), storeName: storeId, catalogVersion: 1, cards };
    const lines = SKUS.map((sku) => ({ sku, quantity: units }));
    const received = { ...own, opId: asOpId('opening:goods'), receiptId: 'GRN-OPENING', lines };
    void store.publishCatalog(published).then(() => store.receive(received));
    await world.run(OPENS_AT_MS);
    const { sql } = world.host({ kind: 'store', id: storeId });
    const [row] = sql.all<{ available: number }>('SELECT sum(available) AS available FROM stock');
    if (row?.available !== units * SKUS.length) throw new Error('the store did not open');
    return sql.image();
  });
}
