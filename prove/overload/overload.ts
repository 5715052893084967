import { readFileSync } from 'node:fs';
import { onPrivateSystem } from '../../bench/system.ts';
import { auditStore } from '../../scripts/client/admin.ts';
import type { PrivateSystem } from '../../scripts/demo/private-system.ts';
import type { Proof, ProofResult } from '../proof.ts';
import { admittedBoundMs, judgeOverload, type OverloadEvidence } from './judge.ts';
import { closedLoad, openLoad, type Served } from './offered-load.ts';
import { openShop, type Shop } from './shop.ts';

/**
 * What a platform's front lets through to one process at once; who finds no connection free waits at his own end, and then gives
 * up. workerd by itself is no such front: it goes on reading from those whom it has just answered, and of a thousand connections
 * most starve, also for a constant answer.
 */
const CONNECTIONS = 128;
const PATIENCE_MS = 1_000;
/** Clients that ask again as soon as they are answered: the more of two tries is the most that it does. */
const CLOSED_CONNECTIONS = [64, CONNECTIONS];
const STEPS = [1, 3];
const TENFOLD = 10;
const WARM_UP_S = 3;
const WINDOW_MIN_S = 3;
/** No hold of a run may expire before it ends: the longest lasts 15 minutes. */
const LOOKS_MAX_S = 300;
const PROBLEMS_TOLD = 10;

export const overload: Proof = {
  name: 'overload',
  what: 'ten times the holds that a store can do: it goes on at its pace, refuses the rest in time, and recovers by itself',
  run: ({ seconds }, say) => onPrivateSystem(say, (system) => overrun(system, Math.min(seconds, LOOKS_MAX_S), say)),
};

async function overrun(system: PrivateSystem, seconds: number, say: (line: string) => void): Promise<ProofResult> {
  const shop = await openShop(system);
  const windowS = Math.max(WINDOW_MIN_S, Math.round(seconds / 5));
  const tenfoldS = Math.max(WINDOW_MIN_S, Math.round(seconds / 2));
  const generator = await measureGenerator(shop, windowS);
  say('as much as it can');
  const closed = await mostOf(shop, windowS);
  const maxPerS = Math.max(...closed.map(({ goodPerS }) => goodPerS));
  const rssBefore = rssMb(shop.workerdPid);
  const before = await auditStore(system.operator, shop.storeId);
  function offer(times: number, runS: number): Promise<Served> {
    say(`${times} times that`);
    const load = { perS: times * maxPerS, seconds: runS, connections: CONNECTIONS, patienceMs: PATIENCE_MS };
    return openLoad(system.url, { ...load, request: shop.holdRequest });
  }
  const asked = shop.asked();
  const ramp: Served[] = [];
  for (const times of STEPS) ramp.push(await offer(times, windowS));
  const atTenfold = await offer(TENFOLD, tenfoldS);
  const after = await offer(0.5, 2 * windowS);
  const { totals, discrepancies } = await auditStore(system.operator, shop.storeId);
  const evidence: OverloadEvidence = {
    maxPerS,
    connections: CONNECTIONS,
    atTenfold,
    after,
    rssMb: { before: rssBefore, after: rssMb(shop.workerdPid) },
    heldUnits: totals.held - before.totals.held,
    acknowledged: [...ramp, atTenfold, after].reduce((sum, { good }) => sum + good, 0),
    sent: shop.asked() - asked,
    discrepancies: discrepancies.length,
  };
  const problems = judgeOverload(evidence);
  return {
    cases: evidence.sent,
    violations: problems.length,
    ...(problems.length === 0 ? {} : { counterexample: problems.slice(0, PROBLEMS_TOLD).join('\n') }),
    figures: { ...generator, ...figuresOf(evidence), goodput_per_s_at_3x: Math.round(ramp.at(-1)?.goodPerS ?? 0) },
  };
}

/** What the generator costs itself, so that what it cannot send is not taken for what the store cannot serve. */
async function measureGenerator({ system, helloRequest }: Shop, seconds: number): Promise<Record<string, number>> {
  const before = process.cpuUsage();
  const [connections = 1] = CLOSED_CONNECTIONS;
  const hello = await closedLoad(system.url, { connections, seconds, request: helloRequest });
  const { user, system: kernel } = process.cpuUsage(before);
  return {
    hello_per_s: Math.round(hello.goodPerS),
    generator_could_send_per_s: Math.round((hello.good * 1e6) / (user + kernel)),
  };
}

async function mostOf({ system, holdRequest }: Shop, seconds: number): Promise<readonly Served[]> {
  const [first = 1] = CLOSED_CONNECTIONS;
  await closedLoad(system.url, { connections: first, seconds: WARM_UP_S, request: holdRequest });
  const served: Served[] = [];
  for (const connections of CLOSED_CONNECTIONS) {
    served.push(await closedLoad(system.url, { connections, seconds, request: holdRequest }));
  }
  return served;
}

function figuresOf(evidence: OverloadEvidence): Record<string, number> {
  const { maxPerS, connections, atTenfold, after, rssMb: rss } = evidence;
  return {
    max_per_s: Math.round(maxPerS),
    connections,
    goodput_per_s_at_10x: Math.round(atTenfold.goodPerS),
    goodput_share_at_10x: Number((atTenfold.goodPerS / maxPerS).toFixed(2)),
    admitted_p50_ms_at_10x: Math.round(atTenfold.p50Ms),
    admitted_p99_ms_at_10x: Math.round(atTenfold.p99Ms),
    admitted_p99_bound_ms: admittedBoundMs(evidence),
    refused_at_10x: atTenfold.refused,
    given_up_unsent_at_10x: atTenfold.givenUp,
    goodput_share_of_half_load_after: Number((after.goodPerS / after.offeredPerS).toFixed(2)),
    p99_ms_at_half_load_after: Math.round(after.p99Ms),
    workerd_rss_mb_before: rss.before,
    workerd_rss_mb_after: rss.after,
  };
}

/** Resident memory; 0 where there is no `/proc`. */
function rssMb(pid: number): number {
  try {
    const kb = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    return Math.round(kb / 1_024);
  } catch {
    return 0;
  }
}
