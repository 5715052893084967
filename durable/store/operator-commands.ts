import type { Refusal } from '../../contracts/problem.ts';
import type { PublishCatalog, ReceiptView, ReceiveStock } from '../../contracts/rpc/store.ts';
import type { BasketLine } from '../../domain/inventory/basket-lines.ts';
import type { Movement } from '../../domain/inventory/ledger.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import { handOf } from './store-books.ts';
import type { StoreBooks } from './store-books.ts';
import { unknownSkus } from './store-refusals.ts';
import { because } from './stock-writer.ts';

// Each inside the transaction of its command.

/** Puts a note's goods on the shelf, once for ever. `lines` is the note merged and in order. */
export function receiveGoods(
  books: StoreBooks,
  command: ReceiveStock,
  lines: readonly BasketLine[],
  nowMs: number,
): Result<ReceiptView, Refusal<'UNKNOWN_SKU' | 'OP_ID_REUSED'>> {
  const { receiptId, opId } = command;
  const known = books.receipts.find(receiptId, lines);
  if (!known.ok) return known;
  if (known.value !== undefined) return ok(known.value);
  const accounts = books.stock.accounts(lines.map(({ sku }) => sku));
  const unknown = lines.filter(({ sku }) => !accounts.has(sku));
  if (unknown.length > 0) return err(unknownSkus(unknown.map(({ sku }) => sku)));
  const movements = lines.map(({ sku, quantity }): Movement => ({ kind: 'received', sku, quantity }));
  books.stock.post(accounts, because(movements, { opId, reason: `receipt ${receiptId}` }), handOf(command, nowMs));
  return ok(books.receipts.add(receiptId, lines, { opId, atMs: nowMs }));
}

/** Takes over a catalog version; an older one than the store has changes nothing. */
export function takeOverCatalog({ cards }: StoreBooks, command: PublishCatalog): { readonly catalogVersion: number } {
  const { catalogVersion } = cards.published();
  if (command.catalogVersion < catalogVersion) return { catalogVersion };
  cards.publish(command, command.cards);
  return { catalogVersion: command.catalogVersion };
}
