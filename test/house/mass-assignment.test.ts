import { readdirSync } from 'node:fs';
import { getTableColumns, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { ProblemBody } from '../../contracts/http/problem.ts';
import { PlaceOrderBody } from '../../contracts/http/orders.ts';
import { QuoteBody } from '../../contracts/http/quotes.ts';
import { ChargesBody } from '../../contracts/http/rules.ts';
import { createApp } from '../../edge/app.ts';
import type { EdgeEnv } from '../../edge/env.ts';
import { ACTORS, bearerOf, emptyEdgeEnv, EXECUTION_CONTEXT, OPERATOR_KEY } from '../support/edge-env.ts';

const app = createApp();
const columns = new Set<string>();
let env: EdgeEnv;
let reached = 0;

beforeAll(async () => {
  const folder = new URL('../../db/schema/', import.meta.url);
  for (const file of readdirSync(folder)) {
    // oxlint-disable-next-line no-await-in-loop -- a few small files
    const tables = Object.values((await import(new URL(file, folder).href)) as Record<string, unknown>);
    for (const table of tables.filter((value) => is(value, PgTable))) {
      for (const [property, { name }] of Object.entries(getTableColumns(table))) columns.add(property).add(name);
    }
  }
  const namespace = {
    getByName() {
      reached += 1;
      throw new Error('an object was reached');
    },
  };
  env = await emptyEdgeEnv({ ORDER: namespace, STORE: namespace, CUSTOMER: namespace });
});
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

const ORDER = {
  deliverTo: { lat: 12.97, lng: 77.64 },
  lines: [{ sku: 'TEA', quantity: 1 }],
  payment: { method: 'cod' },
};
const { payment: _payment, ...QUOTE } = ORDER;
const CITY = `cit_${'0'.repeat(26)}`;

async function send(method: string, path: string, body: object, authorization: string): Promise<ProblemBody> {
  const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': 'a-key-of-a-test' };
  const init = { method, headers, body: JSON.stringify(body) };
  const response = await app.request(`/api/v1${path}`, init, env, EXECUTION_CONTEXT);
  return v.parse(ProblemBody, await response.json());
}

/** The body with the field where a client could try it: at the top, in a line, at the door. */
function withField(body: object, field: string): object[] {
  const places = Object.entries(body).filter(([, value]) => typeof value === 'object' && value !== null);
  const nested = places.map(([name, value]) => {
    return {
      ...body,
      [name]: Array.isArray(value) ? [{ ...(value[0] as object), [field]: 1 }] : { ...value, [field]: 1 },
    };
  });
  return [{ ...body, [field]: 1 }, ...nested];
}

const OWN = {
  order: ['quote', 'tip', 'lines', 'payment', 'quantity', 'sku', 'lat', 'lng', 'note', 'method', 'token'],
  quote: ['tip', 'lines', 'quantity', 'sku', 'lat', 'lng'],
  charges: ['currency'],
};
const CHARGES = { currency: 'INR', tax: { ratePpm: 1, included: true } };

test.each([
  ['order', PlaceOrderBody, ORDER, OWN.order],
  ['quote', QuoteBody, QUOTE, OWN.quote],
  ['charges', ChargesBody, CHARGES, OWN.charges],
] as const)(
  'a body of %s takes no column of the database as a field of its own, anywhere [X8]',
  (_, schema, body, own) => {
    expect(v.safeParse(schema, body).success).toBe(true);
    expect(columns.size).toBeGreaterThan(100);
    const taken = [...columns]
      .filter((column) => !own.some((name) => name === column))
      .filter((column) => withField(body, column).some((assigned) => v.safeParse(schema, assigned).success));
    expect(taken).toEqual([]);
  },
);

test.each([
  ['POST', '/orders', ORDER, 'customer'],
  ['POST', '/quotes', QUOTE, 'customer'],
  ['PUT', `/admin/cities/${CITY}/charges`, CHARGES, 'operator'],
] as const)('%s %s refuses them before it asks anybody [X8]', async (method, path, body, who) => {
  const authorization = who === 'operator' ? `Bearer ${OPERATOR_KEY}` : await bearerOf(env, ACTORS[who], Date.now());
  const tried = ['status', 'customer_id', 'storeId', 'total_minor', 'priceMinor'];
  const assigned = tried.flatMap((column) => withField(body, column));
  const problems = await Promise.all(assigned.map((with_) => send(method, path, with_, authorization)));
  expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['INVALID_INPUT']));
  expect(reached).toBe(0);
});
