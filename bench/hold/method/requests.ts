import type { RunningContender } from '../contenders/contender.ts';

/** The longest that a channel may hold: no hold of a session expires before it ends. */
const HOLD_S = 900;

/** Who is asked, and as whom; operators' requests need an operator. */
type Addressee = Pick<RunningContender, 'origin' | 'storeId' | 'authorization' | 'operatorAuthorization'>;

/** Requests of the contract as the bytes that go over a wire. */
export class Requests {
  readonly #contender: Addressee;
  readonly #host: string;
  constructor(contender: Addressee) {
    this.#contender = contender;
    this.#host = new URL(contender.origin).host;
  }

  hold(key: string, lines: readonly { readonly sku: string; readonly quantity: number }[]): string {
    const { storeId, authorization } = this.#contender;
    const headers = `content-type: application/json\r\nidempotency-key: ${key}\r\n`;
    const body = JSON.stringify({ lines, forS: HOLD_S });
    return this.#request('POST', `/api/v1/stores/${storeId}/holds`, authorization, headers, body);
  }

  find(holdId: string): string {
    const { storeId, authorization } = this.#contender;
    return this.#request('GET', `/api/v1/stores/${storeId}/holds/${holdId}`, authorization);
  }

  availability(skus: readonly string[]): string {
    const { storeId, authorization } = this.#contender;
    return this.#request('GET', `/api/v1/stores/${storeId}/availability?skus=${skus.join(',')}`, authorization);
  }

  hello(): string {
    return this.#request('GET', '/api/v1/hello/channel', this.#contender.authorization);
  }

  receive(receiptId: string, lines: readonly { readonly sku: string; readonly quantity: number }[]): string {
    const { storeId, operatorAuthorization } = this.#contender;
    const path = `/api/v1/admin/stores/${storeId}/receipts`;
    const headers = 'content-type: application/json\r\n';
    return this.#request('POST', path, operatorAuthorization, headers, JSON.stringify({ receiptId, lines }));
  }

  audit(deep: boolean): string {
    const { storeId, operatorAuthorization } = this.#contender;
    return this.#request('GET', `/api/v1/admin/stores/${storeId}/audit${deep ? '?deep=1' : ''}`, operatorAuthorization);
  }

  #request(method: string, path: string, authorization: string, headers = '', body = ''): string {
    const length = body === '' ? '' : `content-length: ${body.length}\r\n`;
    return `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\nauthorization: ${authorization}\r\n${headers}${length}\r\n${body}`;
  }
}
