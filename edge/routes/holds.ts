import { Hono } from 'hono';
import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Caller, Command } from '../../contracts/actor.ts';
import { HoldAnswer, HoldBody } from '../../contracts/http/holds.ts';
import { refuse } from '../../contracts/problem.ts';
import type { Refusal } from '../../contracts/problem.ts';
import type { HoldRefusal, HoldView } from '../../contracts/rpc/store.ts';
import { HoldIdText, StoreIdText, toTimestamp } from '../../contracts/wire.ts';
import { asHoldId, asOpId, asSku, asStoreId } from '../../domain/shared/ids.ts';
import type { StoreId } from '../../domain/shared/ids.ts';
import { ok } from '../../domain/shared/result.ts';
import { clientOpId } from '../../durable/kit/ops.ts';
import { storeStub } from '../../durable/stubs.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { holdCaller } from '../hold-caller.ts';
import { holdIdOf } from '../hold-id.ts';
import { KEY_HEADER, readIdempotencyKey } from '../idempotency-key.ts';
import { traceparentOf } from '../middleware/request-id.ts';
import { askObject } from '../object-call.ts';
import { problem } from '../problem.ts';
import { isolateCacheOf, Storefront } from '../storefront.ts';
import type { Reader } from '../storefront.ts';
import { body, params } from '../validate.ts';

const tag = 'Holds';
const StoreParams = v.strictObject({ storeId: StoreIdText });
const HoldParams = v.strictObject({ storeId: StoreIdText, holdId: HoldIdText });

