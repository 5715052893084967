import * as v from 'valibot';
import { PROBLEMS } from '../problem.ts';
import type { ProblemCode } from '../problem.ts';

const CODES = Object.keys(PROBLEMS).filter((code): code is ProblemCode => code in PROBLEMS);

/** Every refusal over HTTP, as `application/problem+json` (RFC 9457). */
export const ProblemBody = v.object({
  /** Where the code is explained, relative to the API's origin. */
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  /** Closed: clients branch on this and on nothing else. */
  code: v.picklist(CODES),
  /** One sentence that says what to do. */
  detail: v.string(),
  /** The numbers behind the refusal, by code. */
  numbers: v.optional(v.record(v.string(), v.unknown())),
  requestId: v.string(),
});
export type ProblemBody = v.InferOutput<typeof ProblemBody>;
