import { Hono } from 'hono';
import type { Context } from 'hono';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import { orderStub } from '../../durable/stubs.ts';
import type { NoticeReader } from '../../integrations/payments/port.ts';
import { readRazorpayNotice } from '../../integrations/payments/razorpay/razorpay-webhook.ts';
import { readSandboxNotice } from '../../integrations/payments/sandbox/webhook.ts';
import { readStripeNotice } from '../../integrations/payments/stripe/stripe-webhook.ts';
import { authOf } from '../auth/authenticate.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv, EndpointOptions } from '../endpoint.ts';
import { traceparentOf } from '../middleware/request-id.ts';
import { askObject } from '../object-call.ts';
import { problem } from '../problem.ts';

const NOTICE = {
  access: 'signature',
  tag: 'Webhooks',
  answers: { 204: 'Taken; the order asks the provider for the truth.' },
  refuses: ['INVALID_INPUT', 'UNAUTHENTICATED', 'UNAVAILABLE'],
} as const satisfies Partial<EndpointOptions<'signature'>>;

const READERS = {
  stripe: readStripeNotice,
  razorpay: readRazorpayNotice,
  sandbox: readSandboxNotice,
} as const satisfies Record<string, NoticeReader>;

export const webhooks = new Hono<AppEnv>()
  .post(
    '/stripe',
    endpoint({
      ...NOTICE,
      summary: 'An event of Stripe',
      description:
        'Signed with `stripe-signature: t=<unix seconds>,v1=<hex>`, HMAC-SHA-256 over `<t>.<raw body>`; good for 300 s.',
    }),
    (c) => takeNotice(c, 'stripe'),
  )
  .post(
    '/razorpay',
    endpoint({
      ...NOTICE,
      summary: 'An event of Razorpay',
      description:
        'Signed with `x-razorpay-signature: <hex>`, HMAC-SHA-256 over the raw body; `x-razorpay-event-id` is taken once.',
    }),
    (c) => takeNotice(c, 'razorpay'),
  )
  .post(
    '/sandbox',
    endpoint({
      ...NOTICE,
      summary: 'A notice of the sandbox payment provider',
      description:
        'Signed with `sandbox-signature: t=<unix seconds>,v1=<hex>`, HMAC-SHA-256 over `<t>.<raw body>`; good for 300 s.',
    }),
    (c) => takeNotice(c, 'sandbox'),
  );

/** The signature first, by the raw body and the secrets alone; then the order's inbox, which acts behind the answer. */
async function takeNotice(c: Context<AppEnv>, provider: keyof typeof READERS): Promise<Response> {
  const signed = { body: await c.req.text(), header: (name: string) => c.req.header(name) ?? null };
  const notice = READERS[provider](signed, authOf(c.env).config.webhookSecrets[provider], Date.now());
  if (!notice.ok) {
    return notice.error.code === 'NOTICE_MALFORMED'
      ? problem(c, refuse('INVALID_INPUT', 'This is signed, but no notice we know.'))
      : problem(c, refuse('UNAUTHENTICATED', 'The signature is missing, wrong or too old.'));
  }
  const { providerEventId, orderId } = notice.value;
  if (orderId === null) return c.body(null, 204);
  const noted = await askObject(() =>
    orderStub(c.env, orderId).notePayment({
      v: RPC_VERSION,
      actor: { kind: 'object', object: 'order', id: orderId },
      opId: asOpId(`notice:${providerEventId}`),
      traceparent: traceparentOf(c),
      provider,
      providerEventId,
    }),
  );
  if (noted.ok) return c.body(null, 204);
  // An order that does not know this payment, or knows the notice already, will not do so on the tenth try either.
  return noted.error.code === 'UNAVAILABLE' ? problem(c, noted.error) : c.body(null, 204);
}
