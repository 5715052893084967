import { readOwnJson } from '../../contracts/own-json.ts';
import type { BooksLine } from '../../integrations/payments/fake-psp/books.ts';
import type { ScriptBody } from '../../integrations/payments/fake-psp/script.ts';

/** The stand-in's own commands, over HTTP. */
export class FakePspClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async script(script: ScriptBody): Promise<void> {
    await this.#post('/fake/script', script);
  }

  async decide(ref: string, approves: boolean): Promise<void> {
    await this.#post('/fake/decide', { ref, approves });
  }

  async release(reversed: boolean): Promise<void> {
    await this.#post('/fake/release', { reversed });
  }

  async books(orderId: string): Promise<BooksLine[]> {
    const { payments } = readOwnJson<{ readonly payments: BooksLine[] }>(
      await (await fetch(`${this.#url}/books`)).text(),
    );
    return payments.filter((line) => line.orderId === orderId);
  }

  async #post(path: string, body: object): Promise<void> {
    const response = await fetch(`${this.#url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  }
}
