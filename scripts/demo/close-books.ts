import { DEMO_STORES, type DemoStore } from '../../db/seed/network.ts';
import { auditStore } from '../client/admin.ts';
import type { StreamsStatus } from '../client/streams.ts';
import type { OrderOutcome } from './customer.ts';
import {
  copyOf,
  missingMovements,
  missingSteps,
  settledBooks,
  settledStreams,
  type StoreBooks,
} from './postgres-copies.ts';
import { oversoldUnits, type Totals } from './ledger.ts';
import { awaitClosedRows, type OrderRow } from './order-rows.ts';
import type { DemoSystem } from './system.ts';
import type { Timeline } from './timeline.ts';

/** Everything is written when the last bag is at its door, except in Postgres: a copy may come later, and not much. */
const CATCH_UP_MAX_MS = 120_000;

/** The sums of every store of a city before anything is sold. */
export async function openBooks({ operator }: DemoSystem, { city }: DemoStore): Promise<ReadonlyMap<string, Totals>> {
  const stores = DEMO_STORES.filter((store) => store.city.id === city.id);
  return new Map(
    await Promise.all(stores.map(async ({ id }) => [id, (await auditStore(operator, id)).totals] as const)),
  );
}

export interface Closing {
  readonly rows: readonly OrderRow[];
  readonly books: ReadonlyMap<string, StoreBooks>;
  readonly oversoldUnits: number;
  readonly missingEvents: number;
  readonly strandedEvents: number;
  readonly troubles: readonly string[];
}

export interface ClosingInput {
  readonly system: DemoSystem;
  readonly before: ReadonlyMap<string, Totals>;
  readonly outcomes: readonly OrderOutcome[];
  /** Nobody else buys here. */
  readonly alone: boolean;
  readonly timeline: Timeline;
}

/** Holds ledgers, orders and their copies against each other, once the copies have caught up. */
export async function closeBooks({ system, before, outcomes, alone, timeline }: ClosingInput): Promise<Closing> {
  const deadlineAtMs = performance.now() + CATCH_UP_MAX_MS;
  timeline.say('read models', 'waiting for Postgres to have it all');
  const rows = await readAllRows(outcomes, deadlineAtMs);
  const books = await closeStores(system, outcomes, deadlineAtMs);
  const streams = await settledStreams(system, deadlineAtMs);
  const steps = await Promise.all(
    outcomes.map(async ({ order }) => (order === null ? 0 : missingSteps(order, await copyOf(system, order.id)))),
  );
  const gaps: Gaps = {
    steps: sum(steps),
    movements: sum([...books.values()].map(missingMovements)),
    unpublished: sum([...books.values()].map(({ audit }) => audit.unpublishedEvents)),
  };
  return {
    rows,
    books,
    oversoldUnits: sum([...books].map(([id, { audit }]) => oversold(id, audit))),
    missingEvents: gaps.steps + gaps.movements,
    strandedEvents: gaps.unpublished + (streams?.deadLetters ?? 0),
    troubles: troublesOf(gaps, streams),
  };

  function oversold(storeId: string, audit: StoreBooks['audit']): number {
    const opening = before.get(storeId);
    return opening === undefined ? 0 : oversoldUnits(opening, audit, deliveredUnits(outcomes, storeId), alone);
  }
}

interface Gaps {
  readonly steps: number;
  readonly movements: number;
  readonly unpublished: number;
}

/** What is missing, where, and what to look at. */
function troublesOf({ steps, movements, unpublished }: Gaps, streams: StreamsStatus | null): string[] {
  const groups = (streams?.groups ?? []).filter(({ lag }) => lag !== 0);
  return [
    ...(steps > 0 ? [`${steps} steps of orders are not in Postgres.`] : []),
    ...(movements > 0 ? [`${movements} movements of stock are not in Postgres.`] : []),
    ...(unpublished > 0
      ? [`${unpublished} events wait in the stores’ outboxes: GET /readyz says whether the log is up.`]
      : []),
    ...(streams === null ? ['The streams process does not answer: logs/streams.log.'] : []),
    ...groups.map(({ group, lag }) => `${group} is ${lag ?? 'an unknown number of'} records behind: logs/streams.log.`),
    ...((streams?.deadLetters ?? 0) > 0
      ? [`${streams?.deadLetters} records wait for a person: GET /streams/status.`]
      : []),
  ];
}

/** Each customer asks for their own. */
async function readAllRows(outcomes: readonly OrderOutcome[], deadlineAtMs: number): Promise<OrderRow[]> {
  const byCustomer = Map.groupBy(
    outcomes.filter(({ order }) => order?.status === 'CLOSED'),
    ({ customer }) => customer,
  );
  const rows = await Promise.all(
    [...byCustomer].map(([customer, theirs]) =>
      awaitClosedRows(
        customer.session,
        theirs.flatMap(({ order }) => order?.id ?? []),
        deadlineAtMs,
      ),
    ),
  );
  return rows.flat();
}

async function closeStores(
  system: DemoSystem,
  outcomes: readonly OrderOutcome[],
  deadlineAtMs: number,
): Promise<Map<string, StoreBooks>> {
  const storeIds = new Set(outcomes.flatMap(({ order }) => order?.storeId ?? []));
  return new Map(
    await Promise.all([...storeIds].map(async (id) => [id, await settledBooks(system, id, deadlineAtMs)] as const)),
  );
}

/** Units that left the store for good: handed over, whether or not they reached the door. */
function deliveredUnits(outcomes: readonly OrderOutcome[], storeId: string): number {
  const left = ['PICKED_UP', 'IN_TRANSIT', 'DELIVERED', 'CLOSED'];
  return sum(
    outcomes
      .filter(({ order }) => order?.storeId === storeId && left.includes(order.status))
      .flatMap(({ order }) => order?.lines.map(({ pickedQuantity }) => pickedQuantity ?? 0) ?? []),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
