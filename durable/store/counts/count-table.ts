import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { COUNTED_UNITS_MAX, COUNTS_PLANNED_MAX, THRESHOLD_MAX } from '../../../contracts/rpc/store-counts.ts';
import type { CountCommands } from '../../../contracts/rpc/store-counts.ts';
import type { Handler } from '../command-table.ts';
import { planCounts, requestCount, startCount, submitCount } from './count-commands.ts';
import { setThreshold } from './stock-threshold.ts';
import { denyGoods } from '../store-access.ts';

export const COUNT_HANDLERS: { readonly [N in keyof CountCommands]: Handler<N> } = {
  RequestCount: { denies: denyGoods, refuses: () => undefined, decide: requestCount },
  PlanCounts: {
    denies: denyGoods,
    refuses: ({ tasks }) =>
      refuseUnless(isWhole(tasks, 1, COUNTS_PLANNED_MAX), `Plan 1 to ${COUNTS_PLANNED_MAX} counts.`),
    decide: planCounts,
  },
  StartCount: { denies: denyGoods, refuses: () => undefined, decide: startCount },
  SubmitCount: {
    denies: denyGoods,
    refuses: ({ quantity }) =>
      refuseUnless(isWhole(quantity, 0, COUNTED_UNITS_MAX), `Count 0 to ${COUNTED_UNITS_MAX} whole units.`),
    decide: submitCount,
  },
  SetStockThreshold: {
    denies: denyGoods,
    refuses: ({ lowAtUnits, safetyUnits }) =>
      refuseUnless(
        (lowAtUnits === null || isWhole(lowAtUnits, 0, THRESHOLD_MAX)) && isWhole(safetyUnits, 0, THRESHOLD_MAX),
        `Thresholds have 0 to ${THRESHOLD_MAX} whole units.`,
      ),
    decide: setThreshold,
  },
};

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max;
}

function refuseUnless(good: boolean, detail: string): Refusal<'INVALID_INPUT'> | undefined {
  return good ? undefined : refuse('INVALID_INPUT', detail);
}
