import { RPC_VERSION } from '../../contracts/actor.ts';
import { parseEvent } from '../../contracts/events/topic.ts';
import type { EventType, Topic } from '../../contracts/events/topic.ts';
import type { HoldRefusal, HoldStock, HoldView } from '../../contracts/rpc/store.ts';
import type { BasketLine } from '../../domain/inventory/basket-lines.ts';
import type { Result } from '../../domain/shared/result.ts';
import { asOpId, asSku, asStoreId, asUserId } from '../../domain/shared/ids.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import { Deadlines } from '../../durable/kit/deadlines.ts';
import { KIT_MIGRATIONS } from '../../durable/kit/kit-migrations.ts';
import { migrate } from '../../durable/kit/migrate.ts';
import { Outbox } from '../../durable/kit/outbox.ts';
import type { SqlPort } from '../../durable/kit/sql.ts';
import { holdAll } from '../../durable/store/holds/hold-batch.ts';
import { receiveGoods, takeOverCatalog } from '../../durable/store/goods/operator-commands.ts';
import { openStoreBooks } from '../../durable/store/store-books.ts';
import type { StoreBooks } from '../../durable/store/store-books.ts';
import { STORE_MIGRATIONS } from '../../durable/store/store-migrations.ts';
import { nodeSql } from './node-sql.ts';

/** Holds one basket, merged and in order; inside the transaction of its command, as the object does. */
export function holdStock(
  books: StoreBooks,
  command: HoldStock,
  lines: readonly BasketLine[],
  nowMs: number,
): Result<HoldView, HoldRefusal> {
  const [answer] = holdAll(books, [{ command, lines }], nowMs);
  if (answer === undefined) throw new Error('not answered');
  return answer;
}

const STORE = asStoreId(`sto_${'0'.repeat(26)}`);
const OPERATOR = { kind: 'operator', userId: asUserId(`usr_${'0'.repeat(26)}`) } as const;

export interface StoreWorld {
  readonly sql: SqlPort;
  readonly books: StoreBooks;
}

let migrated: Uint8Array | undefined;
/** The tables of a store that was never opened: migrations run once, for tests open thousands of stores. */
function newStore(): Uint8Array {
  if (migrated !== undefined) return migrated;
  const sql = nodeSql();
  migrate(sql, 'kit', KIT_MIGRATIONS);
  migrate(sql, 'store', STORE_MIGRATIONS);
  migrated = sql.image();
  return migrated;
}

/** A store's books over real SQLite, with these units received of each SKU. */
export function openStoreWorld(units: Readonly<Record<string, number>>, storeId = STORE): StoreWorld {
  const sql = nodeSql(newStore());
  const books = booksOver(sql, storeId);
  const skus = Object.keys(units).map(asSku);
  const cards = skus.map((sku, i) => ({ sku, name: sku, bin: `A01-1-${i + 1}`, barcodes: [`2000000${i}`] }));
  const command = { v: RPC_VERSION, actor: OPERATOR, opId: asOpId('world:opens') };
  takeOverCatalog(books, { ...command, storeName: 'Indiranagar', catalogVersion: 1, cards });
  const lines = skus.map((sku) => ({ sku, quantity: units[sku] ?? 0 })).filter(({ quantity }) => quantity > 0);
  if (lines.length > 0) receiveGoods(books, { ...command, receiptId: 'GRN-OPENING', lines }, lines, 0);
  return { sql, books };
}

/** The books over tables that are there already: what a store has after its object died and woke up again. */
export function booksOver(sql: SqlPort, storeId: StoreId): StoreBooks {
  return openStoreBooks(storeId, {
    sql,
    outbox: new Outbox(sql, `store/${storeId}`),
    deadlines: new Deadlines(sql),
  });
}

/** What the store has told the log in events of one type, in order, parsed by its schema. */
export function eventsIn<T extends Topic>({ sql }: StoreWorld, topic: T, type: EventType<T>): unknown[] {
  const rows = sql.all<{ body: string }>('SELECT body FROM outbox WHERE lane = ? ORDER BY seq', `topic ${topic.name}`);
  return rows.flatMap(({ body }) => {
    const event = parseEvent(topic, body);
    if (!event.ok) throw new Error(`${event.error.code}: ${body}`);
    return event.value.type === type ? [event.value.data] : [];
  });
}
