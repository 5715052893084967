import type { Refusal } from '../../../contracts/problem.ts';
import type { PublishCatalog, ReceiptView, ReceiveStock } from '../../../contracts/rpc/store.ts';
import { lotOfLine } from '../../../domain/inventory/lot-receipt.ts';
import type { ReceivedLine } from '../../../domain/inventory/lot-receipt.ts';
import type { Lot } from '../../../domain/inventory/lots.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { lotDateDiffers } from './goods-refusals.ts';
import { withholdClosed } from './lot-closing.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { unknownSkus } from '../store-refusals.ts';
import type { Entry } from '../ledger/stock-writer.ts';

// Each inside the transaction of its command.

/** Puts a note's goods on the shelf, once for ever. `lines` is the note merged and in order. */
export function receiveGoods(
  books: StoreBooks,
  command: ReceiveStock,
  lines: readonly ReceivedLine[],
  nowMs: number,
): Result<ReceiptView, Refusal<'UNKNOWN_SKU' | 'OP_ID_REUSED' | 'LOT_DATE_DIFFERS'>> {
  const { receiptId, opId } = command;
  const known = books.receipts.find(receiptId, lines);
  if (!known.ok) return known;
  if (known.value !== undefined) return ok(known.value);
  const accounts = books.stock.accounts(lines.map(({ sku }) => sku));
  const unknown = lines.filter(({ sku }) => !accounts.has(sku));
  if (unknown.length > 0) return err(unknownSkus(unknown.map(({ sku }) => sku)));
  const lots = lotsOf(books, lines);
  if (!lots.ok) return lots;
  books.lots.save(lots.value);
  const entries = lines.map(({ sku, quantity, lotId }): Entry => {
    const entry: Entry = { kind: 'received', sku, quantity, opId, reason: `receipt ${receiptId}` };
    return lotId === undefined ? entry : { ...entry, lotId };
  });
  books.stock.post(accounts, entries, handOf(command, nowMs));
  // Goods may come when it is too late to sell them.
  withholdClosed(
    books,
    lots.value.map(({ sku }) => sku),
    nowMs,
  );
  return ok(books.receipts.add(receiptId, lines, { opId, atMs: nowMs }));
}

/** The lots of a note's lines, with the dates that it tells. */
function lotsOf(
  { lots, margins }: StoreBooks,
  lines: readonly ReceivedLine[],
): Result<readonly Lot[], Refusal<'LOT_DATE_DIFFERS'>> {
  const ofLots = lines.flatMap((line) => (line.lotId === undefined ? [] : [{ ...line, lotId: line.lotId }]));
  const known = new Map(lots.findAll(ofLots).map((lot) => [`${lot.sku} ${lot.lotId}`, lot]));
  const marginsMs = margins.marginsMs(ofLots.map(({ sku }) => sku));
  const told: Lot[] = [];
  for (const line of ofLots) {
    const lot = lotOfLine(line, known.get(`${line.sku} ${line.lotId}`), marginsMs.get(line.sku) ?? 0);
    if (!lot.ok) return err(lotDateDiffers(lot.error));
    told.push(lot.value);
  }
  return ok(told);
}

/** Takes over a catalog version; an older one than the store has changes nothing. */
export function takeOverCatalog({ cards }: StoreBooks, command: PublishCatalog): { readonly catalogVersion: number } {
  const { catalogVersion } = cards.published();
  if (command.catalogVersion < catalogVersion) return { catalogVersion };
  cards.publish(command, command.cards);
  return { catalogVersion: command.catalogVersion };
}
