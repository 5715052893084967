import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from 'hono';
import * as v from 'valibot';
import { refuse } from '../../../contracts/problem.ts';
import { actorId, type Caller } from '../../../contracts/actor.ts';
import { UNAUTHENTICATED } from '../../../edge/auth/access-tokens.ts';
import type { ApiKeys } from '../../../edge/auth/api-key.ts';
import { problem } from '../../../edge/problem.ts';
import { HoldBody, IDEMPOTENCY_KEY, ReceiptLines } from './hold-body.ts';
import type { HoldRecord, Shelf, ShelfLine, WantedHold } from './shelf.ts';

/** What the routes need of the process they run in; a Worker learns it with the request. */
export interface Shop {
  readonly keys: ApiKeys;
  readonly shelf: Shelf;
}

interface ShopEnv<Bindings extends object> {
  readonly Bindings: Bindings;
  readonly Variables: { readonly shelf: Shelf; readonly caller: Caller };
}

/** The HTTP contract that every contender serves, with the verification of Kirana's own edge in front. */
export function createShop<Bindings extends object>(shopOf: (bindings: Bindings) => Shop): Hono<ShopEnv<Bindings>> {
  const app = new Hono<ShopEnv<Bindings>>();
  app.use('/api/v1/*', async (c, next) => {
    const { keys, shelf } = shopOf(c.env);
    const header = c.req.header('authorization');
    const bearer = header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length) : '';
    const caller = keys.read(bearer);
    if (caller === null) return problem(c, UNAUTHENTICATED);
    c.set('shelf', shelf);
    c.set('caller', caller);
    return next();
  });
  app.post('/api/v1/stores/:storeId/holds', (c) => placeHold(c));
  app.get('/api/v1/stores/:storeId/holds/:holdId', async (c) => {
    const { storeId, holdId } = c.req.param();
    return answerHold(c, holdId, await c.get('shelf').find(storeId, holdId), 200);
  });
  app.post('/api/v1/stores/:storeId/holds/:holdId/release', async (c) => {
    const { storeId, holdId } = c.req.param();
    return answerHold(c, holdId, await c.get('shelf').release(storeId, holdId), 200);
  });
  app.get('/api/v1/stores/:storeId/availability', async (c) => {
    const skus = (c.req.query('skus') ?? '').split(',');
    const units = await c.get('shelf').available(c.req.param('storeId'), skus);
    return c.json({ items: skus.map((sku, index) => ({ sku, available: units[index] ?? 0 })) });
  });
  app.post('/api/v1/admin/stores/:storeId/receipts', async (c) => {
    const { lines } = v.parse(ReceiptLines, await c.req.json());
    await c.get('shelf').receive(c.req.param('storeId'), lines);
    return c.json({ lines: lines.length });
  });
  app.get('/api/v1/admin/stores/:storeId/audit', async (c) => {
    const { available, discrepancies } = await c
      .get('shelf')
      .audit(c.req.param('storeId'), c.req.query('deep') !== undefined);
    return c.json({ totals: { available }, discrepancies });
  });
  app.onError((cause, c) => problem(c, refuse('INTERNAL', String(cause))));
  return app;
}

async function placeHold<Bindings extends object>(
  c: Context<ShopEnv<Bindings>, '/api/v1/stores/:storeId/holds'>,
): Promise<Response> {
  const key = c.req.header('idempotency-key') ?? '';
  if (!IDEMPOTENCY_KEY.test(key)) {
    return problem(c, refuse('IDEMPOTENCY_KEY_REQUIRED', 'Send Idempotency-Key: 8 to 128 characters.'));
  }
  const body = v.safeParse(HoldBody, await c.req.json());
  if (!body.success) return problem(c, refuse('INVALID_INPUT', body.issues[0].message));
  const lines = basketOf(body.output.lines);
  const wanted: WantedHold = {
    storeId: c.req.param('storeId'),
    holdId: holdIdOf(c.req.param('storeId'), c.get('caller'), key),
    lines,
    linesText: JSON.stringify(lines),
    expiresAtMs: Date.now() + body.output.forS * 1_000,
  };
  const outcome = await c.get('shelf').hold(wanted);
  switch (outcome.kind) {
    case 'held':
      return answerHold(c, wanted.holdId, outcome.hold, 201);
    case 'short': {
      const shortages = outcome.shortages.map((shortage) => ({ ...shortage }));
      return problem(c, refuse('INSUFFICIENT_STOCK', 'Take fewer units.', { shortages }));
    }
    case 'reused':
      return problem(c, refuse('IDEMPOTENCY_KEY_REUSED', 'Use a new key for another basket.'));
  }
}

function answerHold(c: Context, holdId: string, hold: HoldRecord | null, status: 200 | 201): Response {
  if (hold === null) return problem(c, refuse('HOLD_NOT_FOUND', 'There is no such hold.'));
  const expiresAt = new Date(hold.expiresAtMs).toISOString();
  return c.json({ id: holdId, kind: 'cart', status: hold.status, lines: hold.lines, expiresAt }, status);
}

/** The same caller and key are the same hold, without a second unique index to look it up by. */
function holdIdOf(storeId: string, caller: Caller, key: string): string {
  return `hld_${createHash('sha256')
    .update(`${storeId}\n${actorId(caller)}\n${key}`)
    .digest('hex')
    .slice(0, 26)}`;
}

/** SKUs in order, so that two baskets never wait for each other, and each once. */
function basketOf(lines: readonly ShelfLine[]): readonly ShelfLine[] {
  if (lines.length === 1) return lines;
  const units = new Map<string, number>();
  for (const { sku, quantity } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return [...units].map(([sku, quantity]) => ({ sku, quantity })).toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
}
