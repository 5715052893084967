import type { Context } from 'hono';
import type { ProblemBody } from '../contracts/http/problem.ts';
import { PROBLEMS } from '../contracts/problem.ts';
import type { ProblemCode, Refusal } from '../contracts/problem.ts';
import { logLine } from './log.ts';
import { RefusalLog } from './refusal-log.ts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
/** Milliseconds after which a busy or absent part is worth asking again, unless it says so itself. */
const RETRY_AFTER_MS = 1_000;

/** Of this isolate. */
const refusals = new RefusalLog();

/** The address of the page that explains a code. */
function problemType(code: ProblemCode): string {
  return `/docs/problems#${code}`;
}

/** A refusal as its problem document. Those that are our fault leave a line in the log. */
export function problem<Code extends ProblemCode>(c: Context, refusal: Refusal<Code>) {
  const { status, title } = PROBLEMS[refusal.code];
  const requestId = String(c.get('requestId') ?? '');
  const body: ProblemBody = {
    type: problemType(refusal.code),
    title,
    status,
    code: refusal.code,
    detail: refusal.detail,
    ...(refusal.numbers === undefined ? {} : { numbers: refusal.numbers }),
    requestId,
  };
  const headers: Record<string, string> = { 'content-type': PROBLEM_MEDIA_TYPE };
  if (status === 429 || status === 503) headers['retry-after'] = retryAfter(refusal);
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  if (status >= 500) {
    // Who asks why it broke has a request id; who was only turned away has none to ask about.
    const times = status === 503 ? refusals.timesToTell(refusal.code, Date.now()) : 1;
    if (times > 0) {
      logLine({ event: 'refused', requestId, code: refusal.code, times, method: c.req.method, path: c.req.path });
    }
  }
  return c.json(body, status, headers);
}

/** In whole seconds, which is all the header can say; `numbers.retryAfterMs` has it exactly. */
function retryAfter({ numbers }: Refusal): string {
  const ms = numbers?.['retryAfterMs'];
  return String(Math.ceil((typeof ms === 'number' ? ms : RETRY_AFTER_MS) / 1_000));
}
