import type { StoreLayout } from '../../domain/picking/layout.ts';
import type { SlottingReport } from '../../domain/picking/slotting.ts';
import type { Actor, Command } from '../actor.ts';

/** Describes the floor of the store. Walks that were planned before stay as they are. */
export interface SetLayout extends Command {
  readonly do: 'SetLayout';
  readonly layout: StoreLayout;
}

export interface LayoutInForce {
  readonly layout: StoreLayout;
  /** Counts the changes: the same layout again changes nothing. */
  readonly version: number;
  readonly setAtMs: number;
  /** SKUs whose bin the layout does not know: they come last on every walk, for whoever knows where they are. */
  readonly unplacedSkus: number;
}

/** How the floor is laid out: what operators set. */
export interface LayoutCommands {
  readonly SetLayout: {
    readonly command: SetLayout;
    readonly answer: LayoutInForce;
    readonly refuses: never;
  };
}

/** The layout in force; `null` when nobody has given one. */
export interface AskLayout {
  readonly ask: 'AskLayout';
  readonly actor: Actor;
}

/** Days over which picks are counted at most: a finished task is kept as long. */
export const SLOTTING_DAYS_MAX = 30;

/** Which SKUs should change places. */
export interface AskSlotting {
  readonly ask: 'AskSlotting';
  readonly actor: Actor;
  /** 1 to `SLOTTING_DAYS_MAX`. */
  readonly days: number;
}

export interface SlottingAnswer extends SlottingReport {
  /** What the swaps rest on: orders that were handed over; or none, because the store has no layout, or no such orders yet. */
  readonly basis: 'HANDED_OVER' | 'NO_LAYOUT' | 'NO_HISTORY';
  readonly layoutVersion: number | null;
  /** Days that were counted: fewer than asked for when the store is younger, or handed over too much to count all of it. */
  readonly days: number;
  readonly orders: number;
  /** Order lines, each one visit to a bin. */
  readonly picks: number;
  /** SKUs that are left out: the layout does not know their bin. */
  readonly unplacedSkus: number;
}

export interface LayoutQuestions {
  readonly AskLayout: { readonly question: AskLayout; readonly answer: LayoutInForce | null };
  readonly AskSlotting: { readonly question: AskSlotting; readonly answer: SlottingAnswer };
}
