import { sql } from 'drizzle-orm';
import type { Db } from '../client.ts';
import { upsertAssortment } from '../queries/assortment.ts';
import { addresses } from '../schema/addresses.ts';
import { cities } from '../schema/cities.ts';
import { couriers } from '../schema/couriers.ts';
import { ruleVersions } from '../schema/rule-versions.ts';
import { stores } from '../schema/stores.ts';
import { users } from '../schema/users.ts';
import { zones } from '../schema/zones.ts';
import { demoAssortment } from './assortment.ts';
import { demoIdWithPrefix } from './deterministic.ts';
import { DEMO_CITIES, DEMO_PLACES, DEMO_STORES } from './network.ts';
import { DEMO_COURIERS, DEMO_PASSWORD_HASHES, DEMO_USERS } from './people.ts';

export interface SeedReport {
  /** Cities, zones, stores, couriers, users and addresses that were not there before. */
  readonly created: number;
  /** Stores that were given an assortment, and rows of it. */
  readonly stocked: number;
  readonly articles: number;
}

/**
 * The demo's master data: whatever is missing is made, whatever is there stays as people have changed it since. Stock is
 * not here: see `openingStock`. `db` must be able to hold a transaction: all of it goes in, or nothing.
 */
export function seedDemo(db: Db, onProgress: (line: string) => void = () => {}): Promise<SeedReport> {
  return db.transaction(async (tx) => {
    onProgress('seeding cities, stores and people');
    const created = (await seedNetwork(tx)) + (await seedPeople(tx));
    let stocked = 0;
    let articles = 0;
    for (const store of DEMO_STORES) {
      if (await hasAssortment(tx, store.id)) continue;
      onProgress(`seeding the assortment of ${store.city.name} ${store.name}`);
      const outcome = await upsertAssortment(tx, store.id, demoAssortment(store));
      if (!outcome.ok || outcome.value.rejected.length > 0)
        throw new Error(`the demo's own data is refused: ${JSON.stringify(outcome)}`);
      stocked += 1;
      articles += outcome.value.created;
    }
    return { created, stocked, articles };
  });
}

async function seedNetwork(db: Db): Promise<number> {
  const cityRows = await db
    .insert(cities)
    .values(DEMO_CITIES.map(({ key: _key, charges: _charges, ...city }) => city))
    .onConflictDoNothing()
    .returning({ id: cities.id });
  // Rules that were changed since have a higher version, and go.
  await db
    .insert(ruleVersions)
    .values(
      DEMO_CITIES.map(({ id, charges }) => {
        return { kind: 'charges' as const, scopeId: id, version: 1, rules: charges, createdBy: 'seed' };
      }),
    )
    .onConflictDoNothing();
  const zoneRows = await db
    .insert(zones)
    .values(
      DEMO_STORES.map((store) => ({
        id: store.zoneId,
        cityId: store.city.id,
        name: store.name,
        polygon: store.polygon,
      })),
    )
    .onConflictDoNothing()
    .returning({ id: zones.id });
  const storeRows = await db
    .insert(stores)
    .values(
      DEMO_STORES.map(({ key: _key, city, location, polygon: _polygon, ...store }) => ({
        ...store,
        cityId: city.id,
        lat: location.lat,
        lng: location.lng,
      })),
    )
    .onConflictDoNothing()
    .returning({ id: stores.id });
  return cityRows.length + zoneRows.length + storeRows.length;
}

async function seedPeople(db: Db): Promise<number> {
  const courierRows = await db
    .insert(couriers)
    .values([...DEMO_COURIERS])
    .onConflictDoNothing()
    .returning({ id: couriers.id });
  const userRows = await db
    .insert(users)
    .values(DEMO_USERS.map((user) => ({ ...user, passwordHash: DEMO_PASSWORD_HASHES[user.role] })))
    .onConflictDoNothing()
    .returning({ id: users.id });
  const addressRows = await db
    .insert(addresses)
    .values(demoAddresses())
    .onConflictDoNothing()
    .returning({ id: addresses.id });
  return courierRows.length + userRows.length + addressRows.length;
}

/** Each customer's home is the place of their city where two stores deliver. */
function demoAddresses(): (typeof addresses.$inferInsert)[] {
  return DEMO_USERS.filter(({ role }) => role === 'CUSTOMER').flatMap((customer, index) => {
    const city = DEMO_CITIES[index];
    const place = DEMO_PLACES.find(
      ({ stores: serving }) => serving.length > 1 && serving.every((key) => key.startsWith(`${city?.key}-`)),
    );
    if (city === undefined || place === undefined) return [];
    return [
      {
        id: demoIdWithPrefix('adr', customer.id),
        userId: customer.id,
        cityId: city.id,
        label: 'home',
        line: place.name,
        lat: place.location.lat,
        lng: place.location.lng,
        isDefault: true,
      },
    ];
  });
}

async function hasAssortment(db: Db, storeId: string): Promise<boolean> {
  const { rows } = await db.execute<{ has: boolean }>(
    sql`SELECT EXISTS (SELECT FROM store_assortment WHERE store_id = ${storeId}) AS has`,
  );
  return rows[0]?.has === true;
}
