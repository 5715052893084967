import { env, exports } from 'cloudflare:workers';
import * as v from 'valibot';
import { ProblemBody } from '../../../contracts/http/problem.ts';
import type { SignedInActor } from '../../../contracts/rpc/session.ts';
import { catalogKey, NETWORK_KEY } from '../../../contracts/snapshots.ts';
import type { CatalogProduct, CatalogSnapshot, CityEntry, NetworkSnapshot } from '../../../contracts/snapshots.ts';
import { asCityId, asSku, asZoneId } from '../../../domain/shared/ids.ts';
import type { StoreId } from '../../../domain/shared/ids.ts';
import { authOf } from '../../../edge/auth/authenticate.ts';
import type { EdgeEnv } from '../../../edge/env.ts';
import { openStore } from './store.ts';
import type { TestStore } from './store.ts';

/** The environment as the API itself types it: the same bindings that a test reaches the objects by. */
export const edgeEnv = env as unknown as EdgeEnv;
export const OPERATOR_BEARER = `Bearer kir_op_test_${'k'.repeat(43)}`;

const ORIGIN = 'https://kirana.test';

/** A request to the Worker as a client sends it. */
export async function call(
  path: string,
  { method = 'GET', body, headers = {} }: { method?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Response> {
  const init: RequestInit = { method, headers: { ...headers } };
  if (body !== undefined) {
    init.body = typeof body === 'string' ? body : JSON.stringify(body);
    init.headers = { 'content-type': 'application/json', ...headers };
  }
  return exports.default.fetch(new Request(`${ORIGIN}${path}`, init));
}

/** The `Authorization` header of this actor. */
export async function bearer(actor: SignedInActor): Promise<{ authorization: string }> {
  return { authorization: `Bearer ${await authOf(edgeEnv).tokens.issue(actor, Date.now(), 600)}` };
}

/** The body of a success, checked by its schema. */
export async function bodyOf<S extends v.GenericSchema>(schema: S, response: Response): Promise<v.InferOutput<S>> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  return v.parse(schema, JSON.parse(text));
}

export async function codeOf(response: Response): Promise<string> {
  return v.parse(ProblemBody, await response.json()).code;
}

export const CITY_ID = asCityId(`cit_${'0'.repeat(25)}1`);
export const ZONE_ID = asZoneId(`zon_${'0'.repeat(25)}1`);
/** Inside the zone, 300 m from the first store. */
export const DOOR = { lat: 12.9746, lng: 77.6412 };
export const FAR_AWAY = { lat: 28.6, lng: 77.2 };

/** Publishes stores, each with its distance from the door along the meridian, as the one network of this test file. */
export async function publishNetwork(
  version: number,
  stores: readonly { readonly storeId: StoreId; readonly metresSouth: number; readonly open?: boolean }[],
  rules: Pick<CityEntry, 'charges' | 'fulfilment'> = {},
): Promise<void> {
  const network: NetworkSnapshot = {
    version,
    publishedAt: '2026-01-31T09:30:00.000Z',
    cities: [{ id: CITY_ID, name: 'Bengaluru', currency: 'INR', timezone: 'Asia/Kolkata', slaMs: 1_200_000, ...rules }],
    zones: [
      {
        id: ZONE_ID,
        cityId: CITY_ID,
        name: 'Indiranagar',
        polygon: [
          [
            [77.6, 12.9],
            [77.7, 12.9],
            [77.7, 13],
            [77.6, 13],
            [77.6, 12.9],
          ],
        ],
      },
    ],
    stores: stores.map(({ storeId, metresSouth, open = true }) => ({
      id: storeId,
      cityId: CITY_ID,
      zoneId: ZONE_ID,
      name: `Store ${storeId.slice(-4)}`,
      location: { lat: DOOR.lat - metresSouth / 111_195, lng: DOOR.lng },
      radiusM: 3_000,
      open,
      deliveryFeeMinor: 2_500,
    })),
  };
  await edgeEnv.CATALOG.put(NETWORK_KEY, JSON.stringify(network));
}

export function product(sku: string, priceMinor: number, categoryId = 'tea'): CatalogProduct {
  return {
    sku: asSku(sku),
    name: `${sku} of the house`,
    categoryId,
    unit: 'pack',
    size: '500 g',
    description: `All about ${sku}.`,
    priceMinor,
    mrpMinor: priceMinor + 100,
    imageUrl: null,
  };
}

/**
 * A store that has these units, sells them for 1000 minor each, and has published both; some by weight, so many grams for the price. Its
 * catalog version is 3.
 */
export async function openShop(
  units: Readonly<Record<string, number>>,
  priceMinor = 1_000,
  nominalGrams: Readonly<Record<string, number>> = {},
): Promise<TestStore> {
  const store = await openStore(units);
  const catalog: CatalogSnapshot = {
    storeId: store.storeId,
    version: 3,
    currency: 'INR',
    categories: [
      { id: 'drinks', parentId: null, name: 'Drinks' },
      { id: 'tea', parentId: 'drinks', name: 'Tea' },
    ],
    products: Object.keys(units).map((sku) => {
      const grams = nominalGrams[sku];
      return { ...product(sku, priceMinor), ...(grams !== undefined && { nominalGrams: grams }) };
    }),
  };
  await edgeEnv.CATALOG.put(catalogKey(store.storeId, 3), JSON.stringify(catalog));
  return store;
}
