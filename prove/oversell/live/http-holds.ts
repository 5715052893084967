import type * as v from 'valibot';
import { HoldAnswer } from '../../../contracts/http/holds.ts';
import type { StockLine } from '../../../contracts/rpc/store.ts';
import { asSku } from '../../../domain/shared/ids.ts';
import { ApiProblem } from '../../../scripts/client/api-problem.ts';
import type { ApiRequest } from '../../../scripts/client/http.ts';
import type { HoldOutcome, HoldPort } from '../hold-port.ts';

/** Somebody who is signed in: a customer's session, or whoever has a key. */
export interface Caller {
  call<Schema extends v.GenericSchema>(request: ApiRequest, schema: Schema): Promise<v.InferOutput<Schema>>;
}

/** The holds of a running system, over HTTP. Numbers are told apart by `run`, so that systems may be used again. */
export class HttpHolds implements HoldPort {
  readonly #caller: Caller;
  readonly #path: string;
  readonly #run: string;
  readonly #holdIds = new Map<number, string>();

  constructor(caller: Caller, storeId: string, run: string) {
    this.#caller = caller;
    this.#path = `/api/v1/stores/${storeId}/holds`;
    this.#run = run;
  }

  async hold(id: number, lines: readonly StockLine[]): Promise<HoldOutcome> {
    const headers = { 'idempotency-key': `${this.#run}-${id}` };
    try {
      const held = await this.#caller.call({ method: 'POST', path: this.#path, headers, body: { lines } }, HoldAnswer);
      this.#holdIds.set(id, held.id);
      return { granted: held.setAside.map(({ sku, quantity }) => ({ sku: asSku(sku), quantity })) };
    } catch (cause) {
      const outcome = cause instanceof ApiProblem ? OUTCOMES[cause.code] : undefined;
      if (outcome === undefined) throw cause;
      return outcome;
    }
  }

  async release(id: number): Promise<void> {
    const holdId = this.#holdIds.get(id);
    if (holdId === undefined) throw new Error(`hold ${id} was never granted`);
    await this.#caller.call({ method: 'POST', path: `${this.#path}/${holdId}/release` }, HoldAnswer);
  }
}

const OUTCOMES: { readonly [code: string]: HoldOutcome } = {
  INSUFFICIENT_STOCK: 'short',
  HOLD_RELEASED: 'gone',
  HOLD_EXPIRED: 'gone',
};
