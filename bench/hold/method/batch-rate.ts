import * as v from 'valibot';
import { batchRequest, HELD_FOR_MS, startBatchHost } from '../process/batch-host.ts';
import { closedLoop } from './closed-loop.ts';
import { spread, type Spread } from './ratios.ts';
import { Wire } from './wire.ts';

/** Holds in one call, and calls under way at a time: one is decided while the next is on its way. */
const BATCH = 500;
const CALLS_AT_A_TIME = 2;
const STOCK_NOTES = 5;
const WARM_UP_BATCHES = 40;
const STORE = 'sto_00000000000000000000000001';

const Answer = v.object({ held: v.number(), refused: v.unknown() });

export interface BatchRates {
  readonly hotPerS: Spread;
  /** Over a hundred SKUs. */
  readonly spreadPerS: Spread;
}

/** Durable holds a second that the store object makes of calls with many at once, from a Worker beside it. */
export async function measureBatches(
  folder: string,
  { seconds, rounds }: { readonly seconds: number; readonly rounds: number },
): Promise<BatchRates> {
  const { origin, stop } = await startBatchHost(folder);
  try {
    const hot = ['HOT-1'];
    const many = Array.from({ length: 100 }, (_, index) => `SKU-${index + 1}`);
    const wire = await Wire.open(origin);
    const prepared = await wire.send(
      batchRequest('/prepare', { store: STORE, skus: [...hot, ...many], notes: STOCK_NOTES }),
    );
    wire.close();
    if (prepared.status !== 200) throw new Error(`the store could not be prepared: ${prepared.body}`);
    let from = 1;
    async function window(skus: readonly string[], lasts: (batches: number) => boolean): Promise<number> {
      let held = 0;
      let batches = 0;
      const startMs = performance.now();
      await closedLoop({
        origin,
        connections: CALLS_AT_A_TIME,
        next: () => {
          if (!lasts(batches)) return undefined;
          batches += 1;
          from += BATCH;
          return {
            asked: null,
            request: batchRequest('/hold', { store: STORE, skus, from, size: BATCH, forMs: HELD_FOR_MS }),
          };
        },
        onAnswer: (_, { status, body }) => {
          const answer = status === 200 ? v.parse(Answer, JSON.parse(body)) : { held: 0, refused: body };
          if (answer.held < BATCH) throw new Error(`a batch was refused: ${JSON.stringify(answer.refused)}`);
          held += answer.held;
        },
      });
      return held / ((performance.now() - startMs) / 1_000);
    }
    await window(hot, (batches) => batches < WARM_UP_BATCHES);
    const hotPerS: number[] = [];
    const spreadPerS: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const ends = [performance.now() + seconds * 1_000, performance.now() + 2 * seconds * 1_000];
      hotPerS.push(await window(hot, () => performance.now() < (ends[0] ?? 0)));
      spreadPerS.push(await window(many, () => performance.now() < (ends[1] ?? 0)));
    }
    return { hotPerS: known(spread(hotPerS)), spreadPerS: known(spread(spreadPerS)) };
  } finally {
    await stop();
  }
}

function known(value: Spread | null): Spread {
  if (value === null) throw new Error('no round was measured');
  return value;
}
