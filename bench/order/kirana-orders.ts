import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LatLng } from '../../domain/shared/geo.ts';
import { openingStock } from '../../db/seed/assortment.ts';
import { DEMO_PLACES, DEMO_STORES } from '../../db/seed/network.ts';
import { auditStore, keepOpen, promiseAnything, receiveStock } from '../../scripts/client/admin.ts';
import { bootSystem, type PrivateSystem } from '../../scripts/demo/private-system.ts';
import { SessionView } from '../../contracts/http/users.ts';
import { readBody, send } from '../../scripts/client/http.ts';
import { hold } from '../../scripts/start/held-parts.ts';
import { endProcess, readRecord } from '../../scripts/start/process-record.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import { STREAMS } from '../../scripts/start/streams-part.ts';
import { WORKERD } from '../../scripts/start/worker-part.ts';
import { UNITS, type OrderContender } from './contender.ts';

/** Accounts that the connections share: signing up costs a tenth of a second of processor each. */
const CUSTOMERS = 8;
const STREAMS_GRACE_MS = 5_000;
const DRAIN_MAX_MS = 180_000;
const POLL_MS = 200;

/**
 * A private system whose stores have more than can be sold and whose floors nobody works on. With `publishing` off the log is away:
 * events stay in the objects' outboxes, as those of a peer do.
 */
export async function kiranaOrders(
  { publishing }: { readonly publishing: boolean },
  say: (line: string) => void,
): Promise<OrderContender> {
  const booted = await bootSystem({}, () => {});
  if (!booted.ok) throw new Error(booted.error);
  const system = booted.value;
  const { url, operator } = system;
  const state = stateFolder(system.stateFolder);
  const { places, stores } = await stockUp(system, say);
  const customers = await Promise.all(Array.from({ length: CUSTOMERS }, (_, index) => accessToken(url, index)));
  async function available(): Promise<number> {
    const audits = await Promise.all([...stores].map((storeId) => auditStore(operator, storeId)));
    return audits.reduce((sum, { totals }) => sum + totals.available, 0);
  }
  async function settle(): Promise<void> {
    const until = performance.now() + DRAIN_MAX_MS;
    for (;;) {
      const audits = await Promise.all([...stores].map((storeId) => auditStore(operator, storeId)));
      const unpublished = audits.reduce((sum, audit) => sum + audit.unpublishedEvents, 0);
      if (unpublished === 0) return;
      if (performance.now() > until) throw new Error(`${unpublished} events are not published yet`);
      await sleep(POLL_MS);
    }
  }
  await settle();
  if (!publishing) {
    say('the log goes away');
    const streams = readRecord(state.run, STREAMS);
    hold(state, STREAMS);
    if (streams !== undefined) await endProcess(streams, STREAMS_GRACE_MS);
  }
  const opening = await available();
  const workerd = readRecord(state.run, WORKERD);
  if (workerd === undefined) throw new Error('the private system is not whole');
  return {
    name: publishing ? 'kirana' : 'kirana_log_away',
    targets: (token) =>
      customers.flatMap((authorization) =>
        places.map(({ location, sku }) => ({
          origin: url,
          authorization,
          body: JSON.stringify({
            deliverTo: location,
            lines: [{ sku, quantity: 1 }],
            payment: { method: 'sandbox', token },
          }),
        })),
      ),
    pids: [workerd.pid],
    async taken() {
      const units = opening - (await available());
      return { orders: units, units };
    },
    settle: publishing ? settle : () => Promise.resolve(),
    stop: system.stop,
  };
}

interface Market {
  readonly places: readonly { readonly location: LatLng; readonly sku: string }[];
  readonly stores: ReadonlySet<string>;
}

/** Any store in reach may be chosen: each gets enough of what is ordered there, and promises whatever it needs. */
async function stockUp({ operator }: PrivateSystem, say: (line: string) => void): Promise<Market> {
  const places = DEMO_PLACES.flatMap(({ location, stores: inReach }) => {
    const reached = DEMO_STORES.filter(({ key }) => inReach.includes(key));
    const [sku] = reached.map(({ id }) => openingStock(id)[0]?.sku);
    return sku === undefined ? [] : [{ location, sku, storeIds: reached.map(({ id }) => id) }];
  });
  const stores = new Set(places.flatMap(({ storeIds }) => storeIds));
  say(`${places.length} places, ${stores.size} stores, ${CUSTOMERS} customers`);
  for (const storeId of stores) {
    const skus = new Set(places.filter(({ storeIds }) => storeIds.includes(storeId)).map(({ sku }) => sku));
    const lines = [...skus].map((sku) => ({ sku, quantity: UNITS }));
    // oxlint-disable-next-line no-await-in-loop -- a handful of stores, once
    await receiveStock(operator, storeId, { receiptId: 'bench-order', lines });
    // oxlint-disable-next-line no-await-in-loop -- nobody picks here
    await keepOpen(operator, storeId);
  }
  for (const cityId of new Set(DEMO_STORES.map(({ city }) => city.id))) {
    // oxlint-disable-next-line no-await-in-loop -- two cities, once
    await promiseAnything(operator, cityId);
  }
  return { places, stores };
}

async function accessToken(url: string, index: number): Promise<string> {
  const phone = `+91555100${String(index).padStart(4, '0')}`;
  const body = { phone, password: randomUUID(), name: `Bench customer ${index + 1}`, deviceId: 'bench-order' };
  const response = await send(url, { method: 'POST', path: '/api/v1/users/register', body });
  const view = await readBody('POST register', response, SessionView);
  return `Bearer ${view.accessToken}`;
}
