import { Hono } from 'hono';
import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import { refuse } from '../../contracts/problem.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import { orderStub } from '../../durable/stubs.ts';
import { readNotice, SANDBOX_SIGNATURE_HEADER } from '../../integrations/payments/sandbox/webhook.ts';
import { authOf } from '../auth/authenticate.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { traceparentOf } from '../middleware/request-id.ts';
import { askObject } from '../object-call.ts';
import { problem } from '../problem.ts';

export const webhooks = new Hono<AppEnv>().post(
  '/payments/sandbox',
  endpoint({
    access: 'signature',
    tag: 'Webhooks',
    summary: 'A notice of the sandbox payment provider',
    description:
      'Signed with `sandbox-signature: t=<unix seconds>,v1=<hex>`, HMAC-SHA-256 over `<t>.<raw body>`; good for 300 s.',
    answers: { 204: 'Taken; the order asks the provider for the truth.' },
    refuses: ['INVALID_INPUT', 'UNAUTHENTICATED', 'UNAVAILABLE'],
  }),
  async (c) => {
    const { sandboxWebhookSecret: secret } = authOf(c.env).config;
    const notice = readNotice(
      await c.req.text(),
      c.req.header(SANDBOX_SIGNATURE_HEADER) ?? null,
      secret === undefined ? [] : [secret],
      Date.now(),
    );
    if (!notice.ok) {
      return notice.error.code === 'NOTICE_MALFORMED'
        ? problem(c, refuse('INVALID_INPUT', 'This is signed, but no notice we know.'))
        : problem(c, refuse('UNAUTHENTICATED', 'The signature is missing, wrong or too old.'));
    }
    const { providerEventId, orderId } = notice.value;
    // The order's own inbox acts: a notice only makes it ask the provider.
    const actor: Actor = { kind: 'object', object: 'order', id: orderId };
    const opId = asOpId(`notice:${providerEventId}`);
    const noted = await askObject(() =>
      orderStub(c.env, orderId).notePayment({
        v: RPC_VERSION,
        actor,
        opId,
        traceparent: traceparentOf(c),
        provider: 'sandbox',
        providerEventId,
      }),
    );
    if (noted.ok) return c.body(null, 204);
    // An order that does not know this payment, or knows the notice already, will not do so on the tenth try either.
    return noted.error.code === 'UNAVAILABLE' ? problem(c, noted.error) : c.body(null, 204);
  },
);