/** Stock set aside for some minutes: a customer's cart, or the basket of another seller. Only the store's clock ends a hold. */
export const holds = new Hono<AppEnv>()
  .post(
    '/stores/:storeId/holds',
    endpoint({
      access: ['customer', 'channel'],
      tag,
      summary: 'Hold a basket, whole or not at all',
      description:
        'Shortages are named with what is left. The same Idempotency-Key with the same body gives the same hold, with 200 and the header `idempotent-replayed: true`; with another body it is refused. A customer’s hold lasts 5 minutes, a channel’s as long as it says.',
      answers: { 201: HoldAnswer, 200: HoldAnswer },
      refuses: [
        'INVALID_INPUT',
        'IDEMPOTENCY_KEY_REQUIRED',
        'IDEMPOTENCY_KEY_REUSED',
        'NOT_FOUND',
        'UNKNOWN_SKU',
        'INSUFFICIENT_STOCK',
        'STORE_CLOSED',
        'HOLD_EXPIRED',
        'HOLD_RELEASED',
        'STORE_BUSY',
        'UNAVAILABLE',
      ],
      headers: KEY_HEADER,
    }),
    params(StoreParams),
    body(HoldBody),
    async (c) => {
      const key = readIdempotencyKey(c);
      if (!key.ok) return problem(c, key.error);
      const actor = c.get('actor');
      const { lines, forS } = c.req.valid('json');
      if (forS !== undefined && actor.kind !== 'channel') return problem(c, NO_CHOICE);
      const store = await new Storefront(c).store(asStoreId(c.req.valid('param').storeId));
      if (!store.ok) return problem(c, store.error);
      const { id: storeId, open } = store.value;
      const holdId = holdIdOf(actor, storeId, key.value);
      const command = {
        v: RPC_VERSION,
        actor,
        // The id is the hold's own, and nobody else can have it: it is a digest of who acts.
        opId: asOpId(`hold:${holdId}`),
        traceparent: traceparentOf(c),
        holdId,
        kind: 'cart' as const,
        ...(actor.kind === 'channel' ? { channel: actor.channelId } : {}),
        ...(forS === undefined ? {} : { forMs: forS * 1_000 }),
        lines: lines.map(({ sku, quantity }) => ({ sku: asSku(sku), quantity })),
        // A closed store takes no new holds; one that was made before is still the answer to its key.
        ...(open ? {} : { onlyKnown: true }),
      };
      const held = await isolateCacheOf(c.env).holds.hold(storeId, command, holdCaller(c));
      if (!held.ok) return problem(c, keyRefusal(held.error));
      if (held.value.repeated === true) {
        return c.json(toAnswer(storeId, held.value), 200, { 'idempotent-replayed': 'true' });
      }
      return c.json(toAnswer(storeId, held.value), 201, { location: `/api/v1/stores/${storeId}/holds/${holdId}` });
    },
  )
  .get(
    '/stores/:storeId/holds/:holdId',
    endpoint({
      access: ['customer', 'channel', 'operator'],
      tag,
      summary: 'One hold as it is now',
      description: 'To its owner and to operators; to anyone else there is none.',
      answers: { 200: HoldAnswer },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'HOLD_NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(HoldParams),
    async (c) => {
      const found = await findHold(c, c.get('actor'), c.req.valid('param'));
      return found.ok ? c.json(toAnswer(found.value.storeId, found.value.hold), 200) : problem(c, found.error);
    },
  )
  .post(
    '/stores/:storeId/holds/:holdId/release',
    endpoint({
      access: ['customer', 'channel', 'operator'],
      tag,
      summary: 'Give a hold back before its time',
      description: 'Sent again, it changes nothing.',
      answers: { 200: HoldAnswer },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'HOLD_NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(HoldParams),
    async (c) => {
      const actor = c.get('actor');
      const found = await findHold(c, actor, c.req.valid('param'));
      if (!found.ok) return problem(c, found.error);
      const { storeId, holdId } = found.value;
      const command = { ...commandOn(c, actor, `release:${holdId}`), holdId, reason: actor.kind };
      const released = await askObject(() => storeStub(c.env, storeId).release(command));
      return released.ok ? c.json(toAnswer(storeId, released.value), 200) : problem(c, released.error);
    },
  )
  .post(
    '/stores/:storeId/holds/:holdId/renew',
    endpoint({
      access: ['customer', 'channel'],
      tag,
      summary: 'Give a hold its time once more',
      description: 'One time only: sent again, the answer is the first one’s.',
      answers: { 200: HoldAnswer },
      refuses: [
        'INVALID_INPUT',
        'NOT_FOUND',
        'HOLD_NOT_FOUND',
        'HOLD_EXPIRED',
        'HOLD_RELEASED',
        'HOLD_NOT_RENEWABLE',
        'UNAVAILABLE',
      ],
    }),
    params(HoldParams),
    async (c) => {
      const actor = c.get('actor');
      const found = await findHold(c, actor, c.req.valid('param'));
      if (!found.ok) return problem(c, found.error);
      const { storeId, holdId } = found.value;
      const command = { ...commandOn(c, actor, `renew:${holdId}`), holdId };
      const renewed = await askObject(() => storeStub(c.env, storeId).renew(command));
      return renewed.ok ? c.json(toAnswer(storeId, renewed.value), 200) : problem(c, renewed.error);
    },
  );

/** What a command carries that its client made no id for: it can be given once, so what it does to what is its id. */
function commandOn(c: Parameters<typeof traceparentOf>[0], actor: Caller, what: string): Command {
  return { v: RPC_VERSION, actor, opId: clientOpId(actor, what), traceparent: traceparentOf(c) };
}

/**
 * A hold that is this caller's to see. Commands look first: told to release or renew what is not there, a store keeps a trace of it, so
 * that made-up ids would fill it.
 */
async function findHold(reader: Reader, actor: Caller, target: v.InferOutput<typeof HoldParams>) {
  const store = await new Storefront(reader).store(asStoreId(target.storeId));
  if (!store.ok) return store;
  const { id: storeId } = store.value;
  const holdId = asHoldId(target.holdId);
  const seen = await askObject(() => storeStub(reader.env, storeId).viewHold({ actor, holdId }));
  return seen.ok ? ok({ storeId, holdId, hold: seen.value }) : seen;
}

/** The ids are made of the key, so an id used for something else is a key used for something else. */
function keyRefusal(refusal: Refusal<HoldRefusal['code'] | 'UNAVAILABLE'>): Refusal {
  return refusal.code === 'HOLD_ID_REUSED' || refusal.code === 'OP_ID_REUSED' ? KEY_REUSED : refusal;
}

function toAnswer(storeId: StoreId, { holdId: id, kind, status, lines, setAside, expiresAtMs }: HoldView): HoldAnswer {
  const expiresAt = expiresAtMs === undefined ? null : toTimestamp(expiresAtMs);
  return { id, storeId, kind, status, lines: [...lines], setAside: [...setAside], expiresAt };
}

const NO_CHOICE = refuse('INVALID_INPUT', 'Leave out `forS`: only a channel chooses how long its hold lasts.');
const KEY_REUSED = refuse('IDEMPOTENCY_KEY_REUSED', 'Use a new Idempotency-Key for another basket.');
