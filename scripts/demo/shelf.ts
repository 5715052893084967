import type { LatLng } from '../../domain/shared/geo.ts';
import { CatalogPage, type ProductView } from '../../contracts/http/catalog.ts';
import type { Session } from '../client/session.ts';
import { drawSome } from '../shared/seeded-random.ts';

/** Categories that a customer looks into after the front page. */
const CATEGORIES_LOOKED_AT = 3;

export interface Shelf {
  readonly storeId: string;
  readonly catalogVersion: number;
  readonly products: readonly ProductView[];
  /** How old the stock was, ms, at the last page. */
  readonly stockAgeMs: number;
}

/**
 * What a customer gets to see at their door: the front page and a few categories, and more of them as long as there was
 * nothing to take in those before. `not` are the SKUs that this customer leaves.
 */
export async function browse(
  session: Session,
  at: LatLng,
  random: () => number,
  not: ReadonlySet<string>,
): Promise<Shelf> {
  const front = await readPage(session, at);
  const filled = (front.page.categories ?? []).filter(({ products }) => products > 0);
  const pages = [front];
  for (const { id } of drawSome(random, filled, filled.length)) {
    const found = pages.some(({ page }) => page.products.some(({ sku, available }) => available > 0 && !not.has(sku)));
    if (found && pages.length > CATEGORIES_LOOKED_AT) break;
    pages.push(await readPage(session, at, id));
  }
  const seen = pages.flatMap(({ page }) => page.products).filter(({ sku }) => !not.has(sku));
  const products = new Map(seen.map((product) => [product.sku, product]));
  return {
    storeId: front.page.storeId,
    catalogVersion: front.page.catalogVersion,
    products: [...products.values()],
    stockAgeMs: pages.at(-1)?.stockAgeMs ?? 0,
  };
}

async function readPage(
  session: Session,
  { lat, lng }: LatLng,
  category?: string,
): Promise<{ readonly page: CatalogPage; readonly stockAgeMs: number }> {
  const query = new URLSearchParams({
    lat: lat.toFixed(6),
    lng: lng.toFixed(6),
    ...(category === undefined ? {} : { category }),
  });
  const { body, headers } = await session.exchange(
    { method: 'GET', path: `/api/v1/catalog?${query.toString()}` },
    CatalogPage,
  );
  return { page: body, stockAgeMs: Number(headers.get('x-stock-age-ms') ?? 0) };
}
