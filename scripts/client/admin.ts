import {
  AssortmentView,
  AuditView,
  PublishedCatalog,
  PublishedNetwork,
  ReceiptAnswer,
  type AssortmentRow,
  type ReceiptBody,
} from '../../contracts/http/admin.ts';
import { OrderReadModel, StockReadModel } from '../../contracts/http/read-models.ts';
import { LayoutView } from '../../contracts/http/layout.ts';
import { RulesView } from '../../contracts/http/rules.ts';
import { ServiceStateView } from '../../contracts/http/store-load.ts';
import type { StoreLayout } from '../../domain/picking/layout.ts';
import type * as v from 'valibot';
import type { Operator } from './operator.ts';

// The admin routes as functions. Each may be sent again: a batch that is there changes nothing, a note is received once.

export function publishNetwork(operator: Operator): Promise<v.InferOutput<typeof PublishedNetwork>> {
  return operator.call({ method: 'POST', path: '/api/v1/admin/network/publish' }, PublishedNetwork);
}

export function publishCatalog(operator: Operator, storeId: string): Promise<v.InferOutput<typeof PublishedCatalog>> {
  return operator.call({ method: 'POST', path: `/api/v1/admin/stores/${storeId}/catalog/publish` }, PublishedCatalog);
}

export function putAssortment(
  operator: Operator,
  storeId: string,
  rows: readonly AssortmentRow[],
): Promise<AssortmentView> {
  return operator.call(
    { method: 'PUT', path: `/api/v1/admin/stores/${storeId}/assortment`, body: { rows } },
    AssortmentView,
  );
}

export function receiveStock(
  operator: Operator,
  storeId: string,
  note: ReceiptBody,
): Promise<v.InferOutput<typeof ReceiptAnswer>> {
  return operator.call({ method: 'POST', path: `/api/v1/admin/stores/${storeId}/receipts`, body: note }, ReceiptAnswer);
}

/** From now on each claim gets its walk. */
export function describeFloor(operator: Operator, storeId: string, layout: StoreLayout): Promise<LayoutView> {
  return operator.call({ method: 'PUT', path: `/api/v1/stores/${storeId}/layout`, body: layout }, LayoutView);
}

/** Takes every order from now on, however long the queue: for those who measure how many there can be. */
export function keepOpen(operator: Operator, storeId: string): Promise<ServiceStateView> {
  const body = { state: 'open', reason: 'OTHER' };
  return operator.call({ method: 'PUT', path: `/api/v1/stores/${storeId}/service-state`, body }, ServiceStateView);
}

/** Promises a city's customers whatever its floors need: for the same. */
export async function promiseAnything(operator: Operator, cityId: string): Promise<void> {
  const body = { promise: { latePpmMax: 500_000, whenLate: 'widen', promiseMaxMs: WEEK_MS } };
  await operator.call({ method: 'PUT', path: `/api/v1/admin/cities/${cityId}/fulfilment`, body }, RulesView);
  await publishNetwork(operator);
}
const WEEK_MS = 7 * 86_400_000;

export function auditStore(operator: Operator, storeId: string): Promise<v.InferOutput<typeof AuditView>> {
  return operator.call({ method: 'GET', path: `/api/v1/admin/stores/${storeId}/audit` }, AuditView);
}

export function readOrderModel(operator: Operator, orderId: string): Promise<OrderReadModel> {
  return operator.call({ method: 'GET', path: `/api/v1/admin/orders/${orderId}/read-model` }, OrderReadModel);
}

export function readStockModel(operator: Operator, storeId: string): Promise<StockReadModel> {
  return operator.call({ method: 'GET', path: `/api/v1/admin/stores/${storeId}/read-model` }, StockReadModel);
}
