import * as v from 'valibot';
import { FakeBooks } from './books.ts';
import { FakeNotices } from './notices.ts';
import type { NoticesDeps } from './notices.ts';
import { RazorpayFace } from './razorpay-face.ts';
import type { FakeReply, FakeRequest } from './reply.ts';
import { FaultScript, ScriptBody } from './script.ts';
import { StripeFace } from './stripe-face.ts';

export interface FakePspOptions extends NoticesDeps {
  readonly stripeKey: string;
  readonly razorpayKey: { readonly id: string; readonly secret: string };
}

/** How late a stalled answer comes: well after any caller's patience. */
const STALL_MS = 3000;

const Decision = v.strictObject({
  /** A payment, or the order of Razorpay's that the customer pays. */
  ref: v.string(),
  approves: v.boolean(),
});
const Release = v.strictObject({ reversed: v.optional(v.boolean(), false) });

/**
 * A stand-in for Stripe and Razorpay that speaks the parts of their APIs which our adapters use, keeps books, sends signed webhooks,
 * and misbehaves as it is told: for tests and demonstrations, and refused by any production configuration. Beside the APIs:
 * `GET /books`; `POST /fake/script` says what goes wrong, `/fake/decide` what a customer does, `/fake/release` sends held webhooks.
 */
export class FakePsp {
  readonly notices: FakeNotices;
  readonly #books = new FakeBooks();
  readonly #faults = new FaultScript();
  readonly #stripe: StripeFace;
  readonly #razorpay: RazorpayFace;
  readonly #wait: (ms: number) => Promise<void>;

  constructor(options: FakePspOptions) {
    this.notices = new FakeNotices(options);
    this.#stripe = new StripeFace(this.#books, this.notices, options.stripeKey);
    this.#razorpay = new RazorpayFace(this.#books, this.notices, options.razorpayKey);
    this.#wait = (ms) => options.wait(ms);
  }

  async answer(request: FakeRequest): Promise<FakeReply> {
    if (request.path === '/books') return { status: 200, body: { payments: this.#books.lines() } };
    if (request.path.startsWith('/fake/')) return this.#obey(request);
    const fault = this.#faults.take(request.method, request.path);
    if (fault === 'unavailable') return { status: 503, body: { error: { message: 'unavailable' } } };
    const isStripe = /^\/v1\/(?:payment_intents|refunds)\b/.test(request.path);
    const reply = isStripe ? this.#stripe.answer(request) : this.#razorpay.answer(request);
    if (fault === 'stall') await this.#wait(STALL_MS);
    return fault === 'cut' ? { ...reply, cut: true } : reply;
  }

  #obey({ path, body }: FakeRequest): FakeReply {
    const json = v.pipe(v.string(), v.parseJson());
    if (path === '/fake/script') {
      const script = v.parse(v.pipe(json, ScriptBody), body);
      this.#faults.add(script.faults ?? []);
      if (script.webhooks !== undefined) this.notices.manner = script.webhooks;
    } else if (path === '/fake/decide') {
      const { ref, approves } = v.parse(v.pipe(json, Decision), body);
      this.#decide(ref, approves);
    } else if (path === '/fake/release') {
      this.notices.release(v.parse(v.pipe(json, Release), body).reversed);
    } else {
      return { status: 404, body: { error: { message: 'no such command' } } };
    }
    return { status: 200, body: {} };
  }

  #decide(ref: string, approves: boolean): void {
    const payment = this.#books.payment(ref);
    if (payment === undefined) this.#razorpay.pay(ref, approves);
    else if (payment.provider === 'stripe') this.#stripe.decide(payment, approves);
    else this.#razorpay.decide(payment, approves);
  }
}
