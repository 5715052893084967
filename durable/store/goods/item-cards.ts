import { readOwnJson } from '../../../contracts/own-json.ts';
import type { ItemCard } from '../../../contracts/rpc/store.ts';
import type { PackedUnits } from '../../../domain/catalog/packed-units.ts';
import type { Allergen } from '../../../domain/catalog/allergens.ts';
import type { TemperatureZone } from '../../../domain/catalog/storage.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

/** Cards written by one statement: a card is about 400 characters of JSON and at most 4,000, and one bound value holds 2 MB. */
const CARDS_PER_INSERT = 500;

/** A card as the floor reads it: where it lies now, and with an answer to what it must not guess. */
export type ShelfCard = ItemCard & Required<Pick<ItemCard, 'temperatureZone' | 'fragile' | 'categoryPath' | 'forSale'>>;

type CardRow = {
  readonly sku: Sku;
  readonly name: string;
  readonly bin: string;
  readonly barcodes: string;
  readonly temperature_zone: TemperatureZone;
  readonly fragile: 0 | 1;
  readonly grams_per_unit: number | null;
  readonly sold_by_weight: 0 | 1;
  readonly brand: string | null;
  readonly category_path: string;
  readonly size: string | null;
  readonly price_minor: number | null;
  readonly allergens: string | null;
  readonly for_sale: 0 | 1;
};

/** The columns of a card besides its SKU, each with where it is in the card's JSON. */
const CARD_FIELDS = {
  name: "value ->> 'name'",
  bin: "value ->> 'bin'",
  temperature_zone: "coalesce(value ->> 'temperatureZone', 'ambient')",
  fragile: "coalesce(value ->> 'fragile', 0)",
  grams_per_unit: "value ->> 'gramsPerUnit'",
  sold_by_weight: "coalesce(value ->> 'soldByWeight', 0)",
  brand: "value ->> 'brand'",
  category_path: "coalesce(value -> 'categoryPath', '[]')",
  size: "value ->> 'size'",
  price_minor: "value ->> 'priceMinor'",
  allergens: "value -> 'allergens'",
  for_sale: "coalesce(value ->> 'forSale', 1)",
} as const;
/** A bin that goods were put away to goes before the catalog's, and so does its cold. */
const LYING = `coalesce(putaways.bin, card.bin) AS bin,
  coalesce(bins.temperature_zone, card.temperature_zone) AS temperature_zone`;
const LYING_FROM = 'item_cards AS card LEFT JOIN putaways USING (sku) LEFT JOIN bins ON bins.bin = putaways.bin';
const CARD_COLUMNS = Object.keys(CARD_FIELDS);
const WRITE_CARDS = `
  INSERT INTO item_cards (sku, ${CARD_COLUMNS.join(', ')})
  SELECT value ->> 'sku', ${Object.values(CARD_FIELDS).join(', ')} FROM json_each(?) WHERE true
  ON CONFLICT (sku) DO UPDATE SET ${CARD_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`;

/** What the store was told: its name, its catalog's version and what its SKUs look like. */
export interface Published {
  readonly storeName: string;
  readonly catalogVersion: number;
}
/** A store that was told nothing yet sells nothing. */
const UNPUBLISHED: Published = { storeName: '', catalogVersion: 0 };

