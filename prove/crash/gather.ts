import { setTimeout as sleep } from 'node:timers/promises';
import { HoldAnswer } from '../../contracts/http/holds.ts';
import { OrderView } from '../../contracts/http/orders.ts';
import { TransferAnswer } from '../../contracts/http/transfers.ts';
import { auditStore } from '../../scripts/client/admin.ts';
import { ApiProblem } from '../../scripts/client/api-problem.ts';
import type { Operator } from '../../scripts/client/operator.ts';
import { entriesOf, outcomeOf, type Entry } from './client-ledger.ts';
import { UNFINISHED, type FoundTransfers } from './judge-goods.ts';
import type { FoundHold, HoldEvidence } from './judge-holds.ts';
import { requestOf } from './operation.ts';

/** Questions at the same time. */
const QUESTIONS = 16;
/** Messages between objects are on their way again well within this after a restart. */
const SETTLED_MAX_MS = 60_000;
const POLL_MS = 250;

/** Every hold that clients know by its id, and the sums of their stores. */
export async function gatherHolds(operator: Operator, entries: readonly Entry[]): Promise<HoldEvidence> {
  const holds = entriesOf(entries, 'hold').map(({ operation }) => operation);
  const storeIds = [...new Set(holds.map(({ storeId }) => storeId))];
  const before = await heldUnitsOf(operator, storeIds);
  const nowMs = Date.now();
  const found = new Map<string, FoundHold>();
  await eachOf(holds, async ({ storeId, holdId }) => {
    found.set(holdId, await findHold(operator, storeId, holdId));
  });
  const after = await heldUnitsOf(operator, storeIds);
  const heldUnits = storeIds.map((storeId, at) => [storeId, [before[at] ?? 0, after[at] ?? 0]] as const);
  return { entries, found, heldUnits: new Map(heldUnits), nowMs };
}

/** Every transfer that left, as its origin has it, once those that were unloaded or called back have come to an end. */
export async function gatherTransfers(operator: Operator, entries: readonly Entry[]): Promise<FoundTransfers> {
  const moved = new Set(
    [...entriesOf(entries, 'unload'), ...entriesOf(entries, 'callBack')].map(({ operation }) => operation.transferId),
  );
  const found = new Map<string, TransferOf>();
  const sent = entriesOf(entries, 'send').filter((entry) => outcomeOf(entry)?.ok === true);
  const until = performance.now() + SETTLED_MAX_MS;
  await eachOf(sent, async ({ operation }) => {
    for (;;) {
      // The same number with the same goods is the same transfer: sent again, it only tells how it is.
      const van = await operator.call(requestOf(operation), TransferAnswer);
      found.set(operation.key, van);
      const isUnderWay = van.status === 'IN_TRANSIT' || van.status === 'CANCELLING';
      if (!isUnderWay || !moved.has(operation.key) || performance.now() > until) return;
      await sleep(POLL_MS);
    }
  });
  return found;
}

type TransferOf = FoundTransfers extends ReadonlyMap<string, infer Van> ? Van : never;

/** Every order that was acknowledged, by its operation's key, packed or cancelled if it comes to that within a minute. */
export async function gatherOrders(
  operator: Operator,
  entries: readonly Entry[],
): Promise<ReadonlyMap<string, OrderView>> {
  const found = new Map<string, OrderView>();
  const until = performance.now() + SETTLED_MAX_MS;
  await eachOf(entriesOf(entries, 'order'), async (entry) => {
    const outcome = outcomeOf(entry);
    if (outcome?.ok !== true) return;
    for (;;) {
      const order = await unlessAbsent(
        operator.call({ method: 'GET', path: `/api/v1/orders/${outcome.body.id}` }, OrderView),
      );
      if (order === null) return;
      found.set(entry.operation.key, order);
      if (!UNFINISHED.includes(order.status) || performance.now() > until) return;
      await sleep(POLL_MS);
    }
  });
  return found;
}

export function findHold(operator: Operator, storeId: string, holdId: string): Promise<FoundHold> {
  return unlessAbsent(operator.call({ method: 'GET', path: `/api/v1/stores/${storeId}/holds/${holdId}` }, HoldAnswer));
}

function heldUnitsOf(operator: Operator, storeIds: readonly string[]): Promise<readonly number[]> {
  return Promise.all(storeIds.map(async (storeId) => (await auditStore(operator, storeId)).totals.held));
}

async function unlessAbsent<T>(question: Promise<T>): Promise<T | null> {
  try {
    return await question;
  } catch (cause) {
    if (cause instanceof ApiProblem && cause.status === 404) return null;
    throw cause;
  }
}

async function eachOf<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  async function worker(): Promise<void> {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await work(one);
  }
  await Promise.all(Array.from({ length: QUESTIONS }, worker));
}
