import fc from 'fast-check';
import type { ReceivedStock } from '../../contracts/rpc/store.ts';
import {
  ADJUST_REASONS,
  BLOCK_REASONS,
  RECALL_REASONS,
  UNBLOCK_REASONS,
  WRITE_OFF_FROM,
  WRITE_OFF_REASONS,
} from '../../contracts/rpc/store-goods.ts';
import { SERVICE_REASONS, SERVICE_STATES } from '../../domain/capacity/service-state.ts';
import { HOLD_ON } from '../../domain/inventory/store-policy.ts';
import { DEFAULT_MEASURES } from '../../domain/picking/layout.ts';
import { asChannelId, asLotId } from '../../domain/shared/ids.ts';
import type { OperatorCommand, OperatorCommandName } from './act.ts';
import { OPENS_AT_MS, PICKERS, SKUS } from './cast.ts';

const anySku = fc.constantFrom(...SKUS);
const anyUnits = fc.integer({ min: 1, max: 3 });
const LOTS = ['LOT-1', 'LOT-2', 'LOT-3'].map(asLotId);
const anyLot = fc.constantFrom(...LOTS);
/** Most stock has no lot; the key is left out then. */
const maybeLot = fc.option(anyLot, { nil: undefined, freq: 2 });

const DAY_MS = 24 * 60 * 60 * 1000;
const MINUTE_MS = 60_000;

/** Each lot has one date, some of which pass while the history is played. */
const BEST_BEFORE_MS = [OPENS_AT_MS + 5 * MINUTE_MS, OPENS_AT_MS + 20 * MINUTE_MS, OPENS_AT_MS + 3 * DAY_MS];

/** Goods as they come, half of them with lots. */
export const anyReceived: fc.Arbitrary<readonly ReceivedStock[]> = fc.array(
  fc
    .tuple(anySku, anyUnits, fc.option(fc.integer({ min: 0, max: LOTS.length - 1 }), { nil: null, freq: 3 }))
    .map(([sku, quantity, lot]): ReceivedStock => {
      const [lotId, bestBeforeMs] = lot === null ? [] : [LOTS[lot], BEST_BEFORE_MS[lot]];
      if (lotId === undefined || bestBeforeMs === undefined) return { sku, quantity };
      return { sku, quantity, lotId, bestBeforeMs };
    }),
  { minLength: 1, maxLength: 3 },
);

type Shape<N extends OperatorCommandName> = readonly [weight: number, arbitrary: fc.Arbitrary<OperatorCommand<N>>];

/** What each command may look like. One that is missing here does not compile. */
const COMMANDS: { readonly [N in OperatorCommandName]: Shape<N> } = {
  AdjustStock: [
    3,
    fc.record({
      do: fc.constant('AdjustStock'),
      sku: anySku,
      quantity: fc.integer({ min: -3, max: 3 }),
      reason: fc.constantFrom(...ADJUST_REASONS),
    }),
  ],
  WriteOffStock: [
    3,
    ofLot({
      do: fc.constant('WriteOffStock' as const),
      sku: anySku,
      quantity: anyUnits,
      reason: fc.constantFrom(...WRITE_OFF_REASONS),
      from: fc.constantFrom(...WRITE_OFF_FROM),
    }),
  ],
  BlockStock: [
    3,
    ofLot({
      do: fc.constant('BlockStock' as const),
      sku: anySku,
      quantity: anyUnits,
      reason: fc.constantFrom(...BLOCK_REASONS),
    }),
  ],
  UnblockStock: [
    3,
    ofLot({
      do: fc.constant('UnblockStock' as const),
      sku: anySku,
      quantity: anyUnits,
      reason: fc.constantFrom(...UNBLOCK_REASONS),
    }),
  ],
  RecallLot: [
    2,
    fc.record({
      do: fc.constant('RecallLot'),
      sku: anySku,
      lotId: anyLot,
      reason: fc.constantFrom(...RECALL_REASONS),
    }),
  ],
  SetSellByMargin: [
    1,
    fc.record({
      do: fc.constant('SetSellByMargin'),
      sku: fc.option(anySku, { nil: null }),
      days: fc.constantFrom(0, 1, 2, 5, null),
    }),
  ],
  PutAwayStock: [
    1,
    fc.record({ do: fc.constant('PutAwayStock'), sku: anySku, bin: fc.constantFrom('B02-1-1', 'C03-1-1') }),
  ],
  RequestCount: [3, anySku.map((sku) => ({ do: 'RequestCount', sku }))],
  PlanCounts: [1, fc.constant({ do: 'PlanCounts', tasks: 2 })],
  SetStockThreshold: [
    1,
    fc.record({
      do: fc.constant('SetStockThreshold'),
      sku: anySku,
      lowAtUnits: fc.constant(null),
      safetyUnits: fc.integer({ min: 0, max: 2 }),
    }),
  ],
  LiftQuarantine: [1, anySku.map((sku) => ({ do: 'LiftQuarantine', sku }))],
  SetStorePolicy: [
    1,
    fc.record({
      do: fc.constant('SetStorePolicy'),
      holdOn: fc.constantFrom(...HOLD_ON),
      scarceAtUnits: fc.integer({ min: 0, max: 6 }),
    }),
  ],
  SetChannelTerms: [
    2,
    fc.record({
      do: fc.constant('SetChannelTerms'),
      channel: fc.constantFrom(asChannelId('bazaar'), asChannelId('app')),
      bufferUnits: fc.integer({ min: 0, max: 3 }),
      allocations: fc.uniqueArray(fc.record({ sku: anySku, allocationUnits: anyUnits }), {
        selector: ({ sku }) => sku,
        maxLength: 2,
      }),
    }),
  ],
  SetLayout: [
    2,
    fc
      .constantFrom(['A01', 'B02', 'C03'], ['C03', 'A01'])
      .map((aisles) => ({ do: 'SetLayout', layout: { ...DEFAULT_MEASURES, aisles, racks: 4 } })),
  ],
  EndShift: [1, fc.record({ do: fc.constant('EndShift'), pickerId: fc.constantFrom(...PICKERS) })],
  SetServiceState: [
    1,
    fc.oneof(
      fc.constant({ do: 'SetServiceState' as const, state: 'automatic' as const }),
      fc.record({
        do: fc.constant('SetServiceState' as const),
        state: fc.constantFrom(...SERVICE_STATES),
        reason: fc.constantFrom(...SERVICE_REASONS),
        untilMs: fc.integer({ min: 1, max: 60 }).map((minutes) => OPENS_AT_MS + minutes * MINUTE_MS),
      }),
    ),
  ],
  SetServicePolicy: [
    1,
    fc.record({
      do: fc.constant('SetServicePolicy'),
      throttleAtMs: fc.constantFrom(2 * MINUTE_MS, 15 * MINUTE_MS),
      pauseAtMs: fc.constantFrom(5 * MINUTE_MS, 30 * MINUTE_MS),
    }),
  ],
};

/** A command that may name a lot. */
function ofLot<T extends object>(shape: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc
    .tuple(fc.record(shape), maybeLot)
    .map(([command, lotId]) => (lotId === undefined ? command : { ...command, lotId }));
}

export const anyCommand: fc.Arbitrary<OperatorCommand> = fc.oneof(
  ...Object.values(COMMANDS).map(([weight, arbitrary]) => ({ weight, arbitrary })),
);
