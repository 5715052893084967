import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type {
  AdjustStock,
  BlockStock,
  StockLeft,
  UnblockStock,
  WriteOffStock,
} from '../../../contracts/rpc/store-goods.ts';
import { applyMovement } from '../../../domain/inventory/ledger.ts';
import type { Account, Movement, MovementKind } from '../../../domain/inventory/ledger.ts';
import { blockedOfNoLot, freeUnits, isSellable } from '../../../domain/inventory/lots.ts';
import type { Lot, Shelf } from '../../../domain/inventory/lots.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { stockChanged, unknownLot } from './goods-refusals.ts';
import { unknownSkus } from '../store-refusals.ts';
import { because } from '../ledger/stock-writer.ts';

// Each inside the transaction of its command: read, decide purely, write.

/** Why blocked units leave that were blocked because nobody could find them. */
const ENDS_DOUBT: ReadonlySet<string> = new Set(['FOUND', 'THEFT']);

/** Puts a level right by hand; never below what is left on the shelf. */
export function adjustStock(
  books: StoreBooks,
  command: AdjustStock,
  nowMs: number,
): Result<StockLeft, Refusal<'UNKNOWN_SKU' | 'STOCK_CHANGED' | 'INSUFFICIENT_STOCK'>> {
  const { sku, quantity, reason, opId } = command;
  const account = readAccount(books, command);
  if (!account.ok) return account;
  const movement: Movement = { kind: 'adjusted', sku, quantity };
  const after = applyMovement(account.value.level, movement);
  if (!after.ok) {
    return err(
      refuse('INSUFFICIENT_STOCK', 'Fewer units than that are free to be taken off; count the shelf instead.', {
        shortages: [{ sku, requested: -quantity, available: after.error.left }],
      }),
    );
  }
  books.stock.postTo(because([movement], { opId, reason }), handOf(command, nowMs));
  const { sequence, level } = accountOf(books, sku);
  return ok({ sku, quantity, sequence, available: level.available, blocked: level.blocked });
}

/** Takes goods out of stock for good, from the shelf or from what was blocked. */
export function writeOffStock(
  books: StoreBooks,
  command: WriteOffStock,
  nowMs: number,
): Result<StockLeft, Refusal<'UNKNOWN_SKU' | 'UNKNOWN_LOT' | 'STOCK_CHANGED' | 'INSUFFICIENT_STOCK'>> {
  const read = readShelf(books, command);
  if (!read.ok) return read;
  const { shelf, lot } = read.value;
  if (command.from === 'blocked') return move(books, command, 'discarded', blockedLeft(shelf, lot), nowMs);
  return move(books, command, 'written_off', availableLeft(shelf, lot), nowMs);
}

/** Sets units aside as not to be sold. */
export function blockStock(
  books: StoreBooks,
  command: BlockStock,
  nowMs: number,
): Result<StockLeft, Refusal<'UNKNOWN_SKU' | 'UNKNOWN_LOT' | 'STOCK_CHANGED' | 'INSUFFICIENT_STOCK'>> {
  const read = readShelf(books, command);
  if (!read.ok) return read;
  const { shelf, lot } = read.value;
  const blocked = move(books, command, 'blocked', availableLeft(shelf, lot), nowMs);
  if (blocked.ok && command.reason === 'IN_DOUBT' && lot === undefined) {
    books.shelves.doubt(command.sku, command.quantity);
  }
  return blocked;
}

/** Puts blocked units up for sale again, unless their lot is closed. */
export function unblockStock(
  books: StoreBooks,
  command: UnblockStock,
  nowMs: number,
): Result<StockLeft, Refusal<'UNKNOWN_SKU' | 'UNKNOWN_LOT' | 'LOT_CLOSED' | 'STOCK_CHANGED' | 'INSUFFICIENT_STOCK'>> {
  const read = readShelf(books, command);
  if (!read.ok) return read;
  const { shelf, lot } = read.value;
  if (lot !== undefined && !isSellable(lot, nowMs)) {
    return err(
      refuse('LOT_CLOSED', 'Nothing of this lot may be sold: write its units off instead.', { status: lot.status }),
    );
  }
  return move(books, command, 'unblocked', lot === undefined ? blockedOfNoLot(shelf) : lot.blocked, nowMs);
}

/** Units of the lot, or of the SKU, that may leave `available`. */
function availableLeft({ level }: Shelf, lot: Lot | undefined): number {
  return lot === undefined ? level.available : Math.min(level.available, freeUnits(lot));
}

/** Units of the lot, or of the SKU, among the blocked ones; those that were blocked as the SKU's may be of any lot. */
function blockedLeft(shelf: Shelf, lot: Lot | undefined): number {
  if (lot === undefined) return shelf.level.blocked;
  return lot.blocked + Math.min(blockedOfNoLot(shelf), freeUnits(lot));
}

/** What a command about a SKU names, and what it was decided on. */
type Goods = Pick<WriteOffStock, 'sku' | 'expectedSequence' | 'lotId'>;

/** The account as it is, unless it is another one than the command was decided on. */
function readAccount(
  { stock }: StoreBooks,
  { sku, expectedSequence }: Goods,
): Result<Account, Refusal<'UNKNOWN_SKU' | 'STOCK_CHANGED'>> {
  const account = stock.accounts([sku]).get(sku);
  if (account === undefined) return err(unknownSkus([sku]));
  if (expectedSequence !== undefined && expectedSequence !== account.sequence) {
    return err(stockChanged(sku, expectedSequence, account));
  }
  return ok(account);
}

function readShelf(
  books: StoreBooks,
  goods: Goods,
): Result<
  { readonly shelf: Shelf; readonly lot: Lot | undefined },
  Refusal<'UNKNOWN_SKU' | 'UNKNOWN_LOT' | 'STOCK_CHANGED'>
> {
  const { sku, lotId } = goods;
  const account = readAccount(books, goods);
  if (!account.ok) return account;
  const lot = lotId === undefined ? undefined : books.lots.find(sku, lotId);
  if (lotId !== undefined && lot === undefined) return err(unknownLot(sku, lotId));
  return ok({ shelf: { level: account.value.level, lots: books.lots.onShelf([sku]) }, lot });
}

/** The account of a SKU that was just posted to. */
function accountOf({ stock }: StoreBooks, sku: Sku): Account {
  const account = stock.accounts([sku]).get(sku);
  invariant(account !== undefined, `${sku} has lost its account`);
  return account;
}

function move(
  books: StoreBooks,
  command: WriteOffStock | BlockStock | UnblockStock,
  kind: MovementKind,
  left: number,
  nowMs: number,
): Result<StockLeft, Refusal<'INSUFFICIENT_STOCK'>> {
  const { sku, quantity, reason, lotId, opId } = command;
  if (quantity > left) {
    return err(
      refuse('INSUFFICIENT_STOCK', 'Fewer units than that are there to be moved; count the shelf if that cannot be.', {
        shortages: [{ sku, requested: quantity, available: left }],
      }),
    );
  }
  const cause = { opId, reason, ...(lotId !== undefined && { lotId }) };
  books.stock.postTo(because([{ kind, sku, quantity }], cause), handOf(command, nowMs));
  const { sequence, level } = accountOf(books, sku);
  const { available, blocked } = level;
  // What was in doubt and is known now: where it was left, a count would put whatever is blocked next on sale.
  if (kind !== 'blocked' && kind !== 'written_off') {
    books.shelves.lessDoubt(sku, lotId === undefined && ENDS_DOUBT.has(reason) ? quantity : 0, blocked);
  }
  return ok({ sku, quantity, sequence, available, blocked });
}
