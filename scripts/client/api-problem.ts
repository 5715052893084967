import * as v from 'valibot';
import { ProblemBody } from '../../contracts/http/problem.ts';

/** A refusal as the API sent it (RFC 9457), or that there was no answer. */
export class ApiProblem extends Error {
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** From the closed table in `contracts/problem.ts`; `NO_ANSWER` or `HTTP_<status>` where no problem document came. */
  readonly code: string;
  readonly numbers: { readonly [name: string]: unknown };
  readonly retryAfterMs: number | undefined;

  constructor(
    what: string,
    answer: { status: number; code: string; detail: string; numbers?: Record<string, unknown>; retryAfterMs?: number },
  ) {
    super(`${what}: ${answer.code}${answer.detail === '' ? '' : ` - ${answer.detail}`}`);
    this.name = 'ApiProblem';
    this.status = answer.status;
    this.code = answer.code;
    this.numbers = answer.numbers ?? {};
    this.retryAfterMs = answer.retryAfterMs;
  }
}

export async function problemOf(what: string, response: Response): Promise<ApiProblem> {
  const text = await response.text();
  const seconds = Number(response.headers.get('retry-after'));
  const wait = seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {};
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ProblemBody), text);
  if (!parsed.success) {
    return new ApiProblem(what, {
      status: response.status,
      code: `HTTP_${response.status}`,
      detail: text.slice(0, 200),
      ...wait,
    });
  }
  const { code, detail, numbers = {} } = parsed.output;
  return new ApiProblem(what, { status: response.status, code, detail, numbers, ...wait });
}
