import { validator } from 'hono-openapi';
import type { Context } from 'hono';
import * as v from 'valibot';
import type { Json, Refusal } from '../contracts/problem.ts';
import { refuse } from '../contracts/problem.ts';
import { problem } from './problem.ts';

/** Named in one answer; a client that sends more faults than that learns of the rest next time. */
const ISSUES_MAX = 10;

// The three places input comes from. Their inferred types carry what the typed client needs.

export function body<S extends v.GenericSchema>(schema: S) {
  return validator('json', schema, refuseInvalid);
}

export function query<S extends v.GenericSchema>(schema: S) {
  return validator('query', schema, refuseInvalid);
}

export function params<S extends v.GenericSchema>(schema: S) {
  return validator('param', schema, refuseInvalid);
}

interface Verdict {
  readonly success: boolean;
  readonly target: string;
  readonly error?: readonly unknown[];
}

function refuseInvalid(verdict: Verdict, c: Context) {
  return verdict.success ? undefined : problem(c, invalidInput(verdict.target, verdict.error ?? []));
}

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
