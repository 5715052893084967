import type { ItemCard } from '../../../contracts/rpc/store.ts';
import { parsePackSize } from '../../../domain/catalog/pack-size.ts';
import { freeUnits, isSellable } from '../../../domain/inventory/lots.ts';
import type { Lot } from '../../../domain/inventory/lots.ts';
import { APP_CHANNEL, saleTermsOf, sellableTo } from '../../../domain/inventory/sellable.ts';
import { wishesFor } from '../../../domain/picking/order-wishes.ts';
import { listedSkus } from '../../../domain/picking/pick-task.ts';
import type { PickTask } from '../../../domain/picking/pick-task.ts';
import type { Article, ShelfArticle } from '../../../domain/picking/substitution-score.ts';
import { DEFAULT_SUBSTITUTION_POLICY, rankSubstitutes } from '../../../domain/picking/substitution.ts';
import type { Preference, Substitutes } from '../../../domain/picking/substitution.ts';
import type { Sku } from '../../../domain/shared/ids.ts';
import type { ShelfCard } from '../goods/item-cards.ts';
import type { StoreBooks } from '../store-books.ts';

/** Articles below one root of the categories that are compared: some 10 ms. */
const KIN_MAX = 500;

export interface SubstituteQuestion {
  readonly missing: Sku;
  /** Units wanted, 1 or more. */
  readonly units: number;
  /** This one only; everything that is near in the catalog, or that the customer named, when absent. */
  readonly only?: Sku;
  readonly nowMs: number;
}
export interface SubstituteRanking {
  readonly preference: Preference | null;
  readonly substitutes: Substitutes;
  /** Of everything that was compared. */
  readonly cards: ReadonlyMap<Sku, ShelfCard>;
}

/** What of this store's shelves could stand in for a missing article of an order, by the rules and the customer's wishes. Reads only. */
export function rankShelf(
  books: StoreBooks,
  task: PickTask,
  { missing, units, only, nowMs }: SubstituteQuestion,
): SubstituteRanking {
  const wishes = wishesFor(books.wishes.of(task.orderId), missing);
  const { preference } = wishes;
  const named = preference?.kind === 'specific' ? preference.skus : [];
  const path = books.cards.of([missing]).get(missing)?.categoryPath ?? [];
  const skus = only === undefined ? [...named, ...books.cards.kinOf(path, KIN_MAX)] : [only];
  const cards = books.cards.of([...new Set([missing, ...skus])]);
  const lost = cards.get(missing);
  const article = lost === undefined ? undefined : articleOf(lost);
  // Nothing can be compared with what nobody knows.
  if (article === undefined) {
    return { preference, substitutes: { barredBy: null, ranked: [], ruledOut: [], ruledOutTotal: 0 }, cards };
  }
  const candidates = shelfArticles(books, [...cards.values()], nowMs);
  const listed = new Set(listedSkus(task));
  listed.delete(missing);
  const circumstances = { policy: DEFAULT_SUBSTITUTION_POLICY, nowMs, listed };
  const substitutes = rankSubstitutes({ article, units }, candidates, wishes, circumstances);
  return { preference, substitutes, cards };
}

function shelfArticles(books: StoreBooks, cards: readonly ShelfCard[], nowMs: number): ShelfArticle[] {
  const sold = cards.filter(({ forSale }) => forSale);
  const skus = sold.map(({ sku }) => sku);
  const accounts = books.stock.accounts(skus);
  const terms = books.policies.terms(skus);
  const lots = Map.groupBy(books.lots.onShelf(skus), ({ sku }) => sku);
  return sold.flatMap((card) => {
    const article = articleOf(card);
    const account = accounts.get(card.sku);
    if (article === undefined || account === undefined) return [];
    const availableUnits = sellableTo(APP_CHANNEL, account, saleTermsOf(terms, APP_CHANNEL, card.sku));
    return [{ ...article, availableUnits, sellUntilMs: firstSellBy(lots.get(card.sku) ?? [], nowMs) }];
  });
}

/** `undefined` without a price: nobody could say whether it is too dear. */
function articleOf(
  card: Pick<ItemCard, 'sku' | 'categoryPath' | 'brand' | 'size' | 'priceMinor' | 'allergens'>,
): Article | undefined {
  const { sku, categoryPath = [], brand = null, size = '', priceMinor, allergens = null } = card;
  if (priceMinor === undefined) return undefined;
  return { sku, category: categoryPath, brand, size: parsePackSize(size) ?? null, priceMinor, allergens };
}

/** When the units that a picker takes first stop being sold. */
function firstSellBy(lots: readonly Lot[], nowMs: number): number | null {
  const dates = lots.flatMap((lot) =>
    isSellable(lot, nowMs) && freeUnits(lot) > 0 && lot.sellByMs !== null ? [lot.sellByMs] : [],
  );
  return dates.length === 0 ? null : Math.min(...dates);
}
