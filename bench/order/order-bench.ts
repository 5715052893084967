import { rmSync } from 'node:fs';
import { percentile } from '../../scripts/shared/percentile.ts';
import type { Bench, BenchSettings, Figures, Tell } from '../bench.ts';
import { closedLoop } from '../hold/method/closed-loop.ts';
import { countFsyncs, hasStrace } from '../hold/method/fsync-count.ts';
import { openLoop } from '../hold/method/open-loop.ts';
import { ratioSpread, spread } from '../hold/method/ratios.ts';
import { makeRunFolder } from '../hold/run-folder.ts';
import { rounded } from '../rate-figures.ts';
import type { OrderContender } from './contender.ts';
import { kiranaOrders } from './kirana-orders.ts';
import { placeRequest } from './order-requests.ts';
import { postgresOrders } from './postgres-orders.ts';
import { FAST_TOKEN, SLOW_TOKEN } from './provider.ts';

/** At the same time, with a provider that answers at once: more only wait for each other. */
const CLIENTS = 16;
/** Enough to keep two processors busy while each order waits for its provider. */
const CLIENTS_OF_SLOW_PROVIDER = 64;
const HALF = 0.5;
const TRACED_S = 3;

/**
 * Placing an order end to end: priced, held, authorized and given to its store, over HTTP. Both sides do it with durable books; a
 * peer keeps all in one database, Kirana an object for each order.
 */
