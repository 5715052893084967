import { sql } from 'drizzle-orm';
import { gtinKind } from '../../domain/catalog/gtin.ts';
import type { Sku, StoreId } from '../../domain/shared/ids.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Allergen } from '../../domain/catalog/allergens.ts';
import type { TemperatureZone } from '../../domain/catalog/storage.ts';
import type { Db } from '../client.ts';
import { ensureCategories, type CategoryPath } from './categories.ts';

/** One SKU of one store. What is left out keeps its value; a new row has no description, is kept on the shelf and is for sale. */
export interface AssortmentInput {
  readonly sku: Sku;
  readonly name: string;
  readonly description?: string | undefined;
  readonly category: CategoryPath;
  readonly unit: string;
  readonly size: string;
  readonly imageUrl?: string | undefined;
  readonly priceMinor: number;
  readonly mrpMinor: number;
  readonly currency: string;
  readonly bin: string;
  readonly temperatureZone?: TemperatureZone | undefined;
  readonly fragile?: boolean | undefined;
  readonly gramsPerUnit?: number | undefined;
  readonly soldByWeight?: boolean | undefined;
  readonly brand?: string | undefined;
  readonly allergens?: readonly Allergen[] | undefined;
  readonly forSale?: boolean | undefined;
  /** Codes to add; a SKU that has none at all is given an in-store EAN-13. Codes are never taken away here. */
  readonly barcodes?: readonly string[] | undefined;
}

export interface RejectedRow {
  /** Position in the batch, from 0. */
  readonly index: number;
  readonly sku: Sku;
  readonly column: 'sku' | 'mrp' | 'currency' | 'gramsPerUnit' | 'barcodes';
  readonly reason: string;
}

export interface AssortmentOutcome {
  /** SKUs that are new in this store. */
  readonly created: number;
  /** SKUs of which the article, the price, the bin or the codes changed. */
  readonly changed: number;
  readonly unchanged: number;
  /** In-store codes that were minted. */
  readonly minted: number;
  /** Left out, in the order of the batch; all others went in. */
  readonly rejected: readonly RejectedRow[];
}

export interface UnknownStore {
  readonly code: 'UNKNOWN_STORE';
}

/**
 * Writes a batch of articles with their codes, prices and bins into one store's assortment, all in one statement: the
 * same batch again changes nothing. A price that changes leaves a row in `price_history`.
 */
export async function upsertAssortment(
  db: Db,
  storeId: StoreId,
  batch: readonly AssortmentInput[],
): Promise<Result<AssortmentOutcome, UnknownStore>> {
  const currency = await currencyOf(db, storeId);
  if (currency === undefined) return err({ code: 'UNKNOWN_STORE' });
  const owners = await ownersOf(
    db,
    batch.flatMap((row) => row.barcodes ?? []),
  );
  const rejected = rejectRows(batch, currency, owners);
  const left = new Set(rejected.map(({ index }) => index));
  const rows = batch.filter((_row, index) => !left.has(index));
  if (rows.length === 0) return ok({ created: 0, changed: 0, unchanged: 0, minted: 0, rejected });
  const categoryIds = await ensureCategories(
    db,
    rows.map(({ category }) => category),
  );
  const input = rows.map((row, index) => ({
    ...row,
    categoryId: categoryIds[index],
    barcodes: codesOf(row),
    allergens: allergensOf(row),
  }));
  const written = await write(db, storeId, input);
  const created = written.filter((row) => row.created).length;
  const changed = written.filter((row) => row.changed && !row.created).length;
  const minted = written.filter((row) => row.minted).length + (await mintAgain(db, storeId, input, written));
  return ok({ created, changed, unchanged: rows.length - created - changed, minted, rejected });
}

/** The first thing wrong with each row, if any. Pure: `owners` says which SKU a code already names. */
export function rejectRows(
  batch: readonly AssortmentInput[],
  currency: string,
  owners: ReadonlyMap<string, string>,
): readonly RejectedRow[] {
  const skus = new Set<string>();
  const claimed = new Map(owners);
  return batch.flatMap((row, index) => {
    const problem = problemOf(row, currency, skus, claimed);
    if (problem !== undefined) return [{ index, sku: row.sku, ...problem }];
    skus.add(row.sku);
    for (const code of row.barcodes ?? []) claimed.set(code, row.sku);
    return [];
  });
}

