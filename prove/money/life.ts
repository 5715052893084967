import fc from 'fast-check';
import { readOwnJson } from '../../contracts/own-json.ts';
import type { CreditWallet } from '../../contracts/rpc/customer.ts';
import type { LogEntry, OrderState } from '../../domain/order/order.ts';
import { notePayment } from '../../domain/order/decide.ts';
import type { Provider } from '../../domain/order/payment-method.ts';
import { reconcile } from '../../domain/order/reconcile.ts';
import type { Reconciliation } from '../../domain/order/reconcile.ts';
import { asOpId, asOrderId } from '../../domain/shared/ids.ts';
import { PaymentInbox } from '../../durable/order/payment-inbox.ts';
import type { BooksLine } from '../../integrations/payments/fake-psp/books.ts';
import { FakePsp } from '../../integrations/payments/fake-psp/fake-psp.ts';
import { FAKE_KEYS } from '../../integrations/payments/fake-psp/keys.ts';
import type { FakeReply } from '../../integrations/payments/fake-psp/reply.ts';
import type { ScriptBody } from '../../integrations/payments/fake-psp/script.ts';
import { CASH_ON_DELIVERY } from '../../integrations/payments/cod.ts';
import type { NoticeReader, PaymentGateway, ProviderPayment } from '../../integrations/payments/port.ts';
import { razorpayGateway } from '../../integrations/payments/razorpay/razorpay-gateway.ts';
import { readRazorpayNotice } from '../../integrations/payments/razorpay/razorpay-webhook.ts';
import { sandboxGateway } from '../../integrations/payments/sandbox/sandbox-gateway.ts';
import { stripeGateway } from '../../integrations/payments/stripe/stripe-gateway.ts';
import { readStripeNotice } from '../../integrations/payments/stripe/stripe-webhook.ts';
import { walletGateway } from '../../integrations/payments/wallet/wallet-gateway.ts';
import { drawWhole, seededRandom } from '../../scripts/shared/seeded-random.ts';
import { candidate, decide, SECOND_HOLD, terms } from '../../test/support/order-life.ts';
import type { Told } from '../../test/support/order-life.ts';
import { quotes } from '../../test/support/order-lives.ts';
import { Bench } from '../../test/support/saga-bench.ts';
import type { TheirBooks } from './judge.ts';
import { sum } from './judge.ts';
import { openWallet } from '../../test/support/open-wallet.ts';
import { Road } from './road.ts';
import { Sandbox } from './sandbox.ts';
import { spoilGateway, spoilWallet } from './spoil.ts';
import type { Spoil } from './spoil.ts';

const PSP = 'http://psp.invalid';
const SECRETS = { current: 'whsec_of_today', old: 'whsec_of_yesterday' };
const DAY_MS = 24 * 3_600_000;
/** Acts of one life at most. */
export const ACTS_MAX = 40;
/** Looks until an order must have come to rest: a customer who never pays is asked about for ten minutes. */
const LOOKS_MAX = 120;

const PAYING = [
  {
    method: 'card',
    provider: 'stripe',
    tokens: ['pm_card_visa', 'pm_card_visa', 'pm_card_authenticationRequired', 'pm_card_chargeDeclined'],
  },
  { method: 'upi', provider: 'razorpay', tokens: [''] },
  { method: 'upi', provider: 'razorpay', tokens: [''] },
  { method: 'sandbox', provider: 'sandbox', tokens: ['tok_approve', 'tok_approve', 'tok_approve_late', 'tok_decline'] },
  { method: 'wallet', provider: 'wallet', tokens: [''] },
  { method: 'cod', provider: 'cod', tokens: [''] },
] as const;

interface HeardNotice {
  readonly provider: 'stripe' | 'razorpay';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One order and everybody who has to do with its money, all of them real but the road between them, the store and the clock. */
export class MoneyLife {
  readonly random: () => number;
  readonly provider: Provider;
  readonly bench: Bench;
  readonly road: Road;
  readonly psp: FakePsp;
  /** What came to pass, in words. */
  readonly story: string[] = [];
  /** What the world does while a call is under way. */
  meanwhile: () => void = () => undefined;
  /** Approvals after the order had given the payment up. */
  lateApprovals = 0;
  readonly notices = { taken: 0, known: 0, refused: 0 };
  readonly #spoil: Spoil | null;
  readonly #sandbox: Sandbox;
  readonly #wallet: ReturnType<typeof openWallet>;
  readonly #gateway: PaymentGateway;
  readonly #inbox: PaymentInbox;
  readonly #heard: HeardNotice[] = [];
  readonly #secrets: readonly string[];
  readonly #orderId = asOrderId('ord_00000000000000000000000001');

