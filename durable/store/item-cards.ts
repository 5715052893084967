import { readOwnJson } from '../../contracts/own-json.ts';
import type { ItemCard } from '../../contracts/rpc/store.ts';
import type { Sku } from '../../domain/shared/ids.ts';
import type { SqlPort } from '../kit/sql.ts';

/** Cards written by one statement: a card is about 200 characters of JSON, and one bound value holds 2 MB. */
const CARDS_PER_INSERT = 2000;

type CardRow = { readonly sku: Sku; readonly name: string; readonly bin: string; readonly barcodes: string };

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
    this.#sql.run(
      `INSERT INTO item_cards (sku, name, bin)
      SELECT value ->> 'sku', value ->> 'name', value ->> 'bin' FROM json_each(?) WHERE true
      ON CONFLICT (sku) DO UPDATE SET name = excluded.name, bin = excluded.bin`,
      cards,
    );
    this.#sql.run("DELETE FROM item_barcodes WHERE sku IN (SELECT value ->> 'sku' FROM json_each(?))", cards);
    this.#sql.run(
      `INSERT INTO item_barcodes (barcode, sku)
      SELECT barcode.value, card.value ->> 'sku'
      FROM json_each(?) AS card, json_each(card.value, '$.barcodes') AS barcode WHERE true
      ON CONFLICT DO NOTHING`,
      cards,
    );
    this.#sql.run(
      "INSERT INTO stock (sku) SELECT value ->> 'sku' FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
      cards,
    );
  }

  of(skus: readonly Sku[]): Map<Sku, ItemCard> {
    const rows = this.#sql.all<CardRow>(
      `SELECT sku, name, bin,
        (SELECT json_group_array(barcode) FROM item_barcodes WHERE item_barcodes.sku = item_cards.sku) AS barcodes
      FROM item_cards WHERE sku IN (SELECT value FROM json_each(?))`,
      JSON.stringify(skus),
    );
    return new Map(rows.map((row) => [row.sku, { ...row, barcodes: readOwnJson<string[]>(row.barcodes) }]));
  }

  /** Usually one SKU; none for a barcode that this store does not know. */
  skusOf(barcode: string): Sku[] {
    return this.#sql
      .all<{ sku: Sku }>('SELECT sku FROM item_barcodes WHERE barcode = ?', barcode)
      .map(({ sku }) => sku);
  }
}
