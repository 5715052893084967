import { Hono } from 'hono';
import * as v from 'valibot';
import { LowStockView, ThresholdBody, ThresholdView } from '../../contracts/http/low-stock.ts';
import { StoreIdText } from '../../contracts/wire.ts';
import { asSku } from '../../domain/shared/ids.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { askStore, RETRY_KEY_HEADER, signedBy, tellStore } from '../store-call.ts';
import { body, params } from '../validate.ts';

const access = ['staff', 'operator'] as const;
const tag = 'Floor';
const StoreParams = v.strictObject({ storeId: StoreIdText });

/** What runs low, and when a store says so. */
export const lowStock = new Hono<AppEnv>()
  .get(
    '/stores/:storeId/low-stock',
    endpoint({
      access,
      tag,
      summary: 'What is out, and what runs out soonest',
      answers: { 200: LowStockView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    async (c) => {
      const asked = await askStore(c, c.req.valid('param').storeId, { ask: 'ListLowStock', actor: c.var.actor });
      return asked.ok ? c.json(asked.value, 200) : problem(c, asked.error);
    },
  )
  .put(
    '/stores/:storeId/stock-thresholds',
    endpoint({
      access,
      tag,
      summary: 'When a SKU is low, and how many units are never promised',
      answers: { 200: ThresholdView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNKNOWN_SKU', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    params(StoreParams),
    body(ThresholdBody),
    async (c) => {
      const { sku, lowAtUnits, safetyUnits } = c.req.valid('json');
      const command = { ...signedBy(c), do: 'SetStockThreshold', sku: asSku(sku), lowAtUnits, safetyUnits } as const;
      const told = await tellStore(c, c.req.valid('param').storeId, command);
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  );