export const orderBench: Bench = {
  name: 'order',
  what: 'placing orders end to end against the same flow on Postgres',
  seconds: 5,
  goals: [
    { name: 'orders_per_s', wanted: 80 },
    { name: 'fsyncs_per_order', wanted: 16, isMost: true },
    { name: 'own_p99_ms', wanted: 50, isMost: true },
    { name: 'vs_postgres_flow', wanted: null },
  ],
  async run(settings, say, tell) {
    const folder = await makeRunFolder();
    try {
      return { ...(await compare(settings, folder, say, tell)), ...(await alone(settings, folder, say, tell)) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Round by round beside the peer, with the log away: neither publishes its outbox. */
async function compare(
  { seconds, rounds }: BenchSettings,
  folder: string,
  say: (line: string) => void,
  tell: Tell,
): Promise<Figures> {
  const ours = await kiranaOrders({ publishing: false }, say);
  const theirs = await postgresOrders(folder, say).catch(async (cause: unknown) => {
    await ours.stop();
    throw cause;
  });
  const rates = { ours: [] as number[], theirs: [] as number[] };
  try {
    for (const one of [ours, theirs]) await placeFor(one, FAST_TOKEN, CLIENTS, 1);
    for (let round = 1; round <= rounds; round += 1) {
      const [own, other] = [
        await placeFor(ours, FAST_TOKEN, CLIENTS, seconds),
        await placeFor(theirs, FAST_TOKEN, CLIENTS, seconds),
      ];
      rates.ours.push(own.perS);
      rates.theirs.push(other.perS);
      const record = { round, kirana_per_s: rounded(own.perS), postgres_flow_per_s: rounded(other.perS) };
      tell(record, `round ${round}: kirana ${record.kirana_per_s}/s, postgres flow ${record.postgres_flow_per_s}/s`);
    }
    for (const one of [ours, theirs]) await checkBooks(one);
  } finally {
    await theirs.stop();
    await ours.stop();
  }
  const ratio = ratioSpread(rates.ours, rates.theirs);
  return {
    orders_per_s_log_away: median(rates.ours),
    postgres_flow_orders_per_s: median(rates.theirs),
    vs_postgres_flow: ratio === null ? null : rounded(ratio.median),
    vs_postgres_flow_min: ratio === null ? null : rounded(ratio.min),
    vs_postgres_flow_max: ratio === null ? null : rounded(ratio.max),
  };
}

/** With everything on: events are published and read models follow during the load. */
async function alone(
  { seconds, rounds }: BenchSettings,
  folder: string,
  say: (line: string) => void,
  tell: Tell,
): Promise<Figures> {
  const kirana = await kiranaOrders({ publishing: true }, say);
  try {
    await placeFor(kirana, FAST_TOKEN, CLIENTS, 1);
    const rates: number[] = [];
    const tookMs: number[] = [];
    let shed = 0;
    for (let round = 1; round <= rounds; round += 1) {
      await kirana.settle();
      const placed = await placeFor(kirana, FAST_TOKEN, CLIENTS, seconds);
      rates.push(placed.perS);
      tookMs.push(...placed.tookMs);
      shed += placed.shed;
      tell({ round, orders_per_s: rounded(placed.perS) }, `round ${round}: ${rounded(placed.perS)} orders/s`);
    }
    const perS = median(rates) ?? 0;
    await kirana.settle();
    say(`at half of ${perS}/s`);
    const half = await atHalf(kirana, perS * HALF, seconds);
    await kirana.settle();
    say('with a provider that takes 300 ms');
    const slow = await placeFor(kirana, SLOW_TOKEN, CLIENTS_OF_SLOW_PROVIDER, seconds);
    await kirana.settle();
    const fsyncs = hasStrace() ? await fsyncsPerOrder(kirana, folder) : null;
    await checkBooks(kirana);
    return {
      orders_per_s: perS,
      p50_ms: rounded(percentile(tookMs, 50) ?? 0),
      p99_ms: rounded(percentile(tookMs, 99) ?? 0),
      shed,
      ...half,
      slow_provider_orders_per_s: rounded(slow.perS),
      slow_provider_shed: slow.shed,
      slow_provider_p50_ms: rounded(percentile(slow.tookMs, 50) ?? 0),
      slow_provider_p99_ms: rounded(percentile(slow.tookMs, 99) ?? 0),
      fsyncs_per_order: fsyncs === null ? null : rounded(fsyncs),
    };
  } finally {
    await kirana.stop();
  }
}

interface Placed {
  readonly perS: number;
  readonly tookMs: readonly number[];
  /** Turned away as too much at once. */
  readonly shed: number;
}

/** Each client orders again as soon as it is answered. One that is refused, and not for being too much, is a fault of the bench. */
async function placeFor(contender: OrderContender, token: string, clients: number, seconds: number): Promise<Placed> {
  const targets = contender.targets(token);
  const [first] = targets;
  if (first === undefined) throw new Error(`${contender.name} has nowhere to order`);
  const tookMs: number[] = [];
  const until = performance.now() + seconds * 1000;
  let count = 0;
  let shed = 0;
  await closedLoop({
    origin: first.origin,
    connections: clients,
    next: () => {
      if (performance.now() > until) return undefined;
      count += 1;
      return { asked: performance.now(), request: placeRequest(targets[count % targets.length] ?? first) };
    },
    onAnswer: (sentAtMs, { status, body }) => {
      if (status === 201) tookMs.push(performance.now() - sentAtMs);
      else if (status === 503) shed += 1;
      else throw new Error(`${contender.name} refused an order with ${status}: ${body.slice(0, 300)}`);
    },
  });
  return { perS: tookMs.length / seconds, tookMs, shed };
}

/** Sent at a fixed rate, whatever the answers do. The provider answers at once, so all of it is our own time. */
async function atHalf(contender: OrderContender, perS: number, seconds: number): Promise<Figures> {
  const targets = contender.targets(FAST_TOKEN);
  const [first] = targets;
  if (first === undefined) throw new Error(`${contender.name} has nowhere to order`);
  const { p50Ms, p99Ms, failed } = await openLoop({
    origin: first.origin,
    connections: CLIENTS_OF_SLOW_PROVIDER,
    perS,
    seconds,
    request: (count) => placeRequest(targets[count % targets.length] ?? first),
  });
  if (failed > 0) throw new Error(`${failed} orders failed at half load`);
  return { own_at_per_s: rounded(perS), own_p50_ms: rounded(p50Ms), own_p99_ms: rounded(p99Ms) };
}

/** A pass of its own: tracing slows it down, so its rate says nothing. Orders are counted by the stock that left. */
async function fsyncsPerOrder(contender: OrderContender, folder: string): Promise<number | null> {
  const before = (await contender.taken()).orders;
  const flushes = await countFsyncs(contender.pids, folder, async () => {
    await placeFor(contender, FAST_TOKEN, CLIENTS, TRACED_S);
    // What follows behind the answers belongs to the orders too.
    await contender.settle();
  });
  const orders = (await contender.taken()).orders - before;
  return orders === 0 ? null : flushes / orders;
}

/** A contender whose books are wrong would make a comparison with it worthless. */
async function checkBooks(contender: OrderContender): Promise<void> {
  const { orders, units } = await contender.taken();
  if (orders === 0 || units !== orders) throw new Error(`${contender.name}: ${orders} orders, ${units} units left`);
}

function median(values: readonly number[]): number | null {
  const of = spread(values);
  return of === null ? null : rounded(of.median);
}
