import type { RiskTerms } from '../../domain/inventory/count-risk.ts';
import type { StockState } from '../../domain/inventory/low-stock.ts';
import type { Sku, UserId } from '../../domain/shared/ids.ts';
import type { Actor, Command } from '../actor.ts';
import type { StockLevel } from '../../domain/inventory/stock-level.ts';

/** Why a shelf is to be counted: someone asked, it was due, or a scan found nothing. */
export type CountReason = 'REQUESTED' | 'PLANNED' | 'NOT_FOUND';
export type CountStatus = 'OPEN' | 'COUNTING' | 'DONE';

/** Tasks that one `PlanCounts` opens at most. */
export const COUNTS_PLANNED_MAX = 200;
/** Units of one SKU on a shelf: above a pallet of chewing gum. */
export const COUNTED_UNITS_MAX = 100_000;
/** Units of a threshold or of safety stock: more than a shelf holds. */
export const THRESHOLD_MAX = 10_000;
/** Rows of one answer. */
export const ROWS_MAX = 200;

/** A count as everyone may see it. Blind: nothing in it says what the shelf should have. */
export interface CountTask {
  readonly countId: number;
  readonly sku: Sku;
  readonly name: string;
  readonly bin: string;
  readonly reason: CountReason;
  readonly status: CountStatus;
  /** 1 for the first count; more when it is to be counted again. */
  readonly attempt: number;
  readonly counterId: UserId | null;
  readonly requestedAtMs: number;
  /** What a count of this shelf is worth, 0 to 1, when the task was opened or last raised. */
  readonly risk: number;
}

/** Opens a count of a SKU; one that is open already is the answer. */
export interface RequestCount extends Command {
  readonly do: 'RequestCount';
  readonly sku: Sku;
}
/** Opens counts of the shelves that are most worth one and have none open. */
export interface PlanCounts extends Command {
  readonly do: 'PlanCounts';
  /** 1 to `COUNTS_PLANNED_MAX`. */
  readonly tasks: number;
}
/** A counter goes to the shelf. The task is theirs for half an hour. */
export interface StartCount extends Command {
  readonly do: 'StartCount';
  readonly countId: number;
}
/** What lies on the shelf now: for sale, promised or set aside alike. What was picked has left it. */
export interface SubmitCount extends Command {
  readonly do: 'SubmitCount';
  readonly countId: number;
  readonly quantity: number;
}
export type CountOutcome =
  /** Too far off to be believed at once: count again. Nothing was posted and nothing is told. */
  | { readonly outcome: 'RECOUNT'; readonly countId: number; readonly sku: Sku; readonly attempt: number }
  | {
      readonly outcome: 'COUNTED';
      readonly countId: number;
      readonly sku: Sku;
      readonly expected: number;
      readonly counted: number;
      readonly variance: number;
      /** Units that had been promised and are not there. */
      readonly shortfall: number;
      /** Units that can be sold after the count. */
      readonly available: number;
    };

/** When a SKU is low, and how many units are never promised to anyone. */
export interface SetStockThreshold extends Command {
  readonly do: 'SetStockThreshold';
  readonly sku: Sku;
  /** `null`: what the store's policy says. */
  readonly lowAtUnits: number | null;
  readonly safetyUnits: number;
}
export interface StockThreshold {
  readonly sku: Sku;
  /** What is in force, the policy's or its own. */
  readonly lowAtUnits: number;
  readonly own: boolean;
  readonly safetyUnits: number;
}

export interface CountCommands {
  readonly RequestCount: {
    readonly command: RequestCount;
    readonly answer: CountTask;
    readonly refuses: 'UNKNOWN_SKU';
  };
  readonly PlanCounts: {
    readonly command: PlanCounts;
    readonly answer: { readonly opened: readonly CountTask[] };
    readonly refuses: never;
  };
  readonly StartCount: {
    readonly command: StartCount;
    readonly answer: CountTask;
    readonly refuses: 'COUNT_NOT_FOUND' | 'COUNT_TAKEN' | 'COUNT_STATE';
  };
  readonly SubmitCount: {
    readonly command: SubmitCount;
    readonly answer: CountOutcome;
    readonly refuses: 'COUNT_NOT_FOUND' | 'COUNT_TAKEN' | 'COUNT_STATE';
  };
  readonly SetStockThreshold: {
    readonly command: SetStockThreshold;
    readonly answer: StockThreshold;
    readonly refuses: 'UNKNOWN_SKU';
  };
}