  constructor(seed: number, spoil: Spoil | null) {
    const random = seededRandom(seed);
    this.random = random;
    this.#spoil = spoil;
    const { method, provider, tokens } = pick(random, PAYING);
    this.provider = provider;
    this.road = new Road(random, () => {
      this.meanwhile();
    });
    this.#sandbox = new Sandbox(this.road);
    this.#secrets = random() < 0.5 ? [SECRETS.current] : [SECRETS.current, SECRETS.old];
    this.psp = new FakePsp({
      ...FAKE_KEYS,
      targets: {
        stripe: { url: 'stripe', secret: SECRETS.current, oldSecret: SECRETS.old },
        razorpay: { url: 'razorpay', secret: SECRETS.current, oldSecret: SECRETS.old },
      },
      nowMs: () => Date.now(),
      wait: () => Promise.resolve(),
      send: async (url, headers, body) => {
        const notice = { provider: url === 'stripe' ? 'stripe' : 'razorpay', headers, body } as const;
        this.#heard.push(notice);
        return this.#hear(notice, Date.now());
      },
    });
    this.#wallet = openWallet(terms().customerId, () => this.bench.world.nowMs);
    this.#gateway = spoilGateway(this.#gatewayOf(provider), spoil);
    const [quote = candidate(1)] = fc.sample(quotes, { seed, numRuns: 1 });
    const placed = {
      orderId: this.#orderId,
      method,
      providers: [provider],
      token: pick(random, tokens),
      candidates: [quote, candidate(2)] as const,
      ...(random() < 0.5 && { secondHoldId: SECOND_HOLD }),
    };
    this.bench = new Bench(placed, {
      gateway: () => this.#gateway,
      wallet: () => spoilWallet({ creditWallet: (credit) => this.#credit(credit) }, spoil),
    });
    this.#inbox = new PaymentInbox(this.bench.sql);
    this.story.push(`pays by ${method} through ${provider}, token "${placed.token}", ${quote.totalMinor}`);
  }

  /** Before anything else: the wallet has some money, not always enough. */
  async fill(): Promise<void> {
    const amountMinor = drawWhole(this.random, 2000, 20_000);
    const actor = { kind: 'operator', userId: terms().customerId } as const;
    await this.#wallet.creditWallet({
      v: 1,
      actor,
      opId: asOpId('wallet:top_up'),
      amountMinor,
      currency: 'INR',
      reason: 'x',
    });
  }

  get order(): OrderState {
    return this.bench.book.placed;
  }

  log(): readonly LogEntry[] {
    return this.bench.book.entries();
  }

  /** As the order's object takes a command: decided and written in one transaction. */
  tell(told: Told): void {
    const { book, world } = this.bench;
    const said = book.transaction(() => {
      const { events, answer } = decide(book.placed, told, world.nowMs);
      book.record(events, { kind: 'test', id: told.do }, world.nowMs);
      return answer;
    });
    this.story.push(`${told.do}: ${said.ok ? 'done' : said.error.code}`);
  }

  /** Carries on as far as it goes; an instance that was lost on the way just ends. */
  async run(): Promise<void> {
    const { runner } = this.bench;
    await runner.run().catch((cause: unknown) => {
      if (!String(cause).includes('this instance is gone')) throw cause;
    });
    await this.psp.notices.idle();
  }

  /** The alarm: the clock jumps to what is due next, and the order is looked at. */
  jump(): void {
    const { book, world } = this.bench;
    const dueMs = this.bench.nextLookMs();
    if (dueMs !== Infinity) world.nowMs = Math.max(world.nowMs, dueMs);
    book.transaction(() => {
      book.lookAgain(world.nowMs);
    });
  }

