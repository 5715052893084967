import { percentile } from '../../../scripts/shared/percentile.ts';
import type { RunningContender } from '../contenders/contender.ts';
import { closedLoop } from './closed-loop.ts';
import { Requests } from './requests.ts';
import { flashSku } from './skus.ts';
import { FLASH_ATTEMPTS } from './workloads.ts';

export interface FlashReport {
  readonly seconds: number;
  readonly held: number;
  readonly soldOut: number;
  /** Neither held nor sold out. */
  readonly refused: number;
  readonly tookMs: { readonly p50: number; readonly p99: number };
}

/** One drop: a fixed number of attempts for a SKU that has fewer units. wrk goes by the clock, so this one counts itself. */
export async function flashWindow(
  contender: RunningContender,
  { connections, round, nonce }: { readonly connections: number; readonly round: number; readonly nonce: string },
): Promise<FlashReport> {
  const requests = new Requests(contender);
  const lines = [{ sku: flashSku(round), quantity: 1 }];
  const tookMs: number[] = [];
  let [sent, held, soldOut, refused] = [0, 0, 0, 0];
  const startMs = performance.now();
  await closedLoop<number>({
    origin: contender.origin,
    connections,
    next: () => {
      if (sent >= FLASH_ATTEMPTS) return undefined;
      sent += 1;
      return { asked: performance.now(), request: requests.hold(`${nonce}-${sent}`, lines) };
    },
    onAnswer: (atMs, { status }) => {
      tookMs.push(performance.now() - atMs);
      if (status < 300) held += 1;
      else if (status === 409) soldOut += 1;
      else refused += 1;
    },
  });
  const seconds = (performance.now() - startMs) / 1_000;
  return {
    seconds,
    held,
    soldOut,
    refused,
    tookMs: { p50: percentile(tookMs, 50) ?? Number.NaN, p99: percentile(tookMs, 99) ?? Number.NaN },
  };
}
