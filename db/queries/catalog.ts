import { asc, eq, sql } from 'drizzle-orm';
import type { Allergen } from '../../domain/catalog/allergens.ts';
import type { TemperatureZone } from '../../domain/catalog/storage.ts';
import { asSku, type Sku, type StoreId } from '../../domain/shared/ids.ts';
import type { Db } from '../client.ts';
import { catalogVersions } from '../schema/catalog-versions.ts';
import { products } from '../schema/products.ts';
import { storeAssortment } from '../schema/store-assortment.ts';

/** What a store sells: the content of its catalog snapshot and of the cards its floor picks by. */
export interface StoreCatalog {
  readonly items: readonly CatalogItem[];
  /** The categories of the items and all above them, parents first. */
  readonly categories: readonly CatalogCategory[];
}
export interface CatalogItem {
  readonly sku: Sku;
  readonly name: string;
  readonly description: string;
  readonly categoryId: string;
  readonly unit: string;
  readonly size: string;
  readonly imageUrl: string | null;
  readonly priceMinor: number;
  readonly mrpMinor: number;
  readonly currency: string;
  readonly bin: string;
  readonly forSale: boolean;
  readonly barcodes: readonly string[];
  readonly temperatureZone: TemperatureZone;
  readonly fragile: boolean;
  /** Null: nobody has said; the same for brand and allergens. */
  readonly gramsPerUnit: number | null;
  readonly soldByWeight: boolean;
  readonly brand: string | null;
  readonly allergens: readonly Allergen[] | null;
}
export interface CatalogCategory {
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
}

/**
 * The whole assortment by SKU, also what is not for sale now: the floor must know what it still holds. Products first,
 * categories after, so that a category made in between is never missing.
 */
export async function loadStoreCatalog(db: Db, storeId: StoreId): Promise<StoreCatalog> {
  const rows = await db
    .select({
      sku: storeAssortment.sku,
      name: products.name,
      description: products.description,
      categoryId: products.categoryId,
      unit: products.unit,
      size: products.size,
      imageUrl: products.imageUrl,
      priceMinor: storeAssortment.priceMinor,
      mrpMinor: storeAssortment.mrpMinor,
      currency: storeAssortment.currency,
      bin: storeAssortment.bin,
      forSale: storeAssortment.forSale,
      temperatureZone: products.temperatureZone,
      fragile: products.fragile,
      gramsPerUnit: products.gramsPerUnit,
      soldByWeight: products.soldByWeight,
      brand: products.brand,
      allergens: products.allergens,
      barcodes: sql<
        string[]
      >`ARRAY(SELECT code FROM barcodes WHERE barcodes.sku = ${storeAssortment.sku} ORDER BY code)`,
    })
    .from(storeAssortment)
    .innerJoin(products, eq(products.id, storeAssortment.sku))
    .where(eq(storeAssortment.storeId, storeId))
    .orderBy(asc(storeAssortment.sku));
  const { rows: categories } = await db.execute<{ id: string; parentId: string | null; name: string }>(sql`
    WITH RECURSIVE used AS (
      SELECT DISTINCT category_id AS id FROM products
      JOIN store_assortment ON store_assortment.sku = products.id
      WHERE store_assortment.store_id = ${storeId}
    ), tree AS (
      SELECT id, parent_id, name, position, 0 AS height FROM categories WHERE id IN (SELECT id FROM used)
      UNION
      SELECT parent.id, parent.parent_id, parent.name, parent.position, tree.height + 1
      FROM tree JOIN categories parent ON parent.id = tree.parent_id
    )
    SELECT id, parent_id AS "parentId", name FROM tree
    GROUP BY id, parent_id, name, position ORDER BY max(height) DESC, position, name`);
  return { items: rows.map((row) => ({ ...row, sku: asSku(row.sku) })), categories };
}

/** The number for the next snapshot of this store's catalog: one above the last, from 1. */
export async function bumpCatalogVersion(db: Db, storeId: StoreId, nowMs: number): Promise<number> {
  const [row] = await db
    .insert(catalogVersions)
    .values({ storeId, version: 1, publishedAt: new Date(nowMs) })
    .onConflictDoUpdate({
      target: catalogVersions.storeId,
      set: { version: sql`${catalogVersions.version} + 1`, publishedAt: sql`excluded.published_at` },
    })
    .returning({ version: catalogVersions.version });
  if (row === undefined) throw new Error('an upsert returned nothing');
  return row.version;
}
