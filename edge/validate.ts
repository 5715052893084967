import { validator } from 'hono-openapi';
import type { Context, Next } from 'hono';
import * as v from 'valibot';
import type { Json, Refusal } from '../contracts/problem.ts';
import { refuse } from '../contracts/problem.ts';
import { problem } from './problem.ts';

/** Named in one answer; a client that sends more faults than that learns of the rest next time. */
const ISSUES_MAX = 10;

// The three places input comes from. hono-openapi's validators describe them and give the types that the typed client needs. The
// checks themselves are ours: theirs cost several promises a request more.

export function body<S extends ObjectSchema>(schema: S) {
  return checking(validator('json', schema), async (c, next) => {
    const input = readJson(await c.req.text());
    return input === NO_JSON ? problem(c, MALFORMED) : check(c, next, 'json', schema, input);
  });
}

export function query<S extends ObjectSchema>(schema: S) {
  return checking(validator('query', schema), (c, next) => {
    const values = Object.entries(c.req.queries()).map(([name, all]) => [name, all.length === 1 ? all[0] : all]);
    return check(c, next, 'query', schema, Object.fromEntries(values));
  });
}

export function params<S extends ObjectSchema>(schema: S) {
  return checking(validator('param', schema), (c, next) => check(c, next, 'param', schema, c.req.param()));
}

type Handler = (c: Context, next: Next) => Promise<Response | void>;
type Target = 'json' | 'query' | 'param';
type ObjectSchema = v.GenericSchema<unknown, object>;

/** The check in the place of the described one; the description travels as a symbol-keyed property. */
function checking<Described extends object>(described: Described, handler: Handler): Described {
  const replacement: object = Object.assign(handler, described);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it checks the same target by the same schema
  return replacement as Described;
}

function check(c: Context, next: Next, target: Target, schema: ObjectSchema, input: unknown): Promise<Response | void> {
  const result = v.safeParse(schema, input);
  if (!result.success) return Promise.resolve(problem(c, invalidInput(target, result.issues)));
  c.req.addValidatedData(target, result.output);
  return next();
}

const NO_JSON = Symbol('no JSON');

/** No body at all is one without any fields. */
function readJson(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return NO_JSON;
  }
}

const MALFORMED = refuse('INVALID_INPUT', 'Send a body that is well-formed JSON.');

/** Says where the input is wrong and what was expected there, and never what was sent: that may be a password. */
function invalidInput(target: string, issues: readonly unknown[]): Refusal<'INVALID_INPUT'> {
  const where = { json: 'body', query: 'query string', param: 'address' }[target] ?? target;
  const described = issues.slice(0, ISSUES_MAX).map(describeIssue);
  const paths = [...new Set(described.map(({ path }) => path))].filter((path) => path !== '');
  const detail = paths.length === 0 ? `Correct the ${where}.` : `Correct the ${where}: ${paths.join(', ')}.`;
  return refuse('INVALID_INPUT', detail, { issues: described });
}

/** Printed names only: an unknown key is the client's own text. */
const PRINTABLE_KEY = /^[A-Za-z0-9_-]{1,40}$/;

const Issue = v.object({
  type: v.fallback(v.string(), 'invalid'),
  expected: v.fallback(v.nullable(v.string()), null),
  path: v.optional(v.array(v.object({ key: v.unknown() })), []),
});

function describeIssue(raw: unknown): { readonly path: string; readonly rule: string; readonly expected: Json } {
  const { path, type, expected } = v.parse(Issue, raw);
  const keys = path.map(({ key }) => String(key));
  return {
    path: keys.map((key) => (PRINTABLE_KEY.test(key) ? key : '?')).join('.'),
    rule: type,
    expected,
  };
}