/** The floor's copy of the published catalog. A card stays when its SKU leaves the catalog: open tasks may still want it. */
export class ItemCards {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  published(): Published {
    const row = this.#sql.all<{ store_name: string; catalog_version: number }>(
      'SELECT store_name, catalog_version FROM store_state',
    )[0];
    return row === undefined ? UNPUBLISHED : { storeName: row.store_name, catalogVersion: row.catalog_version };
  }

  /** Takes over cards set-wise and opens an account for each new SKU. Inside a transaction only. */
  publish({ storeName, catalogVersion }: Published, cards: readonly ItemCard[]): void {
    this.#sql.run(
      `INSERT INTO store_state (only_row, store_name, catalog_version) VALUES (1, ?, ?)
      ON CONFLICT (only_row) DO UPDATE SET store_name = excluded.store_name, catalog_version = excluded.catalog_version`,
      storeName,
      catalogVersion,
    );
    for (let start = 0; start < cards.length; start += CARDS_PER_INSERT) {
      this.#write(JSON.stringify(cards.slice(start, start + CARDS_PER_INSERT)));
    }
  }

  #write(cards: string): void {
    this.#sql.run(WRITE_CARDS, cards);
    this.#sql.run("DELETE FROM item_barcodes WHERE sku IN (SELECT value ->> 'sku' FROM json_each(?))", cards);
    this.#sql.run(
      `INSERT INTO item_barcodes (barcode, sku)
      SELECT barcode.value, card.value ->> 'sku'
      FROM json_each(?) AS card, json_each(card.value, '$.barcodes') AS barcode WHERE true
      ON CONFLICT DO NOTHING`,
      cards,
    );
    this.#sql.run(
      `INSERT INTO item_barcodes (barcode, sku, units)
      SELECT pack.value ->> 'barcode', card.value ->> 'sku', pack.value ->> 'units'
      FROM json_each(?) AS card, json_each(card.value, '$.packs') AS pack WHERE true
      ON CONFLICT DO NOTHING`,
      cards,
    );
    this.#sql.run(
      "INSERT INTO stock (sku) SELECT value ->> 'sku' FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
      cards,
    );
  }

  /** Those of the SKUs that have a card. */
  of(skus: readonly Sku[]): Map<Sku, ShelfCard> {
    const rows = this.#sql.all<CardRow>(
      `SELECT sku, name, ${LYING}, fragile, grams_per_unit, sold_by_weight, brand, category_path, size, price_minor, allergens, for_sale,
        (SELECT json_group_array(barcode) FROM item_barcodes AS code WHERE code.sku = card.sku AND units = 1) AS barcodes
      FROM ${LYING_FROM} WHERE sku IN (SELECT value FROM json_each(?))`,
      JSON.stringify(skus),
    );
    return new Map(rows.map((row) => [row.sku, toCard(row)]));
  }

  /** SKUs below the same root of the categories that have units for sale, those of the very same category first, at most `limit`. */
  kinOf(categoryPath: readonly string[], limit: number): Sku[] {
    const rows = this.#sql.all<{ sku: Sku }>(
      `SELECT sku FROM item_cards JOIN stock USING (sku)
      WHERE category_path ->> '$[0]' = ? AND for_sale = 1 AND available > 0
      ORDER BY category_path = json(?) DESC, sku LIMIT ?`,
      categoryPath[0] ?? '',
      JSON.stringify(categoryPath),
      limit,
    );
    return rows.map(({ sku }) => sku);
  }

  /** Where each SKU that has a card lies, and how cold it is there. */
  places(): Pick<ShelfCard, 'sku' | 'bin' | 'temperatureZone'>[] {
    return this.#sql
      .all<Pick<CardRow, 'sku' | 'bin' | 'temperature_zone'>>(`SELECT sku, ${LYING} FROM ${LYING_FROM}`)
      .map((row) => ({ sku: row.sku, bin: row.bin, temperatureZone: row.temperature_zone }));
  }

  /** How cold a bin is, if anyone has said. */
  zoneOfBin(bin: string): TemperatureZone | undefined {
    return this.#sql.all<{ temperature_zone: TemperatureZone }>(
      'SELECT temperature_zone FROM bins WHERE bin = ?',
      bin,
    )[0]?.temperature_zone;
  }

  /** From now on the SKU lies there. */
  putAway({ sku, bin, temperatureZone }: Pick<ShelfCard, 'sku' | 'bin' | 'temperatureZone'>, nowMs: number): void {
    this.#sql.run(
      'INSERT INTO bins (bin, temperature_zone) VALUES (?, ?) ON CONFLICT (bin) DO UPDATE SET temperature_zone = excluded.temperature_zone',
      bin,
      temperatureZone,
    );
    this.#sql.run(
      `INSERT INTO putaways (sku, bin, put_away_at_ms) VALUES (?, ?, ?)
      ON CONFLICT (sku) DO UPDATE SET bin = excluded.bin, put_away_at_ms = excluded.put_away_at_ms`,
      sku,
      bin,
      nowMs,
    );
  }

  /** What any of the barcodes stands for: usually one SKU; nothing for those that this store does not know. */
  packedAs(barcodes: readonly string[]): PackedUnits[] {
    return this.#sql.all<{ sku: Sku; units: number }>(
      'SELECT sku, max(units) AS units FROM item_barcodes WHERE barcode IN (SELECT value FROM json_each(?)) GROUP BY sku',
      JSON.stringify(barcodes),
    );
  }
}

function toCard(row: CardRow): ShelfCard {
  return {
    sku: row.sku,
    name: row.name,
    bin: row.bin,
    barcodes: readOwnJson<string[]>(row.barcodes),
    temperatureZone: row.temperature_zone,
    fragile: row.fragile === 1,
    forSale: row.for_sale === 1,
    categoryPath: readOwnJson<string[]>(row.category_path),
    ...(row.grams_per_unit !== null && { gramsPerUnit: row.grams_per_unit }),
    ...(row.sold_by_weight === 1 && { soldByWeight: true }),
    ...(row.brand !== null && { brand: row.brand }),
    ...(row.size !== null && { size: row.size }),
    ...(row.price_minor !== null && { priceMinor: row.price_minor }),
    ...(row.allergens !== null && { allergens: readOwnJson<Allergen[]>(row.allergens) }),
  };
}
