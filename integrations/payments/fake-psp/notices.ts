import { RAZORPAY_EVENT_HEADER, RAZORPAY_SIGNATURE_HEADER } from '../razorpay/razorpay-webhook.ts';
import { hmacHex, signTimed } from '../signature.ts';
import { STRIPE_SIGNATURE_HEADER } from '../stripe/stripe-webhook.ts';
import type { WebhookManner } from './script.ts';

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
  /** The one before it. */
  readonly oldSecret?: string;
}
export interface FakeNotice {
  readonly provider: 'stripe' | 'razorpay';
  readonly eventId: string;
  readonly body: string;
}
export interface NoticesDeps {
  readonly targets: { readonly [P in FakeNotice['provider']]?: WebhookTarget };
  nowMs(): number;
  /** The status of the answer. Throws when there was none. */
  send(url: string, headers: Readonly<Record<string, string>>, body: string): Promise<number>;
  wait(ms: number): Promise<void>;
}

/** Tries for one delivery: 1 s, 2 s, 4 s apart. The real ones go on for a day and more. */
const TRIES = 4;

/** The webhooks of both faces, signed as theirs are, and sent as the script says. */
export class FakeNotices {
  manner: WebhookManner = { copies: 1, hold: false, sign: 'current', ageS: 0 };
  readonly #deps: NoticesDeps;
  #held: FakeNotice[] = [];
  readonly #underWay = new Set<Promise<void>>();

  constructor(deps: NoticesDeps) {
    this.#deps = deps;
  }

  tell(notice: FakeNotice): void {
    if (this.manner.hold) this.#held.push(notice);
    else this.#deliver(notice);
  }

  /** Sends what was held; `reversed` the last event first. */
  release(reversed: boolean): void {
    const held = reversed ? this.#held.toReversed() : this.#held;
    this.#held = [];
    for (const notice of held) this.#deliver(notice);
  }

  /** Settles when nothing is under way. */
  async idle(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- until the last one has arrived
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #deliver(notice: FakeNotice): void {
    const target = this.#deps.targets[notice.provider];
    if (target === undefined) return;
    for (let copy = 0; copy < this.manner.copies; copy += 1) {
      const sent = this.#send(target, notice).finally(() => this.#underWay.delete(sent));
      this.#underWay.add(sent);
    }
  }

  async #send(target: WebhookTarget, notice: FakeNotice): Promise<void> {
    const headers = { 'content-type': 'application/json', ...this.#sign(target, notice) };
    for (let tries = 1; tries <= TRIES; tries += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      const status = await this.#deps.send(target.url, headers, notice.body).catch(() => 0);
      // What was refused for its signature is not made better by sending it again.
      if ((status >= 200 && status < 300) || status === 401) return;
      // oxlint-disable-next-line no-await-in-loop -- the wait before a retry
      await this.#deps.wait(500 * 2 ** tries);
    }
  }

  #sign(target: WebhookTarget, { provider, eventId, body }: FakeNotice): Record<string, string> {
    const { sign, ageS } = this.manner;
    const secret = { current: target.secret, old: target.oldSecret ?? '', forged: 'nobody gave me this secret' }[sign];
    return provider === 'stripe'
      ? { [STRIPE_SIGNATURE_HEADER]: signTimed(secret, body, this.#deps.nowMs() - ageS * 1000) }
      : { [RAZORPAY_SIGNATURE_HEADER]: hmacHex(secret, body), [RAZORPAY_EVENT_HEADER]: eventId };
  }
}
