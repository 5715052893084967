import { Hono } from 'hono';
import * as v from 'valibot';
import { OrderReadModel, StockReadModel } from '../../contracts/http/read-models.ts';
import { refuse } from '../../contracts/problem.ts';
import { OrderIdText, StoreIdText, toTimestamp } from '../../contracts/wire.ts';
import { readOrder } from '../../db/queries/orders.ts';
import type { OrderRecord } from '../../db/queries/orders.ts';
import { sumStock } from '../../db/queries/stock-sums.ts';
import { asOrderId, asStoreId } from '../../domain/shared/ids.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { withPostgres } from '../postgres.ts';
import { problem } from '../problem.ts';
import { params } from '../validate.ts';

const access = ['operator'] as const;
const tag = 'Admin';

/** What Postgres has of the objects' facts, so that an operator can hold each copy against its owner. */
export const readModels = new Hono<AppEnv>()
  .get(
    '/orders/:orderId/read-model',
    endpoint({
      access,
      tag,
      summary: 'What the read models have of an order',
      description: 'A copy, a little behind: the order itself is `GET /api/v1/orders/{orderId}`.',
      answers: { 200: OrderReadModel },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(v.strictObject({ orderId: OrderIdText })),
    async (c) => {
      const orderId = asOrderId(c.req.valid('param').orderId);
      const found = await withPostgres(c.env, (db) => readOrder(db, orderId));
      if (!found.ok) return problem(c, found.error);
      if (found.value === undefined) return problem(c, refuse('NOT_FOUND', 'The read models have no such order yet.'));
      return c.json(toOrderReadModel(found.value), 200);
    },
  )
  .get(
    '/stores/:storeId/read-model',
    endpoint({
      access,
      tag,
      summary: 'What the read models have of a store’s ledger',
      description:
        'A copy, a little behind: the ledger itself is summed by `GET /api/v1/admin/stores/{storeId}/audit`.',
      answers: { 200: StockReadModel },
      refuses: ['INVALID_INPUT', 'UNAVAILABLE'],
    }),
    params(v.strictObject({ storeId: StoreIdText })),
    async (c) => {
      const storeId = asStoreId(c.req.valid('param').storeId);
      const summed = await withPostgres(c.env, (db) => sumStock(db, storeId));
      return summed.ok ? c.json({ storeId, ...summed.value }, 200) : problem(c, summed.error);
    },
  );

function toOrderReadModel({ order, lines, history, payment }: OrderRecord): OrderReadModel {
  return {
    id: order.id,
    number: order.orderNumber,
    status: order.status,
    version: order.version,
    lines: lines.length,
    history: history.map(({ sequence, status, changedAt }) => ({
      seq: sequence,
      status,
      at: toTimestamp(changedAt.getTime()),
    })),
    paymentStatus: payment?.status ?? null,
  };
}
