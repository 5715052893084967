import { randomUUID } from 'node:crypto';
import { AvailabilityView, HoldAnswer } from '../../contracts/http/holds.ts';
import { DEMO_STORES } from '../../db/seed/network.ts';
import { openingStock } from '../../db/seed/assortment.ts';
import { channelOf } from '../../scripts/demo/channel.ts';
import { percentile } from '../../scripts/shared/percentile.ts';
import type { Figures } from '../bench.ts';
import { rounded } from '../rate-figures.ts';
import { onPrivateSystem } from '../system.ts';

const CHANGES = 200;
const SCARCE_UNITS = 50;

/** Nothing that is still not shown after this will be. */
const GIVEN_UP_MS = 5_000;

/** How long after a hold, or its release, was answered the isolate shows what is left; asked without a pause. */
export function measureVisibility(say: (line: string) => void): Promise<Figures> {
  return onPrivateSystem(say, async (system) => {
    const [store] = DEMO_STORES;
    // A shelf that is deeper than one order may take is shown as that deep.
    const scarce =
      store === undefined ? undefined : openingStock(store.id).find(({ quantity }) => quantity <= SCARCE_UNITS);
    if (store === undefined || scarce === undefined) throw new Error('the seed has no scarce SKU');
    const { sku, quantity } = scarce;
    say(`${CHANGES} changes of a shelf, each awaited at the isolate`);
    const channel = channelOf(system);
    const path = `/api/v1/stores/${store.id}`;
    /** Until the isolate shows so many, in ms. */
    async function untilShown(units: number): Promise<number> {
      const sinceMs = performance.now();
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop -- asks until it is there
        const { items } = await channel.call(
          { method: 'GET', path: `${path}/availability?skus=${sku}` },
          AvailabilityView,
        );
        const tookMs = performance.now() - sinceMs;
        if (items[0]?.available === units) return tookMs;
        if (tookMs > GIVEN_UP_MS) throw new Error(`the isolate shows ${items[0]?.available} of ${sku}, not ${units}`);
      }
    }
    const tookMs: number[] = [];
    for (let change = 0; change < CHANGES; change += 2) {
      const headers = { 'idempotency-key': randomUUID() };
      const body = { lines: [{ sku, quantity: 1 }] };
      // oxlint-disable-next-line no-await-in-loop -- one change after the other
      const { id } = await channel.call({ method: 'POST', path: `${path}/holds`, headers, body }, HoldAnswer);
      // oxlint-disable-next-line no-await-in-loop -- as above
      tookMs.push(await untilShown(quantity - 1));
      // oxlint-disable-next-line no-await-in-loop -- as above
      await channel.call({ method: 'POST', path: `${path}/holds/${id}/release` }, HoldAnswer);
      // oxlint-disable-next-line no-await-in-loop -- as above
      tookMs.push(await untilShown(quantity));
    }
    return {
      visible_p50_ms: rounded(percentile(tookMs, 50) ?? 0),
      visible_p99_ms: rounded(percentile(tookMs, 99) ?? 0),
    };
  });
}
