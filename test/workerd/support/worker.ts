import { RPC_VERSION } from '../../../contracts/actor.ts';
import { asOpId } from '../../../domain/shared/ids.ts';
import { orderStub } from '../../../durable/stubs.ts';
import type { ObjectEnv } from '../../../durable/env.ts';
import { readNotice, SANDBOX_SIGNATURE_HEADER } from '../../../integrations/payments/sandbox/webhook.ts';

// The objects under test, as the Worker exports them, without the API in front.
export { CourierObject } from '../../../durable/courier/courier-object.ts';
export { OrderObject } from '../../../durable/order/order-object.ts';
export { SessionObject } from '../../../durable/session/session-object.ts';
export { StoreObject } from '../../../durable/store/store-object.ts';
export { ZoneObject } from '../../../durable/zone/zone-object.ts';
export { SandboxPsp } from '../../../integrations/payments/sandbox/sandbox-psp.ts';

/** What the provider's webhook needs of the API: the signature checked, the order told. */
async function takeNotice(request: Request, env: ObjectEnv & { SANDBOX_WEBHOOK_SECRET: string }): Promise<Response> {
  const signature = request.headers.get(SANDBOX_SIGNATURE_HEADER);
  const notice = readNotice(await request.text(), signature, [env.SANDBOX_WEBHOOK_SECRET], Date.now());
  if (!notice.ok) return new Response(null, { status: 401 });
  const { orderId, providerEventId } = notice.value;
  await orderStub(env, orderId).notePayment({
    v: RPC_VERSION,
    actor: { kind: 'object', object: 'order', id: orderId },
    opId: asOpId(`notice:${providerEventId}`),
    provider: 'sandbox',
    providerEventId,
  });
  return new Response(null, { status: 204 });
}

// oxlint-disable-next-line import/no-default-export -- the runtime wants a Worker's handlers as its default export
export default {
  fetch: takeNotice,
};
