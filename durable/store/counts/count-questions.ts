import type {
  AccuracyReport,
  AskAccuracy,
  CountTask,
  LowStock,
  Reconcile,
  Reconciliation,
  ShelfRisk,
} from '../../../contracts/rpc/store-counts.ts';
import { ROWS_MAX } from '../../../contracts/rpc/store-counts.ts';
import { accuracyOf } from '../../../domain/inventory/cycle-count.ts';
import { runOutHours, withDemand } from '../../../domain/inventory/low-stock.ts';
import { rankShelves } from './count-ranking.ts';
import { countTasks } from './count-view.ts';
import { unsoldUnits } from './demand-rows.ts';
import { thresholdOf } from './stock-threshold.ts';
import type { StoreBooks } from '../store-books.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Unit accuracy that a store is to keep above. */
const TARGET = 0.99;

export function listCounts({ counts, cards }: StoreBooks): { readonly counts: readonly CountTask[] } {
  return { counts: countTasks(counts.ranked(ROWS_MAX), cards) };
}

export function rankedShelves(books: StoreBooks, nowMs: number): { readonly shelves: readonly ShelfRisk[] } {
  return { shelves: rankShelves(books, nowMs).slice(0, ROWS_MAX) };
}

export function reportAccuracy({ counts }: StoreBooks, { days }: AskAccuracy, nowMs: number): AccuracyReport {
  const sums = counts.sums(nowMs - days * DAY_MS);
  const accuracy = accuracyOf(sums);
  const { unitAccuracy } = accuracy;
  return { days, ...sums, ...accuracy, target: TARGET, onTarget: unitAccuracy === null ? null : unitAccuracy > TARGET };
}

export function listLowStock({ demand }: StoreBooks, nowMs: number): { readonly items: readonly LowStock[] } {
  const items = demand.lowOrOut().flatMap((watched): LowStock[] => {
    const { state, available } = watched;
    if (state === 'OK') return [];
    const hours = runOutHours(unsoldUnits(watched), watched.demand, nowMs);
    const { unitsPerHour } = withDemand(watched.demand, 0, nowMs);
    return [{ ...thresholdOf(watched), state, available, unitsPerHour, runOutHours: hours }];
  });
  return { items: items.toSorted(soonest).slice(0, ROWS_MAX) };
}

/** Holds the ledger against itself, and lists what the floor found wrong. */
export function reconcile(books: StoreBooks, { deep = false }: Reconcile, nowMs: number): Reconciliation {
  const { shelves, discrepancies, counts } = books;
  const { discrepancies: ledger, ...sums } = deep ? books.auditWhole(nowMs) : books.audit();
  return {
    auditedAtMs: nowMs,
    ...sums,
    ledger,
    inDoubt: shelves.inDoubt(ROWS_MAX),
    found: discrepancies.latest(ROWS_MAX),
    openCounts: counts.openTasks(),
  };
}

/** What is out comes first, then by the hours that are left; what nobody asks for comes last. */
function soonest(a: LowStock, b: LowStock): number {
  const [hoursA, hoursB] = [a.runOutHours ?? Number.MAX_VALUE, b.runOutHours ?? Number.MAX_VALUE];
  return Number(b.state === 'OUT') - Number(a.state === 'OUT') || hoursA - hoursB || (a.sku < b.sku ? -1 : 1);
}
