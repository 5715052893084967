import type { AskSlotting, SlottingAnswer } from '../../../contracts/rpc/store-layout.ts';
import { placeOfBin } from '../../../domain/picking/layout.ts';
import { slottingReport } from '../../../domain/picking/slotting.ts';
import type { StoreBooks } from '../store-books.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Which SKUs should change places, by what the floor has picked; without a layout or orders it proposes nothing, and says so. */
export function reportSlotting(books: StoreBooks, { days: asked }: AskSlotting, nowMs: number): SlottingAnswer {
  const { layouts, cards, pickHistory } = books;
  const current = layouts.current();
  const { orders, sinceMs, picks } = pickHistory.counts(nowMs - asked * DAY_MS);
  // A store that opened this morning has a day's picks at most, not a fraction's.
  const days = sinceMs === null ? 0 : Math.max(1, (nowMs - sinceMs) / DAY_MS);
  const counted = { days, orders, picks: [...picks.values()].reduce((sum, lines) => sum + lines, 0) };
  const nothing = { swaps: [], savedMPerDay: 0 };
  if (current === undefined) {
    return { ...nothing, ...counted, basis: 'NO_LAYOUT', layoutVersion: null, unplacedSkus: 0 };
  }
  const { layout, version: layoutVersion } = current;
  const slots = cards.places().map((slot) => ({ ...slot, picks: picks.get(slot.sku) ?? 0 }));
  const unplacedSkus = slots.filter(({ bin }) => placeOfBin(layout, bin) === undefined).length;
  if (sinceMs === null) return { ...nothing, ...counted, basis: 'NO_HISTORY', layoutVersion, unplacedSkus };
  const report = slottingReport(slots, { layout, days });
  return { ...report, ...counted, basis: 'HANDED_OVER', layoutVersion, unplacedSkus };
}
