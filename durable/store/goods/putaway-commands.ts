import { STORE_EVENTS } from '../../../contracts/events/stores.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { Place, PutAwayStock } from '../../../contracts/rpc/store-goods.ts';
import { shelfUnits } from '../../../domain/inventory/lots.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import { handOf } from '../store-books.ts';
import type { StoreBooks } from '../store-books.ts';
import { unknownSkus } from '../store-refusals.ts';

/** Says where a SKU lies from now on. Inside the transaction of its command. */
export function putAwayStock(
  books: StoreBooks,
  command: PutAwayStock,
  nowMs: number,
): Result<Place, Refusal<'UNKNOWN_SKU' | 'INSUFFICIENT_STOCK'>> {
  const { sku, bin, quantity } = command;
  const account = books.stock.accounts([sku]).get(sku);
  const card = books.cards.of([sku]).get(sku);
  if (account === undefined || card === undefined) return err(unknownSkus([sku]));
  const there = shelfUnits(account.level);
  if (quantity !== undefined && quantity > there) {
    return err(
      refuse('INSUFFICIENT_STOCK', 'The store has fewer units of this than were carried; receive them first.', {
        shortages: [{ sku, requested: quantity, available: there }],
      }),
    );
  }
  const temperatureZone = command.temperatureZone ?? books.cards.zoneOfBin(bin) ?? card.temperatureZone;
  books.cards.putAway({ sku, bin, temperatureZone }, nowMs);
  const { atMs, traceparent } = handOf(command, nowMs);
  books.outbox.announce({
    topic: STORE_EVENTS,
    type: 'stock.put_away',
    subject: books.storeId,
    key: books.storeId,
    atMs,
    traceparent,
    data: { sku, bin, temperatureZone, ...(quantity !== undefined && { quantity }) },
  });
  return ok({ sku, bin, temperatureZone });
}
