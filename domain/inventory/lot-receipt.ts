import type { LotId, Sku } from '../shared/ids.ts';
import { err, ok } from '../shared/result.ts';
import type { Result } from '../shared/result.ts';
import { toBasket } from './basket-lines.ts';
import type { BasketError, BasketLimits, BasketLine } from './basket-lines.ts';
import { newLot } from './lots.ts';
import type { Lot } from './lots.ts';

/** Goods of one SKU as they came, with the lot and the date printed on them where they carry any. */
export interface ReceivedLine extends BasketLine {
  readonly lotId?: LotId;
  /** The end of the last day on which the goods are at their best. Only goods of a lot have one. */
  readonly bestBeforeMs?: number;
}

export type ReceiptError =
  | BasketError
  | { readonly code: 'DATE_WITHOUT_LOT'; readonly sku: Sku }
  /** A lot has one date: this one was told with two. */
  | { readonly code: 'LOT_DATE_DIFFERS'; readonly sku: Sku; readonly lotId: LotId };

/** A note's lines, those of one SKU and lot as one, in order of SKU and lot, so that two writings of one note are equal. */
export function toReceipt(
  lines: readonly ReceivedLine[],
  limits: BasketLimits,
): Result<readonly ReceivedLine[], ReceiptError> {
  const basket = toBasket(lines, limits);
  if (!basket.ok || lines.every(({ lotId, bestBeforeMs }) => lotId === undefined && bestBeforeMs === undefined)) {
    return basket;
  }
  const merged = new Map<string, ReceivedLine>();
  for (const { sku, quantity, lotId, bestBeforeMs } of lines) {
    if (lotId === undefined && bestBeforeMs !== undefined) return err({ code: 'DATE_WITHOUT_LOT', sku });
    const key = `${sku} ${lotId ?? ''}`;
    const known = merged.get(key);
    const date = bestBeforeMs ?? known?.bestBeforeMs;
    if (lotId !== undefined && known?.bestBeforeMs !== undefined && known.bestBeforeMs !== date) {
      return err({ code: 'LOT_DATE_DIFFERS', sku, lotId });
    }
    merged.set(key, {
      sku,
      quantity: (known?.quantity ?? 0) + quantity,
      ...(lotId !== undefined && { lotId }),
      ...(date !== undefined && { bestBeforeMs: date }),
    });
  }
  return ok([...merged.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line));
}

/**
 * The lot of a line, with the date that the line tells of it; `known` is what was received of it before. A lot whose date
 * nobody has told so far is given one; another date than it has is an error.
 */
export function lotOfLine(
  line: ReceivedLine & { readonly lotId: LotId },
  known: Lot | undefined,
  marginMs: number,
): Result<Lot, Extract<ReceiptError, { readonly code: 'LOT_DATE_DIFFERS' }>> {
  const { sku, lotId, bestBeforeMs } = line;
  const lot = known ?? newLot(sku, lotId);
  if (bestBeforeMs === undefined || bestBeforeMs === lot.bestBeforeMs) return ok(lot);
  if (lot.bestBeforeMs !== null) return err({ code: 'LOT_DATE_DIFFERS', sku, lotId });
  return ok({ ...lot, bestBeforeMs, sellByMs: bestBeforeMs - marginMs });
}
