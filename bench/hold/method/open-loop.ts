import { percentile } from '../../../scripts/shared/percentile.ts';
import { Wire } from './wire.ts';

export interface OpenLoop {
  readonly origin: string;
  readonly connections: number;
  readonly perS: number;
  readonly seconds: number;
  readonly request: (count: number) => string;
}

export interface OpenLoopResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly answered: number;
  readonly failed: number;
}

/**
 * Requests at a fixed rate, whatever the answers do, each measured from the moment it was meant to be sent: one that had
 * to wait for a free connection waited for the server. The clock ticks once a millisecond, which adds half of one.
 */
export async function openLoop({ origin, connections, perS, seconds, request }: OpenLoop): Promise<OpenLoopResult> {
  const idle = await Promise.all(Array.from({ length: connections }, () => Wire.open(origin)));
  const wires = [...idle];
  const due: { readonly count: number; readonly atMs: number }[] = [];
  const tookMs: number[] = [];
  let failed = 0;
  let underWay = 0;
  const total = Math.round(perS * seconds);
  const startMs = performance.now();
  await new Promise<void>((resolve) => {
    let meant = 0;
    function sendDue(): void {
      while (due.length > 0) {
        const wire = idle.pop();
        const one = wire === undefined ? undefined : due.shift();
        if (wire === undefined || one === undefined) return;
        void ask(wire, one);
      }
    }
    async function ask(wire: Wire, { count, atMs }: { readonly count: number; readonly atMs: number }): Promise<void> {
      underWay += 1;
      try {
        const { status } = await wire.send(request(count));
        if (status < 300) tookMs.push(performance.now() - atMs);
        else failed += 1;
        idle.push(wire);
      } catch {
        failed += 1;
      }
      underWay -= 1;
      sendDue();
      if (meant >= total && underWay === 0) resolve();
    }
    function tick(): void {
      const nowMs = performance.now();
      for (; meant < total; meant += 1) {
        const atMs = startMs + (meant / perS) * 1_000;
        if (atMs > nowMs) break;
        due.push({ count: meant, atMs });
      }
      sendDue();
      if (meant < total) setTimeout(tick, 1);
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
  };
}
