import { Hono } from 'hono';
import {
  LotParams,
  LotTraceView,
  MovementsQuery,
  MovementsView,
  RecallBody,
  StockParams,
  StockQuery,
  StockView,
  TraceQuery,
} from '../../contracts/http/stock.ts';
import { refuse } from '../../contracts/problem.ts';
import type { LotTrace } from '../../contracts/rpc/store-goods.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { asLotId, asOrderId, asSku } from '../../domain/shared/ids.ts';
import { dayEndingAt } from '../best-before.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { stockAsOf } from '../stock-as-of.ts';
import { askStore, RETRY_KEY_HEADER, signedBy, tellStore } from '../store-call.ts';
import { body, params, query } from '../validate.ts';

const access = ['staff', 'operator'] as const;
const tag = 'Floor';
const MOVEMENTS_DEFAULT = 50;

/** Where goods come from and where they went: lots, recalls, and the history of a SKU. */
export const lots = new Hono<AppEnv>()
  .post(
    '/stores/:storeId/stock/:sku/lots/:lotId/recall',
    endpoint({
      access,
      tag,
      summary: 'Call a lot back',
      description:
        'Nothing of it is sold from now on, whether it is here or comes later, and the answer names the orders that got some. For ever: called back again, it is only looked up.',
      answers: { 200: LotTraceView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNKNOWN_SKU', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    params(LotParams),
    body(RecallBody),
    async (c) => {
      const { storeId, sku, lotId } = c.req.valid('param');
      const { reason } = c.req.valid('json');
      const lot = { sku: asSku(sku), lotId: asLotId(lotId) };
      const told = await tellStore(c, storeId, { ...signedBy(c), do: 'RecallLot', ...lot, reason });
      return told.ok ? c.json(traceView(told.value), 200) : problem(c, told.error);
    },
  )
  .get(
    '/stores/:storeId/stock/:sku/lots/:lotId',
    endpoint({
      access,
      tag,
      summary: 'Where a lot is and who got it',
      answers: { 200: LotTraceView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(LotParams),
    query(TraceQuery),
    async (c) => {
      const { storeId, sku, lotId } = c.req.valid('param');
      const { after } = c.req.valid('query');
      const question = {
        ask: 'TraceLot',
        actor: c.var.actor,
        sku: asSku(sku),
        lotId: asLotId(lotId),
        ...(after !== undefined && { after: asOrderId(after) }),
      } as const;
      const asked = await askStore(c, storeId, question);
      if (!asked.ok) return problem(c, asked.error);
      if (asked.value === null) return problem(c, refuse('NOT_FOUND', 'Nothing of this lot was ever received here.'));
      return c.json(traceView(asked.value), 200);
    },
  )
  .get(
    '/stores/:storeId/stock/:sku',
    endpoint({
      access,
      tag,
      summary: 'The stock of a SKU, as it is or as it was',
      description:
        'From the ledger. With `at` as of that moment, and `basis` says whether exactly: three days back or more it may be as of the end of that day.',
      answers: { 200: StockView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StockParams),
    query(StockQuery),
    async (c) => {
      const { storeId, sku } = c.req.valid('param');
      const { at } = c.req.valid('query');
      const asked = await stockAsOf(c, storeId, asSku(sku), at === undefined ? undefined : Date.parse(at));
      if (!asked.ok) return problem(c, asked.error);
      const { asOfMs, ...stock } = asked.value;
      return c.json({ ...stock, asOf: toTimestamp(asOfMs) }, 200);
    },
  )
  .get(
    '/admin/stores/:storeId/stock/:sku/movements',
    endpoint({
      access,
      tag,
      summary: 'The history of a SKU in a store, newest first',
      description:
        'From the ledger itself. A page may have fewer movements than asked for: go on while there is `nextBefore`.',
      answers: { 200: MovementsView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StockParams),
    query(MovementsQuery),
    async (c) => {
      const { storeId, sku } = c.req.valid('param');
      const { before, limit } = c.req.valid('query');
      const question = {
        ask: 'ListMovements',
        actor: c.var.actor,
        sku: asSku(sku),
        limit: Number(limit ?? MOVEMENTS_DEFAULT),
        ...(before !== undefined && { before: Number(before) }),
      } as const;
      const asked = await askStore(c, storeId, question);
      if (!asked.ok) return problem(c, asked.error);
      const movements = asked.value.movements.map(({ atMs, ...movement }) => ({ ...movement, at: toTimestamp(atMs) }));
      return c.json({ movements, nextBefore: asked.value.nextBefore }, 200);
    },
  );

function traceView({ lot: { bestBeforeMs, sellByMs, ...lot }, orders, bins, ...rest }: LotTrace): LotTraceView {
  return {
    ...lot,
    bestBefore: bestBeforeMs === null ? null : dayEndingAt(bestBeforeMs),
    sellBy: sellByMs === null ? null : toTimestamp(sellByMs),
    bins: [...bins],
    orders: [...orders],
    ...rest,
  };
}
