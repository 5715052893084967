import { Hono } from 'hono';
import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import {
  AssortmentBody,
  AssortmentView,
  AuditView,
  PublishedCatalog,
  PublishedNetwork,
  ReceiptAnswer,
  ReceiptBody,
  ZoneAnswer,
} from '../../contracts/http/admin.ts';
import type { AssortmentRow } from '../../contracts/http/admin.ts';
import { refuse } from '../../contracts/problem.ts';
import type { ReceivedStock } from '../../contracts/rpc/store.ts';
import { StoreIdText, ZoneIdText } from '../../contracts/wire.ts';
import { upsertAssortment } from '../../db/queries/assortment.ts';
import type { AssortmentInput } from '../../db/queries/assortment.ts';
import { asLotId, asOpId, asSku, asStoreId, asZoneId } from '../../domain/shared/ids.ts';
import { storeStub, zoneStub } from '../../durable/stubs.ts';
import { endOfDayMs } from '../best-before.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { traceparentOf } from '../middleware/request-id.ts';
import { askObject } from '../object-call.ts';
import { LONG_PATIENCE_MS, withPostgres } from '../postgres.ts';
import { problem } from '../problem.ts';
import { publishCatalog, publishNetwork } from '../publish-catalog.ts';
import { isolateCacheOf } from '../storefront.ts';
import { body, params } from '../validate.ts';

const access = ['operator'] as const;
const tag = 'Admin';
const StoreParams = v.strictObject({ storeId: StoreIdText });

export const admin = new Hono<AppEnv>()
  .put(
    '/stores/:storeId/assortment',
    endpoint({
      access,
      tag,
      summary: 'Write a batch of articles into a store’s assortment',
      description: 'The same batch again changes nothing. Customers see it after the next publication of the catalog.',
      answers: { 200: AssortmentView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    body(AssortmentBody),
    async (c) => {
      const storeId = asStoreId(c.req.valid('param').storeId);
      const batch = c.req.valid('json').rows.map(toInput);
      const written = await withPostgres(c.env, (db) => upsertAssortment(db, storeId, batch), LONG_PATIENCE_MS);
      if (!written.ok) return problem(c, written.error);
      if (!written.value.ok) return problem(c, refuse('NOT_FOUND', 'There is no such store.'));
      const { rejected, ...counts } = written.value.value;
      return c.json({ ...counts, rejected: [...rejected] }, 200);
    },
  )
  .post(
    '/stores/:storeId/receipts',
    endpoint({
      access,
      tag,
      summary: 'Receive the goods of one goods-received note',
      description: 'One note is received once, for ever: sent again, it changes nothing and says so.',
      answers: { 200: ReceiptAnswer },
      refuses: ['INVALID_INPUT', 'UNKNOWN_SKU', 'LOT_DATE_DIFFERS', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    body(ReceiptBody),
    async (c) => {
      const storeId = asStoreId(c.req.valid('param').storeId);
      const { receiptId, lines } = c.req.valid('json');
      const received = lines.map(toReceivedStock);
      const noSuchDay = lines.find((_line, i) => received[i] === undefined);
      if (noSuchDay !== undefined) {
        return problem(
          c,
          refuse('INVALID_INPUT', 'There is no such day.', { bestBefore: noSuchDay.bestBefore ?? null }),
        );
      }
      const command = {
        v: RPC_VERSION,
        actor: c.var.actor,
        opId: asOpId(`receive:${crypto.randomUUID()}`),
        traceparent: traceparentOf(c),
        receiptId,
        lines: received.filter((line) => line !== undefined),
      };
      const answer = await askObject(() => storeStub(c.env, storeId).receive(command));
      return answer.ok ? c.json(answer.value, 200) : problem(c, answer.error);
    },
  )
  .post(
    '/stores/:storeId/catalog/publish',
    endpoint({
      access,
      tag,
      summary: 'Publish a store’s assortment as its next catalog version',
      answers: { 200: PublishedCatalog },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    async (c) => {
      const storeId = asStoreId(c.req.valid('param').storeId);
      const published = await publishCatalog(c.env, c.var.actor, storeId, Date.now());
      return published.ok ? c.json(published.value, 200) : problem(c, published.error);
    },
  )
  .post(
    '/network/publish',
    endpoint({
      access,
      tag,
      summary: 'Publish cities, zones and stores',
      answers: { 200: PublishedNetwork },
      refuses: ['UNAVAILABLE'],
    }),
    async (c) => {
      const nowMs = Date.now();
      const published = await publishNetwork(c.env, nowMs);
      if (!published.ok) return problem(c, published.error);
      isolateCacheOf(c.env).network.replace(published.value.snapshot, nowMs);
      return c.json(published.value.view, 200);
    },
  )
  .get(
    '/stores/:storeId/audit',
    endpoint({
      access,
      tag,
      summary: 'The sums of a store’s ledger',
      answers: { 200: AuditView },
      refuses: ['INVALID_INPUT', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    async (c) => {
      const storeId = asStoreId(c.req.valid('param').storeId);
      const audited = await askObject(() => storeStub(c.env, storeId).audit(c.var.actor));
      if (!audited.ok) return problem(c, audited.error);
      const { discrepancies, quarantined, ...sums } = audited.value;
      return c.json({ ...sums, discrepancies: [...discrepancies], quarantined: [...quarantined] }, 200);
    },
  )
  .get(
    '/zones/:zoneId',
    endpoint({
      access,
      tag,
      summary: 'A zone’s couriers, and the orders that wait for one',
      answers: { 200: ZoneAnswer },
      refuses: ['INVALID_INPUT', 'UNAVAILABLE'],
    }),
    params(v.strictObject({ zoneId: ZoneIdText })),
    async (c) => {
      const zoneId = asZoneId(c.req.valid('param').zoneId);
      const seen = await askObject(() => zoneStub(c.env, zoneId).view(c.var.actor));
      if (!seen.ok) return problem(c, seen.error);
      return c.json({ candidates: [...seen.value.candidates], waiting: [...seen.value.waiting] }, 200);
    },
  );

type ReceiptLine = ReceiptBody['lines'][number];

/** `undefined` when the line names a day that there is not. */
function toReceivedStock({ sku, quantity, lotId, bestBefore }: ReceiptLine): ReceivedStock | undefined {
  const bestBeforeMs = bestBefore === undefined ? undefined : endOfDayMs(bestBefore);
  if (bestBefore !== undefined && bestBeforeMs === undefined) return undefined;
  return {
    sku: asSku(sku),
    quantity,
    ...(lotId !== undefined && { lotId: asLotId(lotId) }),
    ...(bestBeforeMs !== undefined && { bestBeforeMs }),
  };
}

function toInput(row: AssortmentRow): AssortmentInput {
  const { sku, price, mrp, ...rest } = row;
  return { ...rest, sku: asSku(sku), priceMinor: price.amount, mrpMinor: mrp.amount, currency: price.currency };
}
