import type { ReadinessView } from '../contracts/http/health.ts';
import { ping } from '../db/queries/ping.ts';
import { storeStub } from '../durable/stubs.ts';
import type { EdgeEnv } from './env.ts';
import { withPostgres } from './postgres.ts';
import type { Storefront } from './storefront.ts';

/** A part that has not answered after this is down as far as customers can tell. */
const PATIENCE_MS = 1_000;
/** Asked at most this often an isolate, so that watching does not become load. */
const KEPT_MS = 1_000;

type Part = ReadinessView['parts']['log'];

const kept = new WeakMap<EdgeEnv, { readonly view: ReadinessView; readonly atMs: number }>();

/** Asks every part by itself. Orders need the snapshots and the objects; Postgres and the log may be down for hours. */
export async function readReadiness(env: EdgeEnv, storefront: Storefront): Promise<ReadinessView> {
  const before = kept.get(env);
  if (before !== undefined && Date.now() - before.atMs < KEPT_MS) return before.view;
  const [snapshots, objects, postgres, log] = await Promise.all([
    check(true, async () => (await storefront.network()).ok),
    check(true, async () => {
      const network = await storefront.network();
      const [store] = network.ok ? network.value.stores() : [];
      if (store !== undefined) await storeStub(env, store.id).load();
      return store !== undefined;
    }),
    check(false, async () => (await withPostgres(env, ping, PATIENCE_MS)).ok),
    check(false, async () => {
      const headers = { authorization: `Bearer ${env.GATEWAY_TOKEN}` };
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const response = await fetch(`${env.GATEWAY_URL}/status/ready`, { headers, signal });
      await response.body?.cancel();
      return response.ok;
    }),
  ]);
  const view = {
    ready: snapshots.state === 'up' && objects.state === 'up',
    parts: { snapshots, objects, postgres, log },
  };
  kept.set(env, { view, atMs: Date.now() });
  return view;
}

async function check(neededForOrders: boolean, isUp: () => Promise<boolean>): Promise<Part> {
  const startedAtMs = Date.now();
  const asked = isUp().catch(() => false);
  const up = await Promise.race([asked, scheduler.wait(PATIENCE_MS).then(() => false)]);
  return { state: up ? 'up' : 'down', neededForOrders, tookMs: Math.max(0, Date.now() - startedAtMs) };
}
