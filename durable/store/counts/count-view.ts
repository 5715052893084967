import type { CountTask } from '../../../contracts/rpc/store-counts.ts';
import type { Count } from './count-rows.ts';
import type { ItemCards } from '../goods/item-cards.ts';

/** Counts as everyone may see them. Blind: nothing in it says what the shelf should have. */
export function countTasks(counts: readonly Count[], cards: ItemCards): CountTask[] {
  const known = cards.of(counts.map(({ sku }) => sku));
  return counts.map(({ countId, sku, reason, status, attempt, counter, requestedAtMs, risk }) => {
    const { name = sku, bin = '' } = known.get(sku) ?? {};
    return {
      countId,
      sku,
      name,
      bin,
      reason,
      status,
      attempt,
      counterId: counter?.userId ?? null,
      requestedAtMs,
      risk,
    };
  });
}
