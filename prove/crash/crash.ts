import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onPrivateSystem } from '../../bench/system.ts';
import { auditStore } from '../../scripts/client/admin.ts';
import { Operator } from '../../scripts/client/operator.ts';
import type { PrivateSystem } from '../../scripts/demo/private-system.ts';
import { percentile } from '../../scripts/shared/percentile.ts';
import { seededRandom } from '../../scripts/shared/seeded-random.ts';
import { CuttingProxy } from '../faults/cutting-proxy.ts';
import type { Proof, ProofResult, ProofSettings } from '../proof.ts';
import { letBrokenClientHold } from './broken-client.ts';
import { makeCast, type Cast } from './cast.ts';
import { ClientLedger, entriesOf, outcomeOf, readLedger, type Entry } from './client-ledger.ts';
import { endure } from './endure.ts';
import { CrashFloor } from './floor.ts';
import { gatherHolds, gatherOrders, gatherTransfers } from './gather.ts';
import { judgeOrders, judgeStock, judgeTransfers, type StoreEvidence } from './judge-goods.ts';
import { judgeHolds } from './judge-holds.ts';
import { watchQuietHolds } from './quiet-holds.ts';
import { SHORT_S, Storm } from './storm.ts';

const CONTROL_CUT_EVERY = 4;
/** After the time of the last short hold: then they are looked at. */
const EXPIRED_BY_MS = 2_000;
const TOLD_VIOLATIONS = 10;

export const crash: Proof = {
  name: 'crash',
  what: 'kill -9, a frozen process and cut replies in a storm of holds, transfers and orders: nothing acknowledged is lost, half done or done twice',
  run: (settings, say) =>
    onPrivateSystem(say, async (system) => {
      const folder = mkdtempSync(join(tmpdir(), 'kirana-crash-'));
      const wire = await CuttingProxy.open(system.url, 0);
      try {
        return await withstand({ system, wire, folder, settings, say });
      } finally {
        await wire.close();
        rmSync(folder, { recursive: true, force: true });
      }
    }),
};

interface Scene {
  readonly system: PrivateSystem;
  readonly wire: CuttingProxy;
  readonly folder: string;
  readonly settings: ProofSettings;
  readonly say: (line: string) => void;
}

async function withstand({ system, wire, folder, settings: { seed, seconds }, say }: Scene): Promise<ProofResult> {
  const { operator } = system;
  const random = seededRandom(seed);
  const cast = await makeCast(system, wire.origin);
  const openingUnits = await receivedUnits(operator, cast);
  const quiet = await watchQuietHolds(new Operator(system.url, cast.channelKey), operator, cast);
  const floor = await CrashFloor.open(cast.store, wire.origin);
  const ledger = new ClientLedger(join(folder, 'ledger.jsonl'));
  const storm = new Storm({ cast, ledger, random });
  const endured = await endure({ system, wire, cast, storm, random, seconds, say });
  const { replies, cuts } = wire;
  const entries = readLedger(ledger.path);
  say(`${entries.length} operations are held against what is there`);
  const problems = await judge(operator, cast, entries, openingUnits);
  await floor.close();
  const { problems: quietProblems, freedWithinMs } = await quiet.over;
  const violations = [...problems, ...quietProblems];
  say('a client that forgets its keys');
  wire.cutEvery = CONTROL_CUT_EVERY;
  const seen = await letBrokenClientHold(cast, operator, new ClientLedger(join(folder, 'control.jsonl')));
  const kills = endured.backAfterMs.length;
  return {
    cases: kills + cuts + 1,
    violations: violations.length,
    controlViolations: seen.length,
    ...(violations.length === 0 ? {} : { counterexample: violations.slice(0, TOLD_VIOLATIONS).join('\n') }),
    figures: {
      kills,
      back_after_kill_p50_ms: Math.round(percentile(endured.backAfterMs, 50) ?? 0),
      back_after_kill_p99_ms: Math.round(percentile(endured.backAfterMs, 99) ?? 0),
      replies,
      cut_replies: cuts,
      frozen_s: endured.frozenMs / 1_000,
      storm_s: Math.round(endured.stormMs / 1_000),
      ...count(entries),
      undecided: endured.undecided,
      tablet_reconnects: floor.reconnects,
      quiet_holds_freed_within_ms: freedWithinMs,
    },
  };
}

async function judge(
  operator: Operator,
  cast: Cast,
  entries: readonly Entry[],
  openingUnits: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const orders = await gatherOrders(operator, entries);
  const transfers = await gatherTransfers(operator, entries);
  await sleep(Math.max(0, lastShortHoldMs(entries) + EXPIRED_BY_MS - Date.now()));
  const holds = await gatherHolds(operator, entries);
  const stores: StoreEvidence[] = [];
  for (const [storeId, units] of openingUnits) {
    stores.push({ storeId, openingUnits: units, audit: await auditStore(operator, storeId) });
  }
  return [
    ...judgeHolds(holds),
    ...stores.flatMap((store) => judgeStock(entries, store)),
    ...judgeTransfers(entries, transfers, stores),
    ...stores.flatMap((store) => (store.storeId === cast.store.id ? judgeOrders(entries, orders, store) : [])),
  ];
}

async function receivedUnits(operator: Operator, { store, otherStore }: Cast): Promise<ReadonlyMap<string, number>> {
  const units = new Map<string, number>();
  for (const { id } of [store, otherStore]) units.set(id, (await auditStore(operator, id)).totals.received);
  return units;
}

/** When the last one that expires soon is over. */
function lastShortHoldMs(entries: readonly Entry[]): number {
  const ends = entriesOf(entries, 'hold').flatMap(({ operation, answers }) =>
    operation.forS === SHORT_S
      ? answers.flatMap((answer) =>
          answer.ok && answer.body.expiresAt !== null ? [Date.parse(answer.body.expiresAt)] : [],
        )
      : [],
  );
  return Math.max(0, ...ends);
}

function count(entries: readonly Entry[]): Record<string, number> {
  const done = entries.filter((entry) => outcomeOf(entry)?.ok === true).length;
  const holds = entriesOf(entries, 'hold');
  return {
    operations: entries.length,
    done,
    asked_again: entries.filter(({ sent }) => sent > 1).length,
    holds: holds.length,
    short_holds: holds.filter(({ operation }) => operation.forS === SHORT_S).length,
    releases: entriesOf(entries, 'release').length,
    receipts: entriesOf(entries, 'receive').length,
    transfers: entriesOf(entries, 'send').length,
    orders: entriesOf(entries, 'order').length,
    ...troubles(entries),
  };
}

/** What clients got in the place of an answer. */
function troubles(entries: readonly Entry[]): Record<string, number> {
  const met = Map.groupBy(
    entries.flatMap((entry) => entry.troubles),
    (trouble) => trouble.toLowerCase(),
  );
  return Object.fromEntries([...met].map(([trouble, times]) => [`met_${trouble}`, times.length]));
}
