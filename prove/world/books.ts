import { readOwnJson } from '../../contracts/own-json.ts';
import { replay } from '../../domain/order/evolve.ts';
import type { OrderState } from '../../domain/order/order.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import type { SqlPort } from '../../durable/kit/sql.ts';
import { OrderLog } from '../../durable/order/order-log.ts';
import { sandboxShard } from '../../integrations/payments/sandbox/sandbox-books.ts';
import type { Charge } from '../../integrations/payments/sandbox/sandbox-books.ts';
import type { World } from './world.ts';

// What is written down in the objects of a world, read behind their backs.

/** `null` for an order that was never placed. */
export function orderIn(world: World, id: OrderId): OrderState | null {
  const { sql } = world.host({ kind: 'order', id });
  return has(sql, 'order_log') ? replay(new OrderLog(sql).all()) : null;
}

/** How many facts are on record. */
export function logRowsIn(world: World, id: OrderId): number {
  const { sql } = world.host({ kind: 'order', id });
  return has(sql, 'order_log') ? new OrderLog(sql).head() : 0;
}

/** The provider's books of one order. */
export interface Booked {
  readonly charge: Charge | null;
  /** How often the provider approved each kind of call. */
  readonly approved: { readonly authorize: number; readonly capture: number };
}

export function bookedIn(world: World, id: OrderId): Booked {
  const { sql } = world.host({ kind: 'psp', id: sandboxShard(id) });
  if (!has(sql, 'charges')) return { charge: null, approved: { authorize: 0, capture: 0 } };
  const [row] = sql.all<{ charge: string }>('SELECT charge FROM charges WHERE order_id = ?', id);
  const done = sql.all<{ method: string }>(
    `SELECT asked ->> 0 AS method FROM ops WHERE asked ->> 1 = ? AND answer ->> 'outcome' <> 'declined'`,
    id,
  );
  function count(what: string): number {
    return done.filter(({ method }) => method === what).length;
  }
  return {
    charge: row === undefined ? null : readOwnJson<Charge>(row.charge),
    approved: { authorize: count('authorize'), capture: count('capture') },
  };
}

/** Units of a store over all its SKUs. */
export interface Shelf {
  readonly available: number;
  readonly held: number;
  readonly allocated: number;
  readonly picked: number;
  readonly sold: number;
}

export function shelfIn(world: World, storeId: string): Shelf {
  const [shelf] = world
    .host({ kind: 'store', id: storeId })
    .sql.all<{ available: number; held: number; allocated: number; picked: number; sold: number }>(
      `SELECT sum(available) AS available, sum(held) AS held, sum(allocated) AS allocated, sum(picked) AS picked,
         sum(sold) AS sold FROM stock`,
    );
  if (shelf === undefined) throw new Error('a store without shelves');
  return shelf;
}

/** Messages that wait to be sent by the objects of a kind. */
export function unsentIn(world: World, kind: 'order' | 'customer'): number {
  return world.all(kind).reduce((sum, { host }) => {
    if (!has(host.sql, 'outbox')) return sum;
    const [row] = host.sql.all<{ unsent: number }>('SELECT count(*) AS unsent FROM outbox WHERE sent_at_ms IS NULL');
    return sum + (row?.unsent ?? 0);
  }, 0);
}

function has(sql: SqlPort, table: string): boolean {
  return sql.all('SELECT 1 AS found FROM sqlite_master WHERE name = ?', table).length > 0;
}
