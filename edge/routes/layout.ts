import { Hono } from 'hono';
import * as v from 'valibot';
import { LayoutBody, LayoutView, SlottingQuery, SlottingView } from '../../contracts/http/layout.ts';
import { refuse } from '../../contracts/problem.ts';
import type { LayoutInForce } from '../../contracts/rpc/store-layout.ts';
import { StoreIdText, toTimestamp } from '../../contracts/wire.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { askStore, RETRY_KEY_HEADER, signedBy, tellStore } from '../store-call.ts';
import { body, params, query } from '../validate.ts';

const readers = ['staff', 'operator'] as const;
const tag = 'Floor';
const StoreParams = v.strictObject({ storeId: StoreIdText });
const DAYS_DEFAULT = 14;

/** How a floor is laid out, and what would be nearer if goods changed places. */
export const layout = new Hono<AppEnv>()
  .get(
    '/stores/:storeId/layout',
    endpoint({
      access: readers,
      tag,
      summary: 'How the floor of a store is laid out',
      description: 'A store that nobody has described has none: its pick lists are in the order of the bins.',
      answers: { 200: LayoutView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    async (c) => {
      const asked = await askStore(c, c.req.valid('param').storeId, { ask: 'AskLayout', actor: c.var.actor });
      if (!asked.ok) return problem(c, asked.error);
      if (asked.value === null) return problem(c, refuse('NOT_FOUND', 'Nobody has described this floor yet.'));
      return c.json(layoutView(asked.value), 200);
    },
  )
  .put(
    '/stores/:storeId/layout',
    endpoint({
      access: ['operator'],
      tag,
      summary: 'Describe the floor of a store',
      description:
        'From now on each claim gets its walk, and pickers may claim waves. Measures that are left out are working figures. Walks that were planned before stay as they are.',
      answers: { 200: LayoutView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    params(StoreParams),
    body(LayoutBody),
    async (c) => {
      const command = { ...signedBy(c), do: 'SetLayout', layout: c.req.valid('json') } as const;
      const told = await tellStore(c, c.req.valid('param').storeId, command);
      return told.ok ? c.json(layoutView(told.value), 200) : problem(c, told.error);
    },
  )
  .get(
    '/stores/:storeId/slotting',
    endpoint({
      access: readers,
      tag,
      summary: 'Fast movers that lie far from packing, and what they should change places with',
      description:
        'By the order lines that were picked. Without a layout, or before any order was handed over, it proposes nothing and `basis` says why.',
      answers: { 200: SlottingView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    query(SlottingQuery),
    async (c) => {
      const days = Number(c.req.valid('query').days ?? DAYS_DEFAULT);
      const question = { ask: 'AskSlotting', actor: c.var.actor, days } as const;
      const asked = await askStore(c, c.req.valid('param').storeId, question);
      return asked.ok ? c.json(asked.value, 200) : problem(c, asked.error);
    },
  );

function layoutView({ layout: { aisles, ...rest }, version, setAtMs, unplacedSkus }: LayoutInForce): LayoutView {
  return { aisles: [...aisles], ...rest, version, setAt: toTimestamp(setAtMs), unplacedSkus };
}
