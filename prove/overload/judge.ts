import type { Served } from './offered-load.ts';

/** Of the most that a store was seen to do, what it must still do when ten times as much is wanted. */
const GOODPUT_SHARE_MIN = 0.8;
/** Nothing is sent to the store that has waited longer than this at the edge. */
const QUEUE_DEADLINE_MS = 1_000;
/** What the process may grow by: as much as the platform gives one isolate. */
const GROWTH_MAX_MB = 128;
/** Of what is offered at half load, once it is quiet again. */
const RECOVERED_SHARE_MIN = 0.95;

export interface OverloadEvidence {
  /** Holds a second, of as many clients as get the most out of it. */
  readonly maxPerS: number;
  readonly connections: number;
  readonly atTenfold: Served;
  /** Half of the most, right after. */
  readonly after: Served;
  readonly rssMb: { readonly before: number; readonly after: number };
  /** Units that the store has set aside, beyond what was there before, and whether its ledger agrees with itself. */
  readonly heldUnits: number;
  readonly acknowledged: number;
  readonly sent: number;
  readonly discrepancies: number;
}

/**
 * How long an admitted hold takes at most. Every connection always has a request on the wire, so one takes connections / rate on
 * average (Little's law); the slowest twice that, and the queue's deadline.
 */
export function admittedBoundMs({ connections, maxPerS }: OverloadEvidence): number {
  return Math.round((2_000 * connections) / maxPerS + QUEUE_DEADLINE_MS);
}

/** What a promise about overload was broken by. In words; empty when all is well. */
export function judgeOverload(evidence: OverloadEvidence): readonly string[] {
  const { maxPerS, atTenfold, after, rssMb, heldUnits, acknowledged, sent, discrepancies } = evidence;
  const boundMs = admittedBoundMs(evidence);
  const grownMb = rssMb.after - rssMb.before;
  return [
    ...(atTenfold.goodPerS >= GOODPUT_SHARE_MIN * maxPerS
      ? []
      : [`at ten times the load ${perS(atTenfold.goodPerS)} holds a second of ${perS(maxPerS)} are left`]),
    ...(atTenfold.p99Ms <= boundMs
      ? []
      : [`an admitted hold took ${Math.round(atTenfold.p99Ms)} ms (99 %), more than ${boundMs}`]),
    ...oddities(atTenfold),
    ...(grownMb <= GROWTH_MAX_MB ? [] : [`workerd grew by ${grownMb} MB, from ${rssMb.before} MB`]),
    ...oddities(after),
    ...(after.goodPerS >= RECOVERED_SHARE_MIN * after.offeredPerS
      ? []
      : [`afterwards ${perS(after.goodPerS)} of ${perS(after.offeredPerS)} holds a second were served`]),
    ...(heldUnits < acknowledged ? [`${acknowledged} holds were acknowledged, ${heldUnits} are there`] : []),
    ...(heldUnits > sent ? [`${heldUnits} holds are there, ${sent} were asked for`] : []),
    ...(discrepancies > 0 ? [`${discrepancies} SKUs are not what their ledger says`] : []),
  ];
}

/** Whoever is not served is told so in our own words, and when to come again. */
function oddities({ odd, broken }: Served): readonly string[] {
  return [
    ...(broken > 0 ? [`${broken} connections broke`] : []),
    ...[...odd].map(([answer, times]) => `${times} times the answer was ${answer}`),
  ];
}

function perS(rate: number): string {
  return String(Math.round(rate));
}
