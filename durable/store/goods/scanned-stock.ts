import { refuse } from '../../../contracts/problem.ts';
import type { ProblemCode, Refusal } from '../../../contracts/problem.ts';
import { UNITS_MAX } from '../../../contracts/rpc/store-goods.ts';
import type {
  AdjustStock,
  BlockStock,
  ByScan,
  ScanRefused,
  UnblockStock,
  WriteOffStock,
} from '../../../contracts/rpc/store-goods.ts';
import type { AskScanned, ScannedView, StockQuestions } from '../../../contracts/rpc/store-stock.ts';
import { invariant } from '../../../domain/shared/assert.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { readGoods } from '../floor/scanned-items.ts';
import type { StoreBooks } from '../store-books.ts';

// Stock by what a scanner sends.

/** A change of stock by hand. */
type Change = AdjustStock | WriteOffStock | BlockStock | UnblockStock;
type Decide<C, A, Code extends ProblemCode> = (
  books: StoreBooks,
  command: C,
  nowMs: number,
) => Result<A, Refusal<Code>>;
/** What a scan says of the goods of a command. */
type Goods = Pick<WriteOffStock, 'sku' | 'quantity' | 'lotId'>;

/** Lets a command name its goods by a barcode: what that stands for is looked up in the transaction of the command. */
export function orByScan<C extends Change, A, Code extends ProblemCode>(
  decide: Decide<C, A, Code>,
): Decide<C | ByScan<C>, A, Code | ScanRefused> {
  return (books, command, nowMs) => {
    if (!isScanned(command)) return decide(books, command, nowMs);
    const goods = goodsOf(books, command, nowMs);
    if (!goods.ok) return goods;
    const { barcode: _, ...rest } = command;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a scanned command with its SKU is the command again
    return decide(books, { ...rest, ...goods.value } as unknown as C, nowMs);
  };
}

function isScanned<C extends Change>(command: C | ByScan<C>): command is ByScan<C> {
  return command.barcode !== undefined;
}

function goodsOf(
  books: StoreBooks,
  command: Pick<ByScan<Change>, 'do' | 'barcode' | 'quantity'> & Pick<WriteOffStock, 'lotId'>,
  nowMs: number,
): Result<Goods, Refusal<ScanRefused>> {
  const read = readGoods(books, command.barcode, nowMs);
  if (!read.ok) return read;
  const { items, lot, closed } = read.value;
  if (closed !== undefined && putsOnSale(command)) return err(closed);
  const [item, ...others] = items;
  if (item === undefined || others.length > 0) {
    const skus = items.map(({ sku }) => sku);
    return err(refuse('AMBIGUOUS_BARCODE', 'Several articles have this barcode: say which one it is.', { skus }));
  }
  const quantity = command.quantity * item.units;
  if (Math.abs(quantity) > UNITS_MAX) {
    return err(refuse('INVALID_INPUT', `That is more than ${UNITS_MAX} units.`, { quantity }));
  }
  const lotId = command.lotId ?? lot?.lotId;
  return ok({ sku: item.sku, quantity, ...(lotId !== undefined && { lotId }) });
}

/** Nothing that is past its day comes up for sale by a scan; it may be set apart and written off. */
function putsOnSale({ do: what, quantity }: Pick<Change, 'do' | 'quantity'>): boolean {
  return what === 'UnblockStock' || (what === 'AdjustStock' && quantity > 0);
}

/** What a scanned code stands for, and how that is in stock. */
export function askScanned(
  books: StoreBooks,
  { barcode }: AskScanned,
  nowMs: number,
): StockQuestions['AskScanned']['answer'] {
  const read = readGoods(books, barcode, nowMs);
  if (!read.ok) return read;
  const { items, lot, closed, ...printed } = read.value;
  const skus = items.map(({ sku }) => sku);
  const accounts = books.stock.accounts(skus);
  const cards = books.cards.of(skus);
  const view: ScannedView = {
    items: items.map(({ sku, units }) => {
      const [account, card] = [accounts.get(sku), cards.get(sku)];
      invariant(account !== undefined && card !== undefined, `${sku} has a barcode and no card`);
      return { sku, name: card.name, bin: card.bin, units, sequence: account.sequence, level: account.level };
    }),
    ...printed,
    lotStatus: lot?.status ?? null,
    sellable: closed === undefined,
  };
  return ok(view);
}
