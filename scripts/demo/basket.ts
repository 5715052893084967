import { drawSome, drawWhole } from '../shared/seeded-random.ts';

/** What a customer sees of a product on the shelf. */
export interface ShelfItem {
  readonly sku: string;
  readonly available: number;
}
export interface BasketLine {
  readonly sku: string;
  readonly quantity: number;
}

const LINES_DRAWN_MAX = 5;
/** Of one SKU a household takes one or two, and rarely a third. */
const QUANTITY_DRAWN_MAX = 3;

/** One to five different SKUs of what is there, never more units than the shelf shows; null when it is empty. */
export function drawBasket(shelf: readonly ShelfItem[], random: () => number): BasketLine[] | null {
  const there = shelf.filter(({ available }) => available > 0);
  if (there.length === 0) return null;
  return drawSome(random, there, drawWhole(random, 1, LINES_DRAWN_MAX)).map(({ sku, available }) => ({
    sku,
    quantity: drawWhole(random, 1, Math.min(available, QUANTITY_DRAWN_MAX)),
  }));
}
