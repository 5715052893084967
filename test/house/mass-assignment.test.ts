import { readdirSync } from 'node:fs';
import { getTableColumns, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { ProblemBody } from '../../contracts/http/problem.ts';
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

test.each<[string, string, object, 'customer' | 'operator', readonly string[]]>([
  [
    'POST',
    '/orders',
    ORDER,
    'customer',
    ['quote', 'tip', 'lines', 'payment', 'quantity', 'sku', 'lat', 'lng', 'note', 'method', 'token'],
  ],
  ['POST', '/quotes', QUOTE, 'customer', ['tip', 'lines', 'quantity', 'sku', 'lat', 'lng']],
  [
    'PUT',
    `/admin/cities/${CITY}/charges`,
    { currency: 'INR', tax: { ratePpm: 1, included: true } },
    'operator',
    ['currency'],
  ],
])(
  '%s %s takes no column of the database as a field of its own, anywhere [X8]',
  async (method, path, body, who, own) => {
    const authorization = who === 'operator' ? `Bearer ${OPERATOR_KEY}` : await bearerOf(env, ACTORS[who], Date.now());
    expect(columns.size).toBeGreaterThan(100);
    const tried = [...columns].filter((column) => !own.includes(column)).flatMap((column) => withField(body, column));
    const problems = await Promise.all(tried.map((assigned) => send(method, path, assigned, authorization)));
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(['INVALID_INPUT']));
    expect(reached).toBe(0);
  },
);