function problemOf(
  row: AssortmentInput,
  currency: string,
  skus: ReadonlySet<string>,
  owners: ReadonlyMap<string, string>,
): Pick<RejectedRow, 'column' | 'reason'> | undefined {
  if (skus.has(row.sku)) return { column: 'sku', reason: 'the batch has this SKU already' };
  if (row.currency !== currency) return { column: 'currency', reason: `the store sells in ${currency}` };
  if (row.mrpMinor < row.priceMinor) return { column: 'mrp', reason: `below the price of ${row.priceMinor}` };
  if (row.soldByWeight === true && row.gramsPerUnit === undefined) {
    return { column: 'gramsPerUnit', reason: 'sold by weight: say for how many grams the price is' };
  }
  for (const code of row.barcodes ?? []) {
    if (gtinKind(code) === undefined) return { column: 'barcodes', reason: `the check digit of ${code} is wrong` };
    const owner = owners.get(code) ?? row.sku;
    if (owner !== row.sku) return { column: 'barcodes', reason: `${code} is a code of SKU ${owner}` };
  }
  return undefined;
}

function codesOf(row: AssortmentInput): { code: string; kind: string | undefined }[] {
  return [...new Set(row.barcodes)].map((code) => ({ code, kind: gtinKind(code) }));
}

/** One way to write a set, so that the same allergens are no change. */
function allergensOf({ allergens }: AssortmentInput): Allergen[] | undefined {
  return allergens === undefined ? undefined : [...new Set(allergens)].toSorted();
}

async function currencyOf(db: Db, storeId: StoreId): Promise<string | undefined> {
  const { rows } = await db.execute<{ currency: string }>(sql`
    SELECT currency FROM stores JOIN cities ON cities.id = stores.city_id WHERE stores.id = ${storeId}`);
  return rows[0]?.currency;
}

async function ownersOf(db: Db, codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (codes.length === 0) return new Map();
  const { rows } = await db.execute<{ code: string; sku: string }>(sql`
    SELECT code, sku FROM barcodes WHERE code IN (SELECT jsonb_array_elements_text(${JSON.stringify(codes)}::jsonb))`);
  return new Map(rows.map(({ code, sku }) => [code, sku]));
}

/** Draws of a number for one SKU before giving up: each draw that fails met a code somebody else brought in. */
const DRAWS_MAX = 100;

/**
 * Codes of range 20 may come with an import from another system, so a number that was drawn can be taken. The same
 * statement for the same rows draws the next one and changes nothing else. Answers how many codes it minted.
 */
async function mintAgain(
  db: Db,
  storeId: StoreId,
  rows: readonly AssortmentRecord[],
  written: readonly Written[],
): Promise<number> {
  let minted = 0;
  let uncoded = new Set(written.filter((row) => row.uncoded).map(({ sku }) => sku));
  for (let draw = 2; uncoded.size > 0; draw += 1) {
    if (draw > DRAWS_MAX) throw new Error(`no free in-store code for ${[...uncoded].join(', ')}`);
    const left = rows.filter(({ sku }) => uncoded.has(sku));
    const again = await write(db, storeId, left);
    minted += again.filter((row) => row.minted).length;
    uncoded = new Set(again.filter((row) => row.uncoded).map(({ sku }) => sku));
  }
  return minted;
}

interface AssortmentRecord extends Omit<AssortmentInput, 'barcodes'> {
  readonly categoryId: string | undefined;
  readonly barcodes: readonly { readonly code: string; readonly kind: string | undefined }[];
}

interface Written extends Record<string, unknown> {
  readonly sku: string;
  readonly created: boolean;
  readonly changed: boolean;
  readonly minted: boolean;
  /** It should have been given a code, and the number that was drawn for it was taken. */
  readonly uncoded: boolean;
}

/**
 * One statement, so that it is whole or nothing over HTTP too. Its parts see the tables as they were before it, foreign
 * keys are checked at its end, and rows go in by SKU so that two imports cannot deadlock. The check digit is the one of
 * domain/catalog/gtin.ts: from the left, the twelve digits weigh 1, 3, 1, ….
 */
