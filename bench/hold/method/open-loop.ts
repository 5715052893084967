import { percentile } from '../../../scripts/shared/percentile.ts';
import { Wire, type WireAnswer } from './wire.ts';

export interface OpenLoop {
  readonly origin: string;
  readonly connections: number;
  readonly perS: number;
  readonly seconds: number;
  readonly request: (count: number) => string;
  /** One that finds no free connection within this is not sent any more: who wanted it has gone. For ever when left out. */
  readonly patienceMs?: number;
  /** Called for each that was sent; the answer is null when the connection broke. */
  readonly onAnswer?: (answer: WireAnswer | null, tookMs: Took) => void;
}

export interface Took {
  readonly sinceMeantMs: number;
  readonly sinceSentMs: number;
}

export interface OpenLoopResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answered: number;
  readonly failed: number;
  /** Never sent, for want of a connection. */
  readonly givenUp: number;
}

/**
 * Requests at a fixed rate, whatever the answers do, each measured from the moment it was meant to be sent: one that had
 * to wait for a free connection waited for the server. The clock ticks once a millisecond, which adds half of one.
 */
export async function openLoop({
  origin,
  connections,
  perS,
  seconds,
  request,
  patienceMs = Infinity,
  onAnswer,
}: OpenLoop): Promise<OpenLoopResult> {
  const idle = await Promise.all(Array.from({ length: connections }, () => Wire.open(origin)));
  const wires = [...idle];
  const tookMs: number[] = [];
  let failed = 0;
  let givenUp = 0;
  let underWay = 0;
  const total = Math.round(perS * seconds);
  const startMs = performance.now();
  function meantAtMs(count: number): number {
    return startMs + (count / perS) * 1_000;
  }
  await new Promise<void>((resolve) => {
    /** Those before it were sent or given up. */
    let next = 0;
    function sendDue(): void {
      const nowMs = performance.now();
      for (; next < total && meantAtMs(next) < nowMs - patienceMs; next += 1) givenUp += 1;
      while (next < total && meantAtMs(next) <= nowMs) {
        const wire = idle.pop();
        if (wire === undefined) return;
        void ask(wire, next, nowMs);
        next += 1;
      }
    }
    async function ask(wire: Wire, count: number, sentAtMs: number): Promise<void> {
      underWay += 1;
      const answer = await wire.send(request(count)).catch(() => null);
      const nowMs = performance.now();
      const took = { sinceMeantMs: nowMs - meantAtMs(count), sinceSentMs: nowMs - sentAtMs };
      if (answer !== null && answer.status < 300) tookMs.push(took.sinceMeantMs);
      else failed += 1;
      onAnswer?.(answer, took);
      if (answer !== null) idle.push(wire);
      underWay -= 1;
      sendDue();
      if (next >= total && underWay === 0) resolve();
    }
    function tick(): void {
      sendDue();
      if (next < total) setTimeout(tick, 1);
      else if (underWay === 0) resolve();
    }
    tick();
  });
  for (const wire of wires) wire.close();
  return {
    p50Ms: percentile(tookMs, 50) ?? Number.NaN,
    p99Ms: percentile(tookMs, 99) ?? Number.NaN,
    answered: tookMs.length,
    failed,
    givenUp,
  };
}
