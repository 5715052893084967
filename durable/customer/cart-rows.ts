import { readOwnJson } from '../../contracts/own-json.ts';
import { EMPTY_CART } from '../../domain/cart/cart.ts';
import type { Cart } from '../../domain/cart/cart.ts';
import type { SqlPort } from '../kit/sql.ts';

/** The cart as a row; written inside a transaction only. */
export class CartRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  get(): Cart {
    const row = this.#sql.all<{ version: number; hold_no: number; content: string }>(
      'SELECT version, hold_no, content FROM cart',
    )[0];
    if (row === undefined) return EMPTY_CART;
    const content = readOwnJson<Omit<Cart, 'version' | 'holdNo'>>(row.content);
    return { ...content, version: row.version, holdNo: row.hold_no };
  }

  save({ version, holdNo, ...content }: Cart): void {
    this.#sql.run(
      `INSERT INTO cart (only_row, version, hold_no, content) VALUES (1, ?, ?, ?)
       ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, hold_no = excluded.hold_no, content = excluded.content`,
      version,
      holdNo,
      JSON.stringify(content),
    );
  }
}
