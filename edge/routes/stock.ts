import { Hono } from 'hono';
import * as v from 'valibot';
import {
  AdjustBody,
  BlockBody,
  MarginView,
  PlaceView,
  PutAwayBody,
  SkuMarginBody,
  StockLeftView,
  StockParams,
  StoreMarginBody,
  UnblockBody,
  WriteOffBody,
} from '../../contracts/http/stock.ts';
import { StoreIdText } from '../../contracts/wire.ts';
import { asSku } from '../../domain/shared/ids.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { RETRY_KEY_HEADER, signedBy, tellStore } from '../store-call.ts';
import { stockWrite } from '../stock-write.ts';
import { body, params } from '../validate.ts';

const access = ['staff', 'operator'] as const;
const tag = 'Floor';
const headers = RETRY_KEY_HEADER;
const ALWAYS = ['INVALID_INPUT', 'NOT_FOUND', 'UNKNOWN_SKU', 'OP_ID_REUSED', 'UNAVAILABLE'] as const;

/** What is done with goods besides selling them. */
export const stock = new Hono<AppEnv>()
  .post(
    '/stores/:storeId/stock/:sku/adjust',
    endpoint({
      access,
      tag,
      summary: 'Put a level right by hand',
      answers: { 200: StockLeftView },
      refuses: [...ALWAYS, 'STOCK_CHANGED', 'INSUFFICIENT_STOCK'],
      headers,
    }),
    params(StockParams),
    body(AdjustBody),
    async (c) => {
      const { storeId, sku } = c.req.valid('param');
      const command = {
        ...signedBy(c),
        do: 'AdjustStock',
        sku: asSku(sku),
        ...stockWrite(c.req.valid('json')),
      } as const;
      const told = await tellStore(c, storeId, command);
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  )
  .post(
    '/stores/:storeId/stock/:sku/write-off',
    endpoint({
      access,
      tag,
      summary: 'Take goods out of stock for good',
      description: 'From what can be sold, or from what was blocked before. A lot is named where it is known.',
      answers: { 200: StockLeftView },
      refuses: [...ALWAYS, 'UNKNOWN_LOT', 'STOCK_CHANGED', 'INSUFFICIENT_STOCK'],
      headers,
    }),
    params(StockParams),
    body(WriteOffBody),
    async (c) => {
      const { storeId, sku } = c.req.valid('param');
      const { from = 'available', ...goods } = stockWrite(c.req.valid('json'));
      const told = await tellStore(c, storeId, {
        ...signedBy(c),
        do: 'WriteOffStock',
        sku: asSku(sku),
        from,
        ...goods,
      });
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  )
  .post(
    '/stores/:storeId/stock/:sku/block',
    endpoint({
      access,
      tag,
      summary: 'Set goods aside as not to be sold',
      answers: { 200: StockLeftView },
      refuses: [...ALWAYS, 'UNKNOWN_LOT', 'STOCK_CHANGED', 'INSUFFICIENT_STOCK'],
      headers,
    }),
    params(StockParams),
    body(BlockBody),
    async (c) => {
      const { storeId, sku } = c.req.valid('param');
      const command = {
        ...signedBy(c),
        do: 'BlockStock',
        sku: asSku(sku),
        ...stockWrite(c.req.valid('json')),
      } as const;
      const told = await tellStore(c, storeId, command);
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  )
  .post(
    '/stores/:storeId/stock/:sku/unblock',
    endpoint({
      access,
      tag,
      summary: 'Put blocked goods up for sale again',
      description: 'Never those of a lot that is expired or recalled.',
      answers: { 200: StockLeftView },
      refuses: [...ALWAYS, 'UNKNOWN_LOT', 'STOCK_CHANGED', 'LOT_CLOSED', 'INSUFFICIENT_STOCK'],
      headers,
    }),
    params(StockParams),
    body(UnblockBody),
    async (c) => {
      const { storeId, sku } = c.req.valid('param');
      const command = {
        ...signedBy(c),
        do: 'UnblockStock',
        sku: asSku(sku),
        ...stockWrite(c.req.valid('json')),
      } as const;
      const told = await tellStore(c, storeId, command);
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  )
  .post(
    '/stores/:storeId/stock/:sku/putaway',
    endpoint({
      access,
      tag,
      summary: 'Say in which bin a SKU lies from now on',
      description: 'It goes before the bin of the catalog, in this store.',
      answers: { 200: PlaceView },
      refuses: [...ALWAYS, 'INSUFFICIENT_STOCK'],
      headers,
    }),
    params(StockParams),
    body(PutAwayBody),
    async (c) => {
      const { storeId, sku } = c.req.valid('param');
      const { bin, temperatureZone, quantity } = c.req.valid('json');
      const command = {
        ...signedBy(c),
        do: 'PutAwayStock',
        sku: asSku(sku),
        bin,
        ...(temperatureZone !== undefined && { temperatureZone }),
        ...(quantity !== undefined && { quantity }),
      } as const;
      const told = await tellStore(c, storeId, command);
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  )
  .put(
    '/stores/:storeId/stock/:sku/sell-by-margin',
    endpoint({
      access: ['operator'],
      tag,
      summary: 'Set the life that a customer must still get of a SKU',
      answers: { 200: MarginView },
      refuses: ALWAYS,
      headers,
    }),
    params(StockParams),
    body(SkuMarginBody),
    async (c) => {
      const { storeId, sku } = c.req.valid('param');
      const { days } = c.req.valid('json');
      const told = await tellStore(c, storeId, { ...signedBy(c), do: 'SetSellByMargin', sku: asSku(sku), days });
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  )
  .put(
    '/stores/:storeId/sell-by-margin',
    endpoint({
      access: ['operator'],
      tag,
      summary: 'Set the life that a customer must still get of every SKU without a rule of its own',
      answers: { 200: MarginView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers,
    }),
    params(v.strictObject({ storeId: StoreIdText })),
    body(StoreMarginBody),
    async (c) => {
      const { days } = c.req.valid('json');
      const command = { ...signedBy(c), do: 'SetSellByMargin', sku: null, days } as const;
      const told = await tellStore(c, c.req.valid('param').storeId, command);
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  );
