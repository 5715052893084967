import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderView } from '../../contracts/http/orders.ts';
import type { OrderReadModel, StockReadModel } from '../../contracts/http/read-models.ts';
import { auditStore, readOrderModel, readStockModel } from '../client/admin.ts';
import { ApiProblem } from '../client/api-problem.ts';
import { readStreamsStatus, type StreamsStatus } from '../client/streams.ts';
import type { Audit } from './ledger.ts';
import type { DemoSystem } from './system.ts';

const LOOK_EVERY_MS = 500;

/** A store's ledger and what Postgres has of it. */
export interface StoreBooks {
  readonly audit: Audit;
  readonly copy: StockReadModel;
}

/** Looks until the copy has caught up with the ledger and nothing waits in the outbox, at most until the deadline. */
export async function settledBooks(
  { operator }: DemoSystem,
  storeId: string,
  deadlineAtMs: number,
): Promise<StoreBooks> {
  for (;;) {
    const audit = await auditStore(operator, storeId);
    const copy = await readStockModel(operator, storeId);
    const settled = audit.unpublishedEvents === 0 && missingMovements({ audit, copy }) === 0;
    if (settled || performance.now() >= deadlineAtMs) return { audit, copy };
    await sleep(LOOK_EVERY_MS);
  }
}

export function missingMovements({ audit, copy }: StoreBooks): number {
  return Math.max(0, audit.movements - copy.movements);
}

/** What Postgres has of an order; null when it has none. */
export async function copyOf({ operator }: DemoSystem, orderId: string): Promise<OrderReadModel | null> {
  try {
    return await readOrderModel(operator, orderId);
  } catch (cause) {
    if (cause instanceof ApiProblem && cause.code === 'NOT_FOUND') return null;
    throw cause;
  }
}

/**
 * Steps of the order's own history that its copy does not have, or has as something else. By status and moment: the order counts what
 * its watchers are told, the copy what its topic says.
 */
export function missingSteps(order: Pick<OrderView, 'history'>, copy: Pick<OrderReadModel, 'history'> | null): number {
  const known = new Set((copy?.history ?? []).map(({ status, at }) => `${status} ${at}`));
  return order.history.filter(({ status, at }) => !known.has(`${status} ${at}`)).length;
}

/** The streams once every group has worked off what the log has, or as they are at the deadline; null without an answer. */
export async function settledStreams(
  { gatewayUrl, gatewayToken }: DemoSystem,
  deadlineAtMs: number,
): Promise<StreamsStatus | null> {
  for (;;) {
    const status = await readStreamsStatus(gatewayUrl, gatewayToken).catch(() => null);
    const caughtUp = status !== null && status.groups.every(({ lag }) => lag === 0);
    if (caughtUp || performance.now() >= deadlineAtMs) return status;
    await sleep(LOOK_EVERY_MS);
  }
}
