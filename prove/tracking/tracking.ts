import { setTimeout as sleep } from 'node:timers/promises';
import { onPrivateSystem } from '../../bench/system.ts';
import { until } from '../../bench/tracking/until.ts';
import type { PrivateSystem } from '../../scripts/demo/private-system.ts';
import { percentile } from '../../scripts/shared/percentile.ts';
import { seededRandom } from '../../scripts/shared/seeded-random.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import { answersAgain, killWorkerd } from '../faults/worker-faults.ts';
import type { Proof, ProofResult } from '../proof.ts';
import { judgeWatcher } from './judge-watcher.ts';
import { MovingOrders } from './moving-orders.ts';
import { PollWatcher, RESUMES, StreamWatcher, watchSocket, type Watcher } from './watchers.ts';

export interface TrackingScale {
  readonly sockets: number;
  readonly orders: number;
  readonly kills: number;
}

const SCALE = { sockets: 1_000, orders: 40 };
/** From one kill to the next: long enough for most to be back, and too short for some. */
const KILL_EVERY_MS = 4_000;
const STREAMS_AN_ORDER = 2;
const POLLS_AN_ORDER = 1;
/** Opened at once. */
const OPENED_TOGETHER = 50;
const OPEN_MAX_MS = 60_000;
/** The slowest order, with a ride and a search for a courier in it. */
const ORDERS_MAX_MS = 120_000;
const CAUGHT_UP_MAX_MS = 30_000;
const TOLD_VIOLATIONS = 10;

export const tracking: Proof = {
  name: 'tracking',
  what: 'kill -9 under a thousand watchers of moving orders, over sockets, streams and polls: each is told all news, in order, once',
  run: ({ seed, seconds }, say) => {
    const kills = Math.max(1, Math.round((seconds * 1_000) / KILL_EVERY_MS));
    return onPrivateSystem(say, (system) => trackOrders(system, { ...SCALE, kills }, seed, say));
  },
};

/** The controls watch like everybody else and resume wrongly. */
type ControlName = Exclude<keyof typeof RESUMES, 'rightly'>;
const CONTROLS: readonly ControlName[] = ['behind', 'ahead', 'forgetful'];

export async function trackOrders(
  system: PrivateSystem,
  scale: TrackingScale,
  seed: number,
  say: (line: string) => void,
): Promise<ProofResult> {
  const { operator } = system;
  const random = seededRandom(seed);
  say(`${scale.orders} orders`);
  const moving = await MovingOrders.place({ operator, orders: scale.orders, seed });
  const cast = moving.ids.map((orderId) => ({ operator, orderId, random }));
  const sockets = Array.from({ length: scale.sockets }, (_, index) => {
    const options = cast[index % cast.length];
    if (options === undefined) throw new Error('there is no order to watch');
    return watchSocket(options, RESUMES.rightly);
  });
  const streams = cast.flatMap((one) => Array.from({ length: STREAMS_AN_ORDER }, () => new StreamWatcher(one)));
  const polls = cast.flatMap((one) => Array.from({ length: POLLS_AN_ORDER }, () => new PollWatcher(one)));
  const controls = CONTROLS.map((name) => ({
    name,
    watchers: cast.map((one) => watchSocket(one, RESUMES[name])),
  }));
  const watchers: readonly Watcher[] = [...sockets, ...streams, ...polls];
  const everybody = [...watchers, ...controls.flatMap((control) => control.watchers)];
  say(`${everybody.length} watchers`);
  await openAll(everybody);
  await moving.begin(scale.kills * KILL_EVERY_MS);
  const backAfterMs = await killAgainAndAgain(system, scale.kills, random, say);
  say('the orders come to their ends');
  const open = await moving.settle(ORDERS_MAX_MS);
  const news = new Map(await Promise.all(moving.ids.map(async (id) => [id, await moving.newsOf(id)] as const)));
  function problemsOf({ orderId, record }: Watcher): readonly string[] {
    return judgeWatcher(record.heard, news.get(orderId) ?? []).map((problem) => `a watcher of ${orderId} ${problem}`);
  }
  await caughtUp(watchers, (orderId) => news.get(orderId)?.length ?? 0);
  if (moving.troubles.length > 0) say(moving.troubles.join('; '));
  const violations = watchers.flatMap(problemsOf);
  const seen = controls.map((control) => ({ name: control.name, violations: control.watchers.flatMap(problemsOf) }));
  await Promise.all(everybody.map((watcher) => watcher.end()));
  await moving.goHome();
  const gapsMs = watchers.flatMap(({ record }) => record.gapsMs);
  return {
    cases: watchers.length,
    violations: violations.length,
    controlViolations: seen.every((control) => control.violations.length > 0)
      ? seen.reduce((sum, control) => sum + control.violations.length, 0)
      : 0,
    ...(violations.length === 0 ? {} : { counterexample: violations.slice(0, TOLD_VIOLATIONS).join('\n') }),
    figures: {
      sockets: sockets.length,
      streams: streams.length,
      polls: polls.length,
      orders: moving.ids.length,
      orders_still_open: open.length,
      news: [...news.values()].reduce((sum, list) => sum + list.length, 0),
      told: watchers.reduce((sum, { record }) => sum + record.heard.length, 0),
      kills: scale.kills,
      back_after_kill_p50_ms: Math.round(percentile(backAfterMs, 50) ?? 0),
      reconnects: gapsMs.length,
      reconnect_gap_p50_ms: Math.round(percentile(gapsMs, 50) ?? 0),
      reconnect_gap_p99_ms: Math.round(percentile(gapsMs, 99) ?? 0),
      ...Object.fromEntries(seen.map((control) => [`control_${control.name}_violations`, control.violations.length])),
      floor_troubles: moving.troubles.length,
    },
  };
}

/** Until each has been shown its order. */
async function openAll(watchers: readonly Watcher[]): Promise<void> {
  for (let from = 0; from < watchers.length; from += OPENED_TOGETHER) {
    const together = watchers.slice(from, from + OPENED_TOGETHER);
    for (const watcher of together) watcher.begin();
    await until(OPEN_MAX_MS, () => together.every(({ record }) => record.lastSeq !== null));
  }
}

async function killAgainAndAgain(
  { url, stateFolder: path }: PrivateSystem,
  kills: number,
  random: () => number,
  say: (line: string) => void,
): Promise<readonly number[]> {
  const state = stateFolder(path);
  const backAfterMs: number[] = [];
  while (backAfterMs.length < kills) {
    await sleep(KILL_EVERY_MS * (0.5 + random() / 2));
    await killWorkerd(state);
    backAfterMs.push(await answersAgain(`${url}/api/v1/hello`));
    say(`killed ${backAfterMs.length} of ${kills} times`);
  }
  return backAfterMs;
}

/** Until everybody has the last number, or it takes too long: then the judge says who has not. */
async function caughtUp(watchers: readonly Watcher[], headOf: (orderId: string) => number): Promise<void> {
  await until(CAUGHT_UP_MAX_MS, () =>
    watchers.every(({ orderId, record }) => (record.lastSeq ?? 0) >= headOf(orderId)),
  );
}