  /** Runs until the order waits for people alone. */
  async rest(): Promise<void> {
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await this.run();
      const { call, payment, packed } = this.order;
      // Whoever is asked about the weight answers by the clock at the latest.
      const isAsking = packed?.overweight?.status === 'ASKED';
      if (call === null && payment.at !== 'PENDING' && !isAsking) return;
      this.jump();
    }
  }

  /** What the customer does at the provider's; also one who comes late, or tries again. */
  async decide(approves: boolean): Promise<void> {
    const { payment } = this.order;
    const lines = await this.lines();
    const checkoutRef =
      payment.at === 'PENDING' && payment.action?.kind === 'OPEN_CHECKOUT' ? [payment.action.checkoutRef] : [];
    const ref = pick(this.random, [...checkoutRef, ...lines.map((line) => line.ref)]);
    // Whoever has asked the bank a moment ago may have been told no.
    const isSecondThought = lines.some((line) => line.ref === ref && line.status === 'FAILED');
    if (approves && (payment.at !== 'PENDING' || isSecondThought)) this.lateApprovals += 1;
    this.story.push(`the customer ${approves ? 'approves' : 'declines'} ${ref ?? 'nothing'} while ${payment.at}`);
    if (this.provider === 'sandbox' && approves) this.#sandbox.approve();
    if (ref !== undefined) await this.#command('/fake/decide', { ref, approves });
  }

  async script(script: ScriptBody): Promise<void> {
    await this.#command('/fake/script', script);
  }

  /** A notice that was sent before is sent again by somebody who kept it, at once or a day later. */
  replay(isLate: boolean): void {
    const kept = pick(this.random, this.#heard);
    if (kept === undefined) return;
    this.story.push(`a notice of ${kept.provider} is replayed${isLate ? ' a day later' : ''}`);
    this.#hear(kept, Date.now() + (isLate ? DAY_MS : 0));
  }

  /** The sweep: the provider is asked until it answers, and what nobody wants is taken back. */
  async sweep(): Promise<Reconciliation> {
    if (this.#gateway.onDelivery) return 'AGREED';
    const { payment } = this.order;
    const ref = 'providerRef' in payment && payment.providerRef !== '' ? payment.providerRef : undefined;
    let books: ProviderPayment | null | undefined;
    for (let tries = 0; books === undefined; tries += 1) {
      // oxlint-disable-next-line no-await-in-loop -- faults of the stand-in's own may be left; each strikes once
      books = await this.#gateway.find(this.#orderId, ref).catch((cause: unknown) => {
        if (tries === ACTS_MAX) throw cause;
        return undefined;
      });
    }
    const outcome = reconcile(this.order, books);
    if (outcome === 'REPAIRED') this.tell({ do: 'repair', books });
    return outcome;
  }

  async lines(): Promise<readonly BooksLine[]> {
    const { body } = await this.psp.answer({ method: 'GET', path: '/books', body: '', header: () => null });
    return readOwnJson<{ readonly payments: readonly BooksLine[] }>(JSON.stringify(body)).payments;
  }

  /** Everybody else's books, straight from where they are kept. */
  async theirs(): Promise<TheirBooks> {
    const payments = await this.#payments();
    const { entries, availableMinor, reservedMinor } = this.#wallet.view();
    const credited = entries.filter(({ kind, orderId }) => kind === 'credited' && orderId !== null);
    return {
      authorizedMinor: sum(payments.map((payment) => payment.authorizedMinor)),
      capturedMinor: sum(payments.map(({ capturedMinor }) => capturedMinor)),
      refundedMinor: sum(payments.map(({ refundedMinor }) => refundedMinor)),
      captures: payments.filter(({ capturedMinor }) => capturedMinor > 0).length,
      creditedMinor: sum(credited.map((entry) => entry.availableMinor)),
      walletOffMinor:
        sum(entries.map((entry) => entry.availableMinor + entry.reservedMinor)) - availableMinor - reservedMinor,
    };
  }

