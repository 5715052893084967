import type { Actor, Command } from '../../contracts/actor.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import type { Deadlines } from '../kit/deadlines.ts';
import { Feed } from '../kit/feed.ts';
import type { Outbox } from '../kit/outbox.ts';
import type { SqlPort } from '../kit/sql.ts';
import { HoldRows } from './hold-rows.ts';
import { ItemCards } from './item-cards.ts';
import { PickQueue } from './pick-queue.ts';
import { ReceiptRows } from './receipt-rows.ts';
import { StockWriter } from './stock-writer.ts';
import type { Hand } from './stock-writer.ts';

/** What a command of the store reads and writes. Every write is part of the caller's transaction. */
export interface StoreBooks {
  readonly storeId: StoreId;
  readonly stock: StockWriter;
  readonly holds: HoldRows;
  readonly queue: PickQueue;
  readonly cards: ItemCards;
  readonly receipts: ReceiptRows;
  /** What the tablets see, as numbered deltas. */
  readonly feed: Feed;
  readonly outbox: Outbox;
  readonly deadlines: Deadlines;
}

export function openStoreBooks(
  storeId: StoreId,
  { sql, outbox, deadlines }: { readonly sql: SqlPort; readonly outbox: Outbox; readonly deadlines: Deadlines },
): StoreBooks {
  return {
    storeId,
    stock: new StockWriter(sql, storeId, outbox),
    holds: new HoldRows(sql),
    queue: new PickQueue(sql),
    cards: new ItemCards(sql),
    receipts: new ReceiptRows(sql),
    feed: new Feed(sql),
    outbox,
    deadlines,
  };
}

export function handOf({ actor, traceparent }: Command, atMs: number): Hand {
  return { actor, atMs, traceparent };
}

/** The store acting by itself, such as when its clock expires a hold. */
export function storeActor(storeId: StoreId): Actor {
  return { kind: 'object', object: 'store', id: storeId };
}
