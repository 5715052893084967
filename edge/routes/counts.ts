import { Hono } from 'hono';
import * as v from 'valibot';
import {
  AccuracyQuery,
  AccuracyView,
  CountAnswer,
  CountBody,
  CountedBody,
  CountIdText,
  CountPlanBody,
  CountTasksView,
  CountTaskView,
  ReconciliationQuery,
  ReconciliationView,
  ShelfRanking,
} from '../../contracts/http/counts.ts';
import type { CountTask } from '../../contracts/rpc/store-counts.ts';
import { StoreIdText, toTimestamp } from '../../contracts/wire.ts';
import { asSku } from '../../domain/shared/ids.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { problem } from '../problem.ts';
import { askStore, RETRY_KEY_HEADER, signedBy, tellStore } from '../store-call.ts';
import { body, params, query } from '../validate.ts';

const access = ['staff', 'operator'] as const;
const tag = 'Floor';
const StoreParams = v.strictObject({ storeId: StoreIdText });
const CountParams = v.strictObject({ storeId: StoreIdText, countId: CountIdText });
const DAYS_DEFAULT = 30;

/** Cycle counts: which shelves are to be counted, the blind counts, and what they say of the ledger. */
export const counts = new Hono<AppEnv>()
  .get(
    '/stores/:storeId/counts',
    endpoint({
      access,
      tag,
      summary: 'Open counts of a store, the most worth first',
      answers: { 200: CountTasksView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    async (c) => {
      const asked = await askStore(c, c.req.valid('param').storeId, { ask: 'ListCounts', actor: c.var.actor });
      return asked.ok ? c.json({ counts: asked.value.counts.map(taskView) }, 200) : problem(c, asked.error);
    },
  )
  .post(
    '/stores/:storeId/counts',
    endpoint({
      access,
      tag,
      summary: 'Ask for a shelf to be counted',
      description: 'One that is open already is the answer.',
      answers: { 200: CountTaskView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNKNOWN_SKU', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    params(StoreParams),
    body(CountBody),
    async (c) => {
      const sku = asSku(c.req.valid('json').sku);
      const told = await tellStore(c, c.req.valid('param').storeId, { ...signedBy(c), do: 'RequestCount', sku });
      return told.ok ? c.json(taskView(told.value), 200) : problem(c, told.error);
    },
  )
  .post(
    '/stores/:storeId/count-plan',
    endpoint({
      access,
      tag,
      summary: 'Open counts of the shelves that are most worth one',
      answers: { 200: CountTasksView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'OP_ID_REUSED', 'UNAVAILABLE'],
      headers: RETRY_KEY_HEADER,
    }),
    params(StoreParams),
    body(CountPlanBody),
    async (c) => {
      const { tasks } = c.req.valid('json');
      const told = await tellStore(c, c.req.valid('param').storeId, { ...signedBy(c), do: 'PlanCounts', tasks });
      return told.ok ? c.json({ counts: told.value.opened.map(taskView) }, 200) : problem(c, told.error);
    },
  )
  .get(
    '/stores/:storeId/count-ranking',
    endpoint({
      access,
      tag,
      summary: 'Which shelves are worth counting, and why',
      answers: { 200: ShelfRanking },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    async (c) => {
      const asked = await askStore(c, c.req.valid('param').storeId, { ask: 'RankShelves', actor: c.var.actor });
      return asked.ok ? c.json(asked.value, 200) : problem(c, asked.error);
    },
  )
  .post(
    '/stores/:storeId/counts/:countId/start',
    endpoint({
      access,
      tag,
      summary: 'Take a count and go to the shelf',
      description: 'It is yours for half an hour. The count is blind: nobody tells you what should be there.',
      answers: { 200: CountTaskView },
      refuses: [
        'INVALID_INPUT',
        'NOT_FOUND',
        'COUNT_NOT_FOUND',
        'COUNT_TAKEN',
        'COUNT_STATE',
        'OP_ID_REUSED',
        'UNAVAILABLE',
      ],
      headers: RETRY_KEY_HEADER,
    }),
    params(CountParams),
    async (c) => {
      const { storeId, countId } = c.req.valid('param');
      const told = await tellStore(c, storeId, { ...signedBy(c), do: 'StartCount', countId: Number(countId) });
      return told.ok ? c.json(taskView(told.value), 200) : problem(c, told.error);
    },
  )
  .post(
    '/stores/:storeId/counts/:countId/submit',
    endpoint({
      access,
      tag,
      summary: 'Say what lies on the shelf',
      description:
        'The variance is posted to the ledger. A count that is far off is asked for again. Units that were promised and are not there are given up: carts first, then unpaid orders, then the latest promises.',
      answers: { 200: CountAnswer },
      refuses: [
        'INVALID_INPUT',
        'NOT_FOUND',
        'COUNT_NOT_FOUND',
        'COUNT_TAKEN',
        'COUNT_STATE',
        'OP_ID_REUSED',
        'UNAVAILABLE',
      ],
      headers: RETRY_KEY_HEADER,
    }),
    params(CountParams),
    body(CountedBody),
    async (c) => {
      const { storeId, countId } = c.req.valid('param');
      const { quantity } = c.req.valid('json');
      const command = { ...signedBy(c), do: 'SubmitCount', countId: Number(countId), quantity } as const;
      const told = await tellStore(c, storeId, command);
      return told.ok ? c.json(told.value, 200) : problem(c, told.error);
    },
  )
  .get(
    '/stores/:storeId/accuracy',
    endpoint({
      access,
      tag,
      summary: 'How right a store’s ledger is, by its counts',
      answers: { 200: AccuracyView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    query(AccuracyQuery),
    async (c) => {
      const days = Number(c.req.valid('query').days ?? DAYS_DEFAULT);
      const question = { ask: 'AskAccuracy', actor: c.var.actor, days } as const;
      const asked = await askStore(c, c.req.valid('param').storeId, question);
      return asked.ok ? c.json(asked.value, 200) : problem(c, asked.error);
    },
  )
  .get(
    '/stores/:storeId/discrepancies',
    endpoint({
      access,
      tag,
      summary: 'A store’s ledger held against itself and against what its floor found',
      description:
        'What the store’s auditor has added up counts, and what moved since. With `deep=true`, for operators, every movement that ever was is added up, at most once in ten minutes: `auditedAt` says when.',
      answers: { 200: ReconciliationView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'UNAVAILABLE'],
    }),
    params(StoreParams),
    query(ReconciliationQuery),
    async (c) => {
      const deep = c.req.valid('query').deep === 'true';
      const question = { ask: 'Reconcile', actor: c.var.actor, deep } as const;
      const asked = await askStore(c, c.req.valid('param').storeId, question);
      if (!asked.ok) return problem(c, asked.error);
      const { auditedAtMs, ...reconciliation } = asked.value;
      const found = reconciliation.found.map(({ atMs, ...rest }) => ({ ...rest, at: toTimestamp(atMs) }));
      return c.json({ ...reconciliation, auditedAt: toTimestamp(auditedAtMs), found }, 200);
    },
  );

function taskView({ requestedAtMs, ...task }: CountTask): CountTaskView {
  return { ...task, requestedAt: toTimestamp(requestedAtMs) };
}
