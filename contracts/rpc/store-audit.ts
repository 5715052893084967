import type { Sku } from '../../domain/shared/ids.ts';
import type { Command } from '../actor.ts';

/** Sells a SKU again that the auditor has stopped, at the level that its movements add up to. */
export interface LiftQuarantine extends Command {
  readonly do: 'LiftQuarantine';
  readonly sku: Sku;
}
export interface QuarantineLifted {
  readonly sku: Sku;
  /** Units that can be sold again. */
  readonly available: number;
}

/** What operators do about what the auditor found. */
export interface AuditCommands {
  readonly LiftQuarantine: {
    readonly command: LiftQuarantine;
    readonly answer: QuarantineLifted;
    readonly refuses: 'NOT_QUARANTINED' | 'STOCK_DISAGREES';
  };
}
