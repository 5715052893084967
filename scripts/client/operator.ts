import type * as v from 'valibot';
import { readBody, send, type ApiRequest } from './http.ts';
import { PATIENT, retrying, type RetryPolicy } from './retry.ts';

/** An operator's key: what commands that change state sign in with. */
export class Operator {
  readonly origin: string;
  readonly #key: string;
  readonly #policy: RetryPolicy;

  constructor(origin: string, key: string, policy: RetryPolicy = PATIENT) {
    this.origin = origin;
    this.#key = key;
    this.#policy = policy;
  }

  /** Safe to call for idempotent requests only: it tries again. */
  call<Schema extends v.GenericSchema>(request: ApiRequest, schema: Schema): Promise<v.InferOutput<Schema>> {
    const headers = { ...request.headers, authorization: `Bearer ${this.#key}` };
    return retrying(this.#policy, async () => {
      const response = await send(this.origin, { ...request, headers });
      return readBody(`${request.method} ${request.path}`, response, schema);
    });
  }

  /** What to sign a request with that `call` cannot make, such as a stream. */
  authorization(): Promise<string> {
    return Promise.resolve(`Bearer ${this.#key}`);
  }
}
