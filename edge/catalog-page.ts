import { QUANTITY_MAX } from '../contracts/wire.ts';
import { keyOf } from './catalog-index.ts';
import type { CatalogEntry, CatalogIndex, EntryKey } from './catalog-index.ts';
import type { Stock } from './replica.ts';

/** Pages of one catalog version that an isolate keeps rendered; at 8 kB each, 2 MB. */
const PAGES_MAX = 256;
const LIMIT_DEFAULT = 20;

export interface PageQuery {
  readonly category?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: string | undefined;
}
export interface RenderedPage {
  readonly body: string;
  /** Names the body: the same page of the same store with the same tag has the same bytes, on every isolate. */
  readonly etag: string;
}
interface KeptPage extends RenderedPage {
  readonly stockVersion: number;
  readonly open: boolean;
}

const kept = new WeakMap<CatalogIndex, Map<string, KeptPage>>();

/**
 * One page of a catalog with the stock as it is: the products' JSON was written when the catalog was parsed, only the
 * units are spliced in. A page is kept until the stock moves, and keeps its tag when none of its own units did.
 * `null` for a cursor that is none of ours.
 */
export function renderPage(index: CatalogIndex, stock: Stock, query: PageQuery): RenderedPage | null {
  const pages = kept.get(index) ?? new Map<string, KeptPage>();
  kept.set(index, pages);
  const key = `${query.category ?? ''}|${query.cursor ?? ''}|${query.limit ?? ''}`;
  const before = pages.get(key);
  if (before?.stockVersion === stock.version && before.open === stock.open) return before;
  const body = render(index, stock, query);
  if (body === null) return null;
  const etag = body === before?.body ? before.etag : tagOf(index, stock);
  const page: KeptPage = { body, etag, stockVersion: stock.version, open: stock.open };
  const oldest = pages.keys().next();
  if (pages.size >= PAGES_MAX && oldest.done !== true) pages.delete(oldest.value);
  pages.set(key, page);
  return page;
}

/** The store is in it because an address by coordinates may come to be another store's. */
function tagOf({ storeId, version }: CatalogIndex, stock: Stock): string {
  return `"${storeId.slice(-8)}.${version}.${stock.version}.${stock.open ? 'open' : 'closed'}"`;
}

function render(index: CatalogIndex, stock: Stock, { category, cursor, limit }: PageQuery): string | null {
  const after = cursor === undefined ? null : readCursor(cursor);
  if (cursor !== undefined && after === null) return null;
  const size = limit === undefined ? LIMIT_DEFAULT : Number(limit);
  // One more than asked for tells whether there is a next page.
  const found = index.page(category, after, size + 1);
  const shown = found.slice(0, size);
  const last = shown.at(-1);
  const next = found.length > size && last !== undefined ? `"${writeCursor(keyOf(last))}"` : 'null';
  const isFront = category === undefined && cursor === undefined;
  return (
    `{"storeId":"${index.storeId}","open":${stock.open},"currency":"${index.currency}","catalogVersion":${index.version},` +
    (isFront ? `"categories":${index.categoriesJson},` : '') +
    `"products":[${shown.map((entry) => renderProduct(entry, stock)).join(',')}],"nextCursor":${next}}`
  );
}

function renderProduct({ product, head }: CatalogEntry, stock: Stock): string {
  return `${head}${unitsShown(stock, product.sku)}}`;
}

/** What one line of an order may take: how deep the shelf is beyond that is the store's own business. */
export function unitsShown(stock: Stock, sku: string): number {
  return Math.min(stock.available.get(sku) ?? 0, QUANTITY_MAX);
}

function writeCursor(key: EntryKey): string {
  const bytes = new TextEncoder().encode(key.join('\n'));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function readCursor(text: string): EntryKey | null {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const key = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const split = key.lastIndexOf('\n');
    return split < 0 ? null : [key.slice(0, split), key.slice(split + 1)];
  } catch {
    return null;
  }
}
