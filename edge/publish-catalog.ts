import { RPC_VERSION } from '../contracts/actor.ts';
import type { Actor } from '../contracts/actor.ts';
import type { PublishedCatalog, PublishedNetwork } from '../contracts/http/admin.ts';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { ItemCard } from '../contracts/rpc/store.ts';
import { catalogKey, NETWORK_KEY } from '../contracts/snapshots.ts';
import type { CatalogSnapshot, NetworkSnapshot } from '../contracts/snapshots.ts';
import { toTimestamp } from '../contracts/wire.ts';
import { bumpCatalogVersion, loadStoreCatalog } from '../db/queries/catalog.ts';
import type { StoreCatalog } from '../db/queries/catalog.ts';
import { loadNetwork, nextNetworkVersion } from '../db/queries/network.ts';
import type { Network, NetworkStore } from '../db/queries/network.ts';
import { loadRules } from '../db/queries/rules.ts';
import type { RulesInForce } from '../db/queries/rules.ts';
import { asOpId } from '../domain/shared/ids.ts';
import type { StoreId } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { storeStub } from '../durable/stubs.ts';
import type { EdgeEnv } from './env.ts';
import { askObject } from './object-call.ts';
import { LONG_PATIENCE_MS, withPostgres } from './postgres.ts';

/** Versions of a store's catalog that stay in KV, for isolates that have not seen the newest one yet. */
const VERSIONS_KEPT = 20;

type PublishRefusal = Refusal<'NOT_FOUND' | 'UNAVAILABLE' | 'FORBIDDEN' | 'OP_ID_REUSED' | 'INVALID_INPUT'>;

/**
 * Publishes a store's catalog: read from Postgres, take a new number, write the snapshot, then tell the store, in this order. The
 * store names the version to everyone who asks for stock, so nobody looks for a snapshot that is not there yet; whatever
 * fails before leaves the version before in force, and the next try takes another number.
 */
export async function publishCatalog(
  env: EdgeEnv,
  actor: Actor,
  storeId: StoreId,
  nowMs: number,
): Promise<Result<PublishedCatalog, PublishRefusal>> {
  const read = await withPostgres(
    env,
    async (db) => {
      const network = await loadNetwork(db);
      const store = network.stores.find(({ id }) => id === storeId);
      if (store === undefined) return null;
      const catalog = await loadStoreCatalog(db, storeId);
      return {
        store,
        currency: currencyOf(network, store),
        catalog,
        version: await bumpCatalogVersion(db, storeId, nowMs),
      };
    },
    LONG_PATIENCE_MS,
  );
  if (!read.ok) return read;
  if (read.value === null) return err(refuse('NOT_FOUND', 'There is no such store.'));
  const { store, currency, catalog, version } = read.value;
  const snapshot = toCatalogSnapshot(storeId, version, currency, catalog);
  await env.CATALOG.put(catalogKey(storeId, version), JSON.stringify(snapshot));
  const told = await askObject(() =>
    storeStub(env, storeId).publishCatalog({
      v: RPC_VERSION,
      actor,
      opId: asOpId(`publish:${storeId}:${version}`),
      storeName: store.name,
      catalogVersion: version,
      cards: toItemCards(catalog),
    }),
  );
  if (!told.ok) return told;
  if (version > VERSIONS_KEPT) await env.CATALOG.delete(catalogKey(storeId, version - VERSIONS_KEPT));
  return ok({ storeId, catalogVersion: version, products: snapshot.products.length });
}

function currencyOf({ cities }: Network, store: NetworkStore): string {
  const city = cities.find(({ id }) => id === store.cityId);
  if (city === undefined) throw new Error(`store ${store.id} is in no city`);
  return city.currency;
}

/** What customers see: only what is for sale. */
function toCatalogSnapshot(
  storeId: StoreId,
  version: number,
  currency: string,
  { items, categories }: StoreCatalog,
): CatalogSnapshot {
  const products = items
    .filter(({ forSale }) => forSale)
    .map(({ sku, name, categoryId, unit, size, description, priceMinor, mrpMinor, imageUrl, ...item }) => ({
      sku,
      name,
      categoryId,
      unit,
      size,
      description,
      priceMinor,
      ...(item.soldByWeight && item.gramsPerUnit !== null && { nominalGrams: item.gramsPerUnit }),
      mrpMinor,
      imageUrl,
    }));
  return { storeId, version, currency, categories, products };
}

/** What the floor knows: also what is not for sale now, which may still lie on its shelves. */
function toItemCards({ items, categories }: StoreCatalog): ItemCard[] {
  // Parents come first, so a path is its parent's and one name more.
  const paths = new Map<string, readonly string[]>();
  for (const { id, parentId, name } of categories) paths.set(id, [...(paths.get(parentId ?? '') ?? []), name]);
  return items.map(({ sku, name, bin, barcodes, size, priceMinor, categoryId, ...item }) => ({
    sku,
    name,
    bin,
    barcodes,
    size,
    priceMinor,
    categoryPath: paths.get(categoryId) ?? [],
    temperatureZone: item.temperatureZone,
    fragile: item.fragile,
    forSale: item.forSale,
    ...(item.gramsPerUnit !== null && { gramsPerUnit: item.gramsPerUnit }),
    ...(item.soldByWeight && { soldByWeight: true }),
    ...(item.brand !== null && { brand: item.brand }),
    ...(item.allergens !== null && { allergens: item.allergens }),
  }));
}

/** Publishes cities, zones and stores as one value. */
export async function publishNetwork(
  env: EdgeEnv,
  nowMs: number,
): Promise<Result<{ readonly snapshot: NetworkSnapshot; readonly view: PublishedNetwork }, Refusal<'UNAVAILABLE'>>> {
  const read = await withPostgres(env, async (db) => {
    // The number first: whoever has the higher one has read later.
    const version = await nextNetworkVersion(db);
    return { version, network: await loadNetwork(db), rules: await loadRules(db) };
  });
  if (!read.ok) return read;
  const snapshot = toNetworkSnapshot(read.value.network, read.value.rules, read.value.version, nowMs);
  await env.CATALOG.put(NETWORK_KEY, JSON.stringify(snapshot));
  const { version, cities, zones, stores } = snapshot;
  return ok({ snapshot, view: { version, cities: cities.length, zones: zones.length, stores: stores.length } });
}

function toNetworkSnapshot(network: Network, rules: RulesInForce, version: number, nowMs: number): NetworkSnapshot {
  return {
    version,
    publishedAt: toTimestamp(nowMs),
    cities: network.cities.map(({ id, name, currency, timezone, slaMinutes }) => ({
      id,
      name,
      currency,
      timezone,
      slaMs: slaMinutes * 60_000,
      charges: rules.charges.get(id),
      fulfilment: rules.fulfilment.get(id),
    })),
    zones: network.zones.map(({ id, cityId, name, polygon }) => ({ id, cityId, name, polygon: polygon.coordinates })),
    stores: network.stores.map(({ id, cityId, zoneId, name, location, radiusM, status, deliveryFeeMinor }) => ({
      id,
      cityId,
      zoneId,
      name,
      location,
      radiusM,
      open: status === 'ACTIVE',
      deliveryFeeMinor,
      charges: rules.charges.get(id),
    })),
  };
}
