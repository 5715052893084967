import * as v from 'valibot';
import { ApiProblem, problemOf } from './api-problem.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the origin, with its query. */
  readonly path: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: unknown;
}

/** A request that hangs is worth less than a second try. */
const ANSWER_MAX_MS = 15_000;

/** One request, one answer. Throws an `ApiProblem` for a refusal and for no answer. */
export async function send(origin: string, request: ApiRequest): Promise<Response> {
  const what = `${request.method} ${request.path.split('?')[0]}`;
  let response: Response;
  try {
    response = await fetch(new URL(request.path, origin), {
      method: request.method,
      headers: { ...(request.body === undefined ? {} : { 'content-type': 'application/json' }), ...request.headers },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(ANSWER_MAX_MS),
    });
    if (response.ok) return response;
    throw await problemOf(what, response);
  } catch (cause) {
    if (cause instanceof ApiProblem) throw cause;
    throw new ApiProblem(what, { status: 0, code: 'NO_ANSWER', detail: reasonOf(cause) });
  }
}

/** The body, checked against its contract: a client that reads what was not promised finds out here. */
export async function readBody<Schema extends v.GenericSchema>(
  what: string,
  response: Response,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  let body: unknown;
  try {
    body = await response.json();
  } catch (cause) {
    throw new ApiProblem(what, { status: 0, code: 'NO_ANSWER', detail: reasonOf(cause) });
  }
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new Error(
    `${what}: the answer is not what its contract says: ${v.getDotPath(issue) ?? 'body'}: ${issue.message}`,
  );
}

/** Fetch hides the reason in a chain of causes. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? `${cause.message} (${cause.cause.message})` : cause.message;
}
