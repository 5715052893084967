import type { QueueView } from '../../contracts/http/tracking.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import type { Standing } from '../../domain/capacity/waiting-line.ts';
import type { OrderState } from '../../domain/order/order.ts';
import { waitsUntilMs } from '../../domain/order/waiting.ts';

/** `null` when the order does not wait. */
export function toQueueView(state: OrderState, standing: Standing | null): QueueView | null {
  const untilMs = waitsUntilMs(state);
  if (standing === null || untilMs === null) return null;
  const { place, turnAtMs } = standing;
  return { place, estimatedTurnAt: toTimestamp(turnAtMs), until: toTimestamp(untilMs) };
}
