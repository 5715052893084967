import { percentile } from '../shared/percentile.ts';

/** What the demo found out, before it is judged. */
export interface Findings {
  readonly orders: number;
  readonly delivered: number;
  /** Of `POST orders`, the try that was answered, ms. */
  readonly answersMs: readonly number[];
  readonly oversoldUnits: number;
  /** Events that objects have and the read models do not. */
  readonly missingEvents: number;
  /** Events that were still on their way at the end, or set aside for a person. */
  readonly strandedEvents: number;
  /** What went wrong beside that, a sentence each. */
  readonly troubles: readonly string[];
}

export interface Verdict {
  readonly ok: boolean;
  readonly orders: number;
  readonly delivered: number;
  readonly oversold: number;
  readonly lost_events: number;
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
}

export function judge(findings: Findings): Verdict {
  const { orders, delivered, answersMs, oversoldUnits, missingEvents, strandedEvents, troubles } = findings;
  // A stranded event is most often a missing one too.
  const lostEvents = Math.max(missingEvents, strandedEvents);
  return {
    ok: delivered === orders && oversoldUnits === 0 && lostEvents === 0 && troubles.length === 0,
    orders,
    delivered,
    oversold: oversoldUnits,
    lost_events: lostEvents,
    p50_ms: rounded(percentile(answersMs, 50)),
    p99_ms: rounded(percentile(answersMs, 99)),
  };
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 10) / 10;
}