interface Question {
  readonly actor: Actor;
}
/** Open counts, the most worth first. */
export interface ListCounts extends Question {
  readonly ask: 'ListCounts';
}
/** Why a shelf stands where it does in the ranking. */
export interface RankShelves extends Question {
  readonly ask: 'RankShelves';
}
export interface ShelfRisk {
  readonly sku: Sku;
  readonly score: number;
  readonly terms: RiskTerms;
}
/** How right the ledger was, over the counts of the last days. */
export interface AskAccuracy extends Question {
  readonly ask: 'AskAccuracy';
  /** 1 to 365. */
  readonly days: number;
}
export interface AccuracyReport {
  readonly days: number;
  readonly counts: number;
  readonly accurateCounts: number;
  readonly expectedUnits: number;
  readonly absoluteVarianceUnits: number;
  readonly shrinkUnits: number;
  readonly countAccuracy: number | null;
  readonly unitAccuracy: number | null;
  /** 0.99: what unit accuracy should be above. */
  readonly target: number;
  /** `null` while nothing was counted. */
  readonly onTarget: boolean | null;
}
/** SKUs that are low or out, the soonest to run out first. */
export interface ListLowStock extends Question {
  readonly ask: 'ListLowStock';
}
export interface LowStock extends StockThreshold {
  readonly state: Exclude<StockState, 'OK'>;
  readonly available: number;
  readonly unitsPerHour: number;
  /** Hours until nothing is left for sale at today's demand; `null` when nothing is asked for. */
  readonly runOutHours: number | null;
}
/** Holds the ledger against itself and against what the floor found. */
export interface Reconcile extends Question {
  readonly ask: 'Reconcile';
  /** Adds up every movement that ever was, at most once in ten minutes: operators only. Else what the auditor has added up counts. */
  readonly deep?: boolean;
}
export interface Discrepancy {
  readonly sku: Sku;
  readonly source: DiscrepancySource;
  readonly expected: number;
  readonly counted: number;
  readonly shortfall: number;
  readonly endedHolds: number;
  readonly shortenedLines: number;
  readonly atMs: number;
}
/** What showed that the ledger was wrong. */
export const DISCREPANCY_SOURCES = ['COUNT', 'LOT'] as const;
export type DiscrepancySource = (typeof DISCREPANCY_SOURCES)[number];
export interface Reconciliation {
  /** When the ledger was added up: now, but for a deep one. */
  readonly auditedAtMs: number;
  readonly skus: number;
  readonly movements: number;
  readonly totals: StockLevel;
  /** SKUs whose level is not the sum of their movements: none, ever. */
  readonly ledger: readonly { readonly sku: string; readonly gapUnits: number }[];
  /** SKUs with units that someone could not find and nobody has counted since. */
  readonly inDoubt: readonly { readonly sku: Sku; readonly units: number }[];
  /** The latest promises that could not be kept, newest first. */
  readonly found: readonly Discrepancy[];
  readonly openCounts: number;
}

export interface CountQuestions {
  readonly ListCounts: { readonly question: ListCounts; readonly answer: { readonly counts: readonly CountTask[] } };
  readonly RankShelves: { readonly question: RankShelves; readonly answer: { readonly shelves: readonly ShelfRisk[] } };
  readonly AskAccuracy: { readonly question: AskAccuracy; readonly answer: AccuracyReport };
  readonly ListLowStock: { readonly question: ListLowStock; readonly answer: { readonly items: readonly LowStock[] } };
  readonly Reconcile: { readonly question: Reconcile; readonly answer: Reconciliation };
}
