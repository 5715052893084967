import { readOwnJson } from '../../../contracts/own-json.ts';
import type { Allergen } from '../../../domain/catalog/allergens.ts';
import { NO_WISHES } from '../../../domain/picking/order-wishes.ts';
import type { LinePreference, OrderWishes } from '../../../domain/picking/order-wishes.ts';
import type { OrderId } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

/** What customers said beforehand, as rows; an order without one said nothing. */
export class WishRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  of(orderId: OrderId): OrderWishes {
    const row = this.#sql.all<{ avoid_allergens: string; preferences: string }>(
      'SELECT avoid_allergens, preferences FROM order_wishes WHERE order_id = ?',
      orderId,
    )[0];
    if (row === undefined) return NO_WISHES;
    return {
      avoidAllergens: readOwnJson<Allergen[]>(row.avoid_allergens),
      preferences: readOwnJson<LinePreference[]>(row.preferences),
    };
  }

  add(orderId: OrderId, { avoidAllergens, preferences }: OrderWishes): void {
    if (avoidAllergens.length + preferences.length === 0) return;
    this.#sql.run(
      'INSERT INTO order_wishes (order_id, avoid_allergens, preferences) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
      orderId,
      JSON.stringify(avoidAllergens),
      JSON.stringify(preferences),
    );
  }

  /** What a customer must avoid is nobody's business any more once the order has left the floor. */
  forget(orderId: OrderId): void {
    this.#sql.run('DELETE FROM order_wishes WHERE order_id = ?', orderId);
  }
}
