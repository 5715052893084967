import { setTimeout as sleep } from 'node:timers/promises';
import { ASSORTMENT_ROWS_MAX } from '../../../contracts/http/admin.ts';
import { DEMO_STORES } from '../../../db/seed/network.ts';
import { auditStore, publishCatalog, putAssortment } from '../../../scripts/client/admin.ts';
import type { Operator } from '../../../scripts/client/operator.ts';
import { bootSystem, type PrivateSystem } from '../../../scripts/demo/private-system.ts';
import { hold } from '../../../scripts/start/held-parts.ts';
import { endProcess, readRecord } from '../../../scripts/start/process-record.ts';
import { readSecrets } from '../../../scripts/start/secrets.ts';
import { stateFolder } from '../../../scripts/start/state-folder.ts';
import { STREAMS } from '../../../scripts/start/streams-part.ts';
import { SUPERVISOR } from '../../../scripts/start/supervisor-lock.ts';
import { WORKER, WORKERD } from '../../../scripts/start/worker-part.ts';
import type { Contender, ContenderRun, RunningContender } from './contender.ts';

const STREAMS_GRACE_MS = 5_000;
const DRAIN_MAX_MS = 120_000;
const POLL_MS = 200;

/** The log is away: events stay in the object's outbox, as the rows of the others do, which nobody publishes. */
export const kirana: Contender = {
  name: 'kirana',
  what: 'Kirana; events wait in its outbox, as those of the others do',
  durability: 'group fsync',
  start: (run) => startKirana(run, { publishing: false }),
};

export const kiranaPublishing: Contender = {
  name: 'kirana_publishing',
  what: 'Kirana with everything on: events are published and read models follow during the load',
  durability: 'group fsync',
  start: (run) => startKirana(run, { publishing: true }),
};

async function startKirana(
  { say }: ContenderRun,
  { publishing }: { readonly publishing: boolean },
): Promise<RunningContender> {
  const booted = await bootSystem({}, () => {});
  if (!booted.ok) throw new Error(booted.error);
  const system = booted.value;
  const state = stateFolder(system.stateFolder);
  const secrets = readSecrets(state);
  const store = DEMO_STORES[0];
  const supervisor = readRecord(state.run, SUPERVISOR);
  if (!secrets.ok || store === undefined || supervisor === undefined)
    throw new Error('the private system is not whole');
  const { operatorKey, channelKey } = secrets.value;
  return {
    origin: system.url,
    storeId: store.id,
    authorization: `Bearer ${channelKey}`,
    operatorAuthorization: `Bearer ${operatorKey}`,
    // Everything it consists of descends from its supervisor: a database that idles costs it nothing.
    pids: [supervisor.pid],
    async list(skus) {
      await listSkus(system, store.id, store.city.currency, skus);
      await drained(system.operator, store.id);
      if (publishing) return;
      say('the log goes away');
      const streams = readRecord(state.run, STREAMS);
      hold(state, STREAMS);
      if (streams !== undefined) await endProcess(streams, STREAMS_GRACE_MS);
    },
    // What is still being published would load the machine while another contender is measured.
    ...(publishing ? { settle: () => drained(system.operator, store.id) } : {}),
    async kill() {
      for (const part of [WORKER, WORKERD]) {
        const record = readRecord(state.run, part);
        if (record !== undefined) await endProcess(record, 0);
      }
    },
    // Its supervisor does that.
    revive: () => Promise.resolve(),
    stop: system.stop,
  };
}

/** Articles as plain as they can be: of stock they say nothing. */
async function listSkus(
  { operator }: PrivateSystem,
  storeId: string,
  currency: string,
  skus: readonly string[],
): Promise<void> {
  for (let start = 0; start < skus.length; start += ASSORTMENT_ROWS_MAX) {
    const rows = skus.slice(start, start + ASSORTMENT_ROWS_MAX).map((sku) => ({
      sku,
      name: `Article ${sku}`,
      category: ['Bench'],
      unit: 'piece',
      size: '1 piece',
      price: { amount: 100, currency },
      mrp: { amount: 100, currency },
      bin: 'A01-1-1',
    }));
    const { rejected } = await putAssortment(operator, storeId, rows);
    if (rejected[0] !== undefined) throw new Error(`${rejected[0].sku} was rejected: ${rejected[0].reason}`);
  }
  await publishCatalog(operator, storeId);
}

async function drained(operator: Operator, storeId: string): Promise<void> {
  const until = performance.now() + DRAIN_MAX_MS;
  for (;;) {
    const { unpublishedEvents } = await auditStore(operator, storeId);
    if (unpublishedEvents === 0) return;
    if (performance.now() > until) throw new Error(`${unpublishedEvents} events are not published yet`);
    await sleep(POLL_MS);
  }
}
