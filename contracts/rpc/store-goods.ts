import type { Sku } from '../../domain/shared/ids.ts';
import type { Command } from '../actor.ts';

/** Why a level is put right by hand. */
export const ADJUST_REASONS = ['FOUND', 'MISCOUNTED', 'MISRECEIVED', 'RETURNED_TO_SUPPLIER'] as const;
export type AdjustReason = (typeof ADJUST_REASONS)[number];

export interface AdjustStock extends Command {
  readonly do: 'AdjustStock';
  readonly sku: Sku;
  /** Units up or down; not 0. */
  readonly quantity: number;
  readonly reason: AdjustReason;
}
export interface StockLeft {
  readonly sku: Sku;
  /** Units that can be sold after the command. */
  readonly available: number;
}

/** What is done with goods besides selling them: each command with its answer and the refusals of its own. */
export interface GoodsCommands {
  readonly AdjustStock: {
    readonly command: AdjustStock;
    readonly answer: StockLeft;
    readonly refuses: 'UNKNOWN_SKU' | 'INSUFFICIENT_STOCK';
  };
}
