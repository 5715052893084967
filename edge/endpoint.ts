import type { Context, MiddlewareHandler, Next } from 'hono';
import { describeRoute, resolver } from 'hono-openapi';
import type { DescribeRouteOptions } from 'hono-openapi';
import type { GenericSchema } from 'valibot';
import type { Caller } from '../contracts/actor.ts';
import { PROBLEMS, refuse } from '../contracts/problem.ts';
import type { ProblemCode } from '../contracts/problem.ts';
import { authenticate } from './auth/authenticate.ts';
import type { EdgeEnv } from './env.ts';
import { declarePolicy } from './policy.ts';
import type { Access, Role } from './policy.ts';
import { problem, PROBLEM_MEDIA_TYPE } from './problem.ts';

/** What every request carries. */
export interface AppEnv {
  readonly Bindings: EdgeEnv;
  readonly Variables: { readonly requestId: string };
}

type ActorAs = { readonly [R in Role]: Extract<Caller, { readonly kind: R }> };
type ActorOf<A extends Access> = A extends readonly Role[] ? { readonly actor: ActorAs[A[number]] } : unknown;
interface EndpointEnv<A extends Access> {
  readonly Bindings: EdgeEnv;
  readonly Variables: AppEnv['Variables'] & ActorOf<A>;
}

type Answers = { readonly [status: number]: GenericSchema | string };

export interface EndpointOptions<A extends Access> {
  readonly access: A;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** By status: the schema of the JSON body, or a sentence for an answer that has none. */
  readonly answers: Answers;
  /** The refusals this route is made to give, beside those every route can. */
  readonly refuses?: readonly ProblemCode[];
  /** Request headers that the route reads. */
  readonly headers?: { readonly [name: string]: { readonly required: boolean; readonly description: string } };
}

/** Begins a route: says who may call it, enforces that, and describes it. Every route begins with one. */
export function endpoint<const A extends Access>(options: EndpointOptions<A>): MiddlewareHandler<EndpointEnv<A>> {
  const { access } = options;
  function handler(c: Context, next: Next): Promise<Response | void> {
    return typeof access === 'string' ? next() : admit(c, next, access);
  }
  // The description travels as a symbol-keyed property of a handler.
  const described = Object.assign(handler, describeRoute(describe(options)));
  declarePolicy(described, access);
  return described as MiddlewareHandler<EndpointEnv<A>>;
}

async function admit(c: Context, next: Next, roles: readonly Role[]): Promise<Response | void> {
  const actor = await authenticate(c.env, c.req.header('authorization'), Date.now());
  if (!actor.ok) return problem(c, actor.error);
  if (!roles.includes(actor.value.kind)) {
    return problem(c, refuse('FORBIDDEN', `This is for ${roles.join(', ')} only.`));
  }
  c.set('actor', actor.value);
  return next();
}

function describe({
  access,
  tag,
  summary,
  description,
  answers,
  refuses,
  headers,
}: EndpointOptions<Access>): DescribeRouteOptions {
  const signedIn = typeof access !== 'string';
  const codes: ProblemCode[] = [
    ...(signedIn ? (['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'FORBIDDEN'] as const) : []),
    ...(refuses ?? []),
  ];
  return {
    tags: [tag],
    summary,
    description: [description, forWhom(access)].filter((text) => text !== undefined).join('\n\n'),
    security: signedIn ? [{ bearer: [] }] : [],
    parameters: Object.entries(headers ?? {}).map(([name, header]) => ({
      in: 'header' as const,
      name,
      ...header,
      schema: { type: 'string' as const },
    })),
    responses: { ...success(answers), ...refusals(codes) },
  };
}

function forWhom(access: Access): string {
  switch (access) {
    case 'public':
      return 'For anyone.';
    case 'ticket':
      return 'For whoever holds a ticket of this very socket.';
    case 'signature':
      return 'For the provider, who signs each call.';
    default:
      return `For: ${access.join(', ')}.`;
  }
}

function success(answers: Answers): NonNullable<DescribeRouteOptions['responses']> {
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      typeof answer === 'string'
        ? { description: answer }
        : { description: 'Done.', content: { 'application/json': { schema: resolver(answer) } } },
    ]),
  );
}

/** The codes of one status share its entry; `default` covers what every route can answer. */
function refusals(codes: readonly ProblemCode[]): NonNullable<DescribeRouteOptions['responses']> {
  const content = { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  return {
    ...Object.fromEntries(
      [...byStatus].map(([status, same]) => [
        status,
        { description: same.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join('\n\n'), content },
      ]),
    ),
    default: { description: 'Any other refusal.', content },
  };
}
