import type { CartView } from '../contracts/http/cart.ts';
import { toTimestamp, toWireMoney } from '../contracts/wire.ts';
import type { CartLine } from '../domain/cart/cart.ts';
import type { CutLine } from '../domain/cart/change.ts';
import type { Preference } from '../domain/picking/substitution.ts';
import type { StoreId } from '../domain/shared/ids.ts';
import type { HeldCart } from './cart-hold.ts';
import { unitsShown } from './catalog-page.ts';
import type { CatalogIndex } from './catalog-index.ts';
import type { Stock } from './replica.ts';
import type { Storefront } from './storefront.ts';

type LineView = CartView['lines'][number];

/** What the store of a cart sells, and how much of it there is; `null` when it cannot be told now. */
interface Shelf {
  readonly stock: Stock;
  readonly catalog: CatalogIndex;
}

/** The cart as its customer sees it: each line with price and stock of the serving store, as they are now. */
export async function showCart(storefront: Storefront, held: HeldCart, cut?: readonly CutLine[]): Promise<CartView> {
  const { cart } = held.snapshot;
  const { serving } = cart;
  const shelf = serving === null ? null : await shelfOf(storefront, serving.storeId);
  const lines = cart.lines.map((line) => toLineView(line, shelf, held));
  const totals = lines.flatMap(({ total }) => (total === null ? [] : [total.amount]));
  const itemsMinor = totals.reduce((sum, amount) => sum + amount, 0);
  return {
    version: cart.version,
    deliverTo: serving?.deliverTo ?? null,
    storeId: serving?.storeId ?? null,
    lines,
    avoidAllergens: [...cart.avoidAllergens],
    items: shelf === null || totals.length === 0 ? null : toWireMoney(itemsMinor, shelf.catalog.currency),
    hold: toHoldView(held),
    ...(cut === undefined ? {} : { cut: [...cut] }),
  };
}

async function shelfOf(storefront: Storefront, storeId: StoreId): Promise<Shelf | null> {
  const read = await storefront.stock(storeId);
  if (!read.ok) return null;
  const { stock } = read.value;
  const catalog = await storefront.catalog(storeId, stock.catalogVersion, 'price');
  return catalog.ok ? { stock, catalog: catalog.value } : null;
}

function toLineView({ sku, quantity, note, preference }: CartLine, shelf: Shelf | null, held: HeldCart): LineView {
  const said = { sku, quantity, note, replacement: preference === null ? null : toReplacement(preference) };
  const unpriced = { ...said, name: null, unitPrice: null, total: null };
  if (shelf === null) return { ...unpriced, stock: 'unknown', left: null };
  const product = shelf.catalog.find(sku)?.product;
  if (product === undefined) return { ...unpriced, stock: 'gone', left: 0 };
  const { name, priceMinor } = product;
  const { currency } = shelf.catalog;
  const unitPrice = toWireMoney(priceMinor, currency);
  const total = toWireMoney(priceMinor * quantity, currency);
  return { ...said, name, unitPrice, total, ...stockOf({ sku, quantity }, shelf.stock, held) };
}

/** What is set aside for this cart is there whatever the shelf says; of the rest, what the store said last counts. */
function stockOf(
  { sku, quantity }: Pick<CartLine, 'sku' | 'quantity'>,
  stock: Stock,
  { hold, left: told }: HeldCart,
): Pick<LineView, 'stock' | 'left'> {
  const setAside = hold?.status === 'HELD' ? hold.setAside.find((line) => line.sku === sku) : undefined;
  if ((setAside?.quantity ?? 0) >= quantity) return { stock: 'in_stock', left: null };
  const left = told.get(sku) ?? unitsShown(stock, sku);
  if (left >= quantity) return { stock: 'in_stock', left: null };
  return { stock: left === 0 ? 'gone' : 'short', left };
}

function toHoldView({ hold }: HeldCart): CartView['hold'] {
  if (hold === null) return null;
  const { status, setAside, expiresAtMs } = hold;
  const expiresAt = expiresAtMs === undefined ? null : toTimestamp(expiresAtMs);
  return { status, setAside: [...setAside], expiresAt };
}

function toReplacement(preference: Preference): NonNullable<LineView['replacement']> {
  if (preference.kind !== 'specific') return { prefer: preference.kind };
  return { prefer: 'specific', skus: [...preference.skus] };
}