async function write(db: Db, storeId: StoreId, rows: readonly AssortmentRecord[]): Promise<readonly Written[]> {
  const result = await db.execute<Written>(sql`
    WITH input AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS input(
        sku text, name text, description text, "categoryId" text, unit text, size text, "imageUrl" text,
        "priceMinor" bigint, "mrpMinor" bigint, currency text, bin text, "temperatureZone" text, fragile boolean,
        "gramsPerUnit" integer, "soldByWeight" boolean, brand text, allergens text[], "forSale" boolean, barcodes jsonb)
    ), article AS (
      INSERT INTO products AS product (id, category_id, name, description, unit, size, image_url, temperature_zone, fragile,
             grams_per_unit, sold_by_weight, brand, allergens)
      SELECT sku, "categoryId", input.name, coalesce(input.description, before.description, ''), input.unit, input.size,
             coalesce("imageUrl", before.image_url), coalesce("temperatureZone", before.temperature_zone, 'ambient'),
             coalesce(input.fragile, before.fragile, false), coalesce("gramsPerUnit", before.grams_per_unit),
             coalesce("soldByWeight", before.sold_by_weight, false),
             coalesce(input.brand, before.brand), coalesce(input.allergens, before.allergens)
      FROM input LEFT JOIN products before ON before.id = sku ORDER BY sku
      ON CONFLICT (id) DO UPDATE SET category_id = excluded.category_id, name = excluded.name,
        description = excluded.description, unit = excluded.unit, size = excluded.size, image_url = excluded.image_url,
        temperature_zone = excluded.temperature_zone, fragile = excluded.fragile, grams_per_unit = excluded.grams_per_unit, sold_by_weight = excluded.sold_by_weight,
        brand = excluded.brand, allergens = excluded.allergens, updated_at = now()
      WHERE (product.category_id, product.name, product.description, product.unit, product.size, product.image_url,
        product.temperature_zone, product.fragile, product.grams_per_unit, product.sold_by_weight, product.brand, product.allergens)
        IS DISTINCT FROM
        (excluded.category_id, excluded.name, excluded.description, excluded.unit, excluded.size, excluded.image_url,
        excluded.temperature_zone, excluded.fragile, excluded.grams_per_unit, excluded.sold_by_weight, excluded.brand, excluded.allergens)
      RETURNING id AS sku
    ), offer AS (
      INSERT INTO store_assortment AS offer (store_id, sku, price_minor, mrp_minor, currency, bin, for_sale)
      SELECT ${storeId}, input.sku, "priceMinor", "mrpMinor", input.currency, input.bin,
             coalesce("forSale", before.for_sale, true)
      FROM input LEFT JOIN store_assortment before ON before.store_id = ${storeId} AND before.sku = input.sku
      ORDER BY input.sku
      ON CONFLICT (store_id, sku) DO UPDATE SET price_minor = excluded.price_minor, mrp_minor = excluded.mrp_minor,
        currency = excluded.currency, bin = excluded.bin, for_sale = excluded.for_sale,
        version = offer.version + 1, updated_at = now()
      WHERE (offer.price_minor, offer.mrp_minor, offer.currency, offer.bin, offer.for_sale)
        IS DISTINCT FROM
        (excluded.price_minor, excluded.mrp_minor, excluded.currency, excluded.bin, excluded.for_sale)
      RETURNING new.sku, new.version, new.price_minor, new.mrp_minor, new.currency, old.sku IS NULL AS created,
        (old.price_minor, old.mrp_minor, old.currency) IS DISTINCT FROM (new.price_minor, new.mrp_minor, new.currency)
        AS repriced
    ), history AS (
      INSERT INTO price_history (store_id, sku, version, price_minor, mrp_minor, currency)
      SELECT ${storeId}, sku, version, price_minor, mrp_minor, currency FROM offer WHERE repriced
    ), given AS (
      INSERT INTO barcodes (code, sku, kind)
      SELECT code, sku, kind FROM input, jsonb_to_recordset(barcodes) AS given(code text, kind text) ORDER BY code
      ON CONFLICT (code) DO NOTHING RETURNING sku
    ), numbered AS (
      SELECT sku, '20' || lpad(nextval('in_store_code_numbers')::text, 10, '0') AS body FROM input
      WHERE jsonb_array_length(barcodes) = 0 AND NOT EXISTS (SELECT FROM barcodes WHERE barcodes.sku = input.sku)
    ), minted AS (
      INSERT INTO barcodes (code, sku, kind)
      SELECT body || (10 - weighed.sum % 10) % 10, sku, 'in_store' FROM numbered, LATERAL (
        SELECT sum(substr(body, place, 1)::int * CASE WHEN place % 2 = 0 THEN 3 ELSE 1 END)
        FROM generate_series(1, 12) AS place
      ) AS weighed
      ON CONFLICT (code) DO NOTHING RETURNING sku
    )
    SELECT input.sku, coalesce(offer.created, false) AS created,
      offer.sku IS NOT NULL OR article.sku IS NOT NULL OR minted.sku IS NOT NULL OR input.sku IN (SELECT sku FROM given)
      AS changed,
      minted.sku IS NOT NULL AS minted, numbered.sku IS NOT NULL AND minted.sku IS NULL AS uncoded
    FROM input LEFT JOIN offer USING (sku) LEFT JOIN article USING (sku)
      LEFT JOIN numbered USING (sku) LEFT JOIN minted USING (sku)`);
  return result.rows;
}
