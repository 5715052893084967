import { STOCK_MOVEMENTS } from '../../contracts/events/stock.ts';
import type { EventOf } from '../../contracts/events/topic.ts';
import {
  insertStockMovementRows,
  upsertStockLevelRows,
  type StockLevelRow,
  type StockMovementRow,
} from '../../db/queries/stock-read-model.ts';
import { conservationGap } from '../../domain/inventory/stock-level.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Step, StepRefusal, Topology } from '../kit/topology.ts';

type StockEvent = EventOf<typeof STOCK_MOVEMENTS>;

/** The level of every SKU of every store, and the movements it came from. Each event says the level after it. */
export const stockProjection: Topology<typeof STOCK_MOVEMENTS, StockLevelRow, StockMovementRow> = {
  group: 'stock-projection',
  topics: [STOCK_MOVEMENTS],
  step: stepStock,
  write: (levels, movements) => [
    ...(levels.length > 0 ? [upsertStockLevelRows(levels)] : []),
    ...(movements.length > 0 ? [insertStockMovementRows(movements)] : []),
  ],
};

function stepStock(
  _before: StockLevelRow | undefined,
  { type, sequence, time, data }: StockEvent,
): Result<Step<StockLevelRow, StockMovementRow>, StepRefusal> {
  const { storeId, sku, after } = data;
  const gap = conservationGap(after);
  if (gap !== 0) return err({ code: 'NOT_CONSERVED', detail: `the level after it is off by ${gap} units` });
  const movement: StockMovementRow = {
    storeId,
    sku,
    sequence,
    type,
    quantity: data.quantity,
    reason: data.reason ?? null,
    opId: data.opId,
    actorKind: data.actor.kind,
    actorId: data.actor.id,
    holdId: data.holdId ?? null,
    orderId: data.orderId ?? null,
    availableAfter: after.available,
    movedAt: time,
  };
  return ok({
    state: { storeId, sku, ...after, version: sequence, updatedAt: time },
    outputs: [movement],
  });
}
