import type { AvailabilityAnswer } from '../../contracts/rpc/store.ts';
import { canAnswerDelta, countCall, startPace } from '../../domain/inventory/availability-feed.ts';
import type { Pace } from '../../domain/inventory/availability-feed.ts';
import { storeLoad } from './capacity/store-load.ts';
import type { StoreBooks } from './store-books.ts';

/** Answers the isolates that serve what can be bought. Reads only: it must stay cheap while the store is busy. */
export class AvailabilityReader {
  readonly #books: StoreBooks;
  /** An estimate of how many ask; a new instance starts anew. */
  #pace: Pace;
  constructor(books: StoreBooks, nowMs: number) {
    this.#books = books;
    this.#pace = startPace(nowMs);
  }

  answer(since: number, nowMs: number): AvailabilityAnswer {
    const { stock, cards, storeId } = this.#books;
    this.#pace = countCall(this.#pace, nowMs);
    const version = stock.version();
    const changed = canAnswerDelta(since, version) ? stock.changedSince(since) : null;
    const { catalogVersion } = cards.published();
    const load = storeLoad(this.#books, nowMs);
    return {
      storeId,
      version,
      full: changed === null,
      items: changed ?? stock.inStock(),
      catalogVersion,
      open: isOpen(this.#books) && load.serviceState !== 'paused',
      nextAfterMs: this.#pace.askAfterMs,
      load,
    };
  }
}

/** A store opens with its first catalog. */
export function isOpen({ cards }: StoreBooks): boolean {
  return cards.published().catalogVersion > 0;
}
