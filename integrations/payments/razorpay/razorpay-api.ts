import * as v from 'valibot';

/** A payment: https://razorpay.com/docs/api/payments/entity */
export const RazorpayPayment = v.object({
  id: v.string(),
  order_id: v.nullable(v.string()),
  status: v.picklist(['created', 'authorized', 'captured', 'refunded', 'failed']),
  /** Paise. */
  amount: v.number(),
  currency: v.string(),
  amount_refunded: v.number(),
  captured: v.nullish(v.boolean()),
  error_description: v.nullish(v.string()),
});
export type RazorpayPayment = v.InferOutput<typeof RazorpayPayment>;

/** An order of Razorpay's, which customers pay: https://razorpay.com/docs/api/orders/entity */
export const RazorpayOrder = v.object({ id: v.string(), receipt: v.nullable(v.string()), currency: v.string() });

export const RazorpayRefund = v.object({
  id: v.string(),
  amount: v.number(),
  status: v.picklist(['pending', 'processed', 'failed']),
  /** An empty list where there are none. */
  notes: v.union([v.looseObject({ op_id: v.optional(v.string()) }), v.array(v.unknown())]),
});

export function collectionOf<T>(items: v.GenericSchema<unknown, T>): v.GenericSchema<unknown, { readonly items: T[] }> {
  return v.object({ items: v.array(items) });
}

const Problem = v.object({ error: v.object({ code: v.string(), description: v.string() }) });

/** Razorpay understood and said no; whatever else is not a 2xx leaves the outcome unknown and is thrown as an Error. */
export class RazorpayRefusal extends Error {}

export interface RazorpayConfig {
  readonly keyId: string;
  readonly keySecret: string;
  readonly baseUrl: string;
}

/** A customer waits 1.5 s for the outcome so far: a call that takes longer is asked about instead. */
const CALL_TIMEOUT_MS = 1200;

/** The REST API with Basic auth, JSON both ways: https://razorpay.com/docs/api/understand */
export class RazorpayApi {
  readonly keyId: string;
  readonly #authorization: string;
  readonly #baseUrl: string;

  constructor({ keyId, keySecret, baseUrl }: RazorpayConfig) {
    this.keyId = keyId;
    this.#authorization = `Basic ${btoa(`${keyId}:${keySecret}`)}`;
    this.#baseUrl = baseUrl;
  }

  get<T>(path: string, answer: v.GenericSchema<unknown, T>): Promise<T> {
    return this.#ask(path, { method: 'GET' }, answer);
  }

  post<T>(
    path: string,
    body: object,
    answer: v.GenericSchema<unknown, T>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    return this.#ask(path, { method: 'POST', body: JSON.stringify(body), headers }, answer);
  }

  async #ask<T>(
    path: string,
    init: { readonly method: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> },
    answer: v.GenericSchema<unknown, T>,
  ): Promise<T> {
    const response = await fetch(`${this.#baseUrl}/v1${path}`, {
      ...init,
      headers: { ...init.headers, authorization: this.#authorization, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      // The key goes to Razorpay alone; a redirect is no answer.
      redirect: 'manual',
    });
    const body: unknown = await response.json();
    if (response.status === 400) {
      const problem = v.safeParse(Problem, body);
      if (problem.success) throw new RazorpayRefusal(problem.output.error.description);
    }
    if (!response.ok) throw new Error(`razorpay answered ${response.status} to ${init.method} ${path.split('?')[0]}`);
    return v.parse(answer, body);
  }
}
