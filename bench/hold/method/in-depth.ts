import type { RunningContender } from '../contenders/contender.ts';
import { audit, receive } from './back-office.ts';
import { closedLoop } from './closed-loop.ts';
import { countFsyncs } from './fsync-count.ts';
import { openLoop } from './open-loop.ts';
import { Requests } from './requests.ts';
import type { SessionSettings } from './session.ts';
import { HOT_SKU } from './skus.ts';

const SHARE = 0.5;
const TRACED_S = 2;
const TRACED_UNITS = 100_000;

export interface OpenLoopAtHalf {
  /** Requests a second that were sent. */
  readonly perS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failed: number;
}

/** Latency of one hot SKU, or of hello, at half of what the contender managed at most, sent whatever the answers do. */
export async function atHalf(
  running: RunningContender,
  name: string,
  mostPerS: number,
  { seconds, connections, seed }: SessionSettings,
): Promise<OpenLoopAtHalf | null> {
  const perS = Math.round(mostPerS * SHARE);
  if (perS === 0) return null;
  const requests = new Requests(running);
  const isHello = name === 'hello';
  if (!isHello) await receive(running, [{ sku: HOT_SKU, quantity: perS * seconds }]);
  const { p50Ms, p99Ms, failed } = await openLoop({
    origin: running.origin,
    connections,
    perS,
    seconds,
    request: (count) =>
      isHello ? requests.hello() : requests.hold(`open-${seed}-${count}`, [{ sku: HOT_SKU, quantity: 1 }]),
  });
  await running.settle?.();
  return { perS, p50Ms, p99Ms, failed };
}

/** A pass of its own: tracing slows everybody down, so its rate says nothing. Holds are counted by the stock that left. */
export async function flushesPer1000(
  running: RunningContender,
  { folder, connections, seed }: SessionSettings,
): Promise<number | null> {
  await receive(running, [{ sku: HOT_SKU, quantity: TRACED_UNITS }]);
  const before = (await audit(running)).totals.available;
  const requests = new Requests(running);
  let count = 0;
  const flushes = await countFsyncs(running.pids, folder, async () => {
    const until = performance.now() + TRACED_S * 1_000;
    await closedLoop({
      origin: running.origin,
      connections,
      next: () => {
        if (performance.now() > until) return undefined;
        count += 1;
        return { asked: null, request: requests.hold(`flush-${seed}-${count}`, [{ sku: HOT_SKU, quantity: 1 }]) };
      },
      onAnswer: () => {},
    });
  });
  const held = before - (await audit(running)).totals.available;
  await running.settle?.();
  return held === 0 ? null : (flushes / held) * 1_000;
}