  async #payments(): Promise<readonly Pick<BooksLine, 'authorizedMinor' | 'capturedMinor' | 'refundedMinor'>[]> {
    switch (this.provider) {
      case 'stripe':
      case 'razorpay':
        return this.lines();
      case 'sandbox':
      case 'wallet': {
        const known = this.provider === 'wallet' ? this.#wallet.paymentOf(this.#orderId) : this.#sandbox.charge;
        if (known === null) return [];
        return [{ ...known, authorizedMinor: known.status === 'AUTHORIZED' ? known.authorizedMinor : 0 }];
      }
      case 'cod': {
        const { collectedMinor } = this.order;
        return [{ authorizedMinor: 0, capturedMinor: collectedMinor, refundedMinor: 0 }];
      }
    }
  }

  #gatewayOf(provider: Provider): PaymentGateway {
    const { id, secret } = FAKE_KEYS.razorpayKey;
    switch (provider) {
      case 'stripe':
        return stripeGateway({ secretKey: FAKE_KEYS.stripeKey, baseUrl: PSP, returnUrl: 'https://shop.invalid' });
      case 'razorpay':
        return razorpayGateway({ keyId: id, keySecret: secret, baseUrl: PSP });
      case 'sandbox':
        return sandboxGateway(() => this.#sandbox);
      case 'wallet':
        return walletGateway({
          payFromWallet: (command) => this.road.carry(() => this.#wallet.payFromWallet(command)),
          findWalletPayment: (question) => this.road.carry(() => this.#wallet.findWalletPayment(question)),
        });
      case 'cod':
        return CASH_ON_DELIVERY;
    }
  }

  #credit(credit: CreditWallet): ReturnType<ReturnType<typeof openWallet>['creditWallet']> {
    return this.road.carry(() => this.#wallet.creditWallet(credit));
  }

  /** `fetch` as the adapters know it, with the stand-in at the other end. */
  fetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    return this.road.carry(async () => {
      const { pathname, search } = new URL(input instanceof Request ? input.url : input);
      const headers = new Headers(init.headers);
      const method = init.method ?? 'GET';
      const body = typeof init.body === 'string' ? init.body : '';
      const request = { method, path: `${pathname}${search}`, body, header: (name: string) => headers.get(name) };
      return toResponse(await this.psp.answer(request));
    });
  }

  /** As the route of the webhooks and the order's object take a notice, one after the other. The status of the answer. */
  #hear({ provider, headers, body }: HeardNotice, nowMs: number): number {
    const read: NoticeReader = provider === 'stripe' ? readStripeNotice : readRazorpayNotice;
    const notice = read({ body, header: (name) => headers[name] ?? null }, this.#secrets, nowMs);
    if (!notice.ok) {
      this.notices.refused += 1;
      return 401;
    }
    const { book, world } = this.bench;
    book.transaction(() => {
      if (!this.#inbox.take(provider, notice.value.providerEventId, world.nowMs)) {
        this.notices.known += 1;
        return;
      }
      this.notices.taken += 1;
      const events = this.#spoil === 'believed_notices' ? this.#believe(body) : notePayment(book.placed).events;
      book.record(events, { kind: 'provider', id: provider }, world.nowMs);
    });
    return 204;
  }

  /** The control: what it says is taken for what is. */
  #believe(body: string): ReturnType<typeof notePayment>['events'] {
    const ref = /"id":"((?:pi|pay)_[a-z0-9]+)"/.exec(body)?.[1] ?? '';
    const [, what = ''] = /"payment(?:_intent)?\.([a-z_]+)"/.exec(body) ?? [];
    const amountMinor = Number(/"amount":(\d+)/.exec(body)?.[1]);
    if (what.endsWith('failed')) return [{ type: 'payment.declined', reason: 'said the notice' }];
    if (what === 'captured' || what === 'succeeded') {
      return [{ type: 'payment.captured', providerRef: ref, amountMinor }];
    }
    return [{ type: 'payment.authorized', providerRef: ref, amountMinor, onDelivery: false }];
  }

  async #command(path: string, body: object): Promise<void> {
    await this.psp.answer({ method: 'POST', path, body: JSON.stringify(body), header: () => null });
  }
}

function toResponse({ status, body, headers, cut }: FakeReply): Response {
  if (cut === true) throw new TypeError('fetch failed');
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** One of them, drawn. */
export function pick<A extends readonly [unknown, ...unknown[]]>(random: () => number, from: A): A[number];
export function pick<T>(random: () => number, from: readonly T[]): T | undefined;
export function pick<T>(random: () => number, from: readonly T[]): T | undefined {
  return from[Math.floor(random() * from.length)];
}
