import { describe, expect, it } from 'vitest';
import { asLotId, asSku } from '../../domain/shared/ids.ts';
import { DAY_MS, execute, goods, holdNo, operation, orderNo, receive } from '../../test/support/goods-commands.ts';
import { booksOver, holdStock, openStoreWorld } from '../../test/support/store-world.ts';
import type { SqlPort } from '../kit/sql.ts';
import { closePastSellBy } from './goods/lot-closing.ts';
import { commitToOrder, releaseStock } from './holds/hold-commands.ts';
import { serveExpiry } from './holds/hold-expiry.ts';
import { MOVEMENT_KEPT_MS } from './ledger/ledger-compaction.ts';
import { sweepLedger } from './ledger/auditor.ts';
import { storeActor } from './store-books.ts';

const MILK = asSku('MILK');
/** Tables that grow with every order, or with every delivery. */
const GROWING = 'movements|causes|holds|hold_names|lots|order_lots|pick_tasks|pick_lines|count_tasks|ops|outbox';

/** What SQLite will read for each statement that goes through it, without the statements of `LIMIT`ed reads. */
function planned(sql: SqlPort): { readonly sql: SqlPort; readonly plans: Map<string, string[]> } {
  const plans = new Map<string, string[]>();
  function see(query: string): void {
    if (plans.has(query) || query.includes('LIMIT')) return;
    const rows = sql.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`);
    plans.set(
      query,
      rows.map(({ detail }) => detail),
    );
  }
  const recording: SqlPort = {
    all: (query, ...bindings) => {
      see(query);
      return sql.all(query, ...bindings);
    },
    run: (query, ...bindings) => {
      see(query);
      sql.run(query, ...bindings);
    },
    transaction: (body) => sql.transaction(body),
  };
  return { sql: recording, plans };
}

/** A day of a store: goods come, are held, picked, put back, found missing, too old, and their ledger is checked and folded. */
function plansOfADay(): Map<string, string[]> {
  const opened = openStoreWorld({ MILK: 0 });
  const { sql, plans } = planned(opened.sql);
  const books = booksOver(sql, opened.books.storeId);
  const world = { sql, books };
  const lines = [{ sku: MILK, quantity: 2 }];
  receive(world, [goods('MILK', 8, 'L-1', 5), goods('MILK', 2, 'L-2', 9)]);
  for (const n of [1, 2, 3]) {
    const order = { ...operation(), holdId: holdNo(n), orderId: orderNo(n) };
    holdStock(books, { ...order, kind: 'order', lines }, lines, 0);
    if (n < 3) commitToOrder(books, { ...order, ...operation(), orderNumber: `K-${n}`, promisedAtMs: n }, 0);
  }
  const cause = { sku: MILK, quantity: 1, opId: operation().opId, orderId: orderNo(1) };
  for (const kind of ['held', 'allocated', 'picked', 'restocked'] as const) {
    books.stock.postTo([{ kind, ...cause }], { actor: storeActor(books.storeId), atMs: 1 });
  }
  execute(world, { do: 'RecallLot', sku: MILK, lotId: asLotId('L-2'), reason: 'QUALITY' }, 2);
  releaseStock(books, { ...operation(), holdId: holdNo(3), reason: 'changed' }, 3);
  closePastSellBy(books, 4 * DAY_MS);
  serveExpiry(books, 4 * DAY_MS);
  sql.run('UPDATE ledger_cursor SET published_to = ?', books.stock.version());
  sweepLedger(books, 4 * DAY_MS + MOVEMENT_KEPT_MS);
  expect(books.discrepancies.latest(9)).not.toEqual([]);
  return plans;
}

describe('what a store asks its tables all day', () => {
  const asked = [...plansOfADay()];
  function read(how: RegExp): string[] {
    return asked.filter(([, plan]) => plan.some((step) => how.test(step))).map(([query]) => query);
  }

  it('reads no table that grows from one end to the other', () => {
    expect(asked.length).toBeGreaterThan(50);
    expect(read(new RegExp(`^SCAN (${GROWING})$`))).toEqual([]);
  });

  it('reads of a SKU the lots on its shelf and those of one order, not all that ever were', () => {
    expect(read(/^SEARCH (lots|order_lots) USING PRIMARY KEY \(sku=\?\)/)).toEqual([]);
    expect(read(/^SEARCH lots USING INDEX lots_on_shelf/)).not.toEqual([]);
    expect(read(/^SEARCH order_lots USING COVERING INDEX order_lots_by_order/)).not.toEqual([]);
  });
});
