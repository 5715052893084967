import type { OrderId } from '../../../domain/shared/ids.ts';
import { within } from '../../within.ts';
import type { PaymentAnswer, PaymentGateway } from '../port.ts';
import type { SandboxPspRpc, SandboxReply } from './sandbox-books.ts';

/** A customer waits 1.5 s for the outcome so far: a call that takes longer is asked about instead. */
const PROVIDER_TIMEOUT_MS = 800;

/** Speaks to the sandbox provider as to a real one: every call has a time limit, and 5xx is an unknown outcome. */
export function sandboxGateway(books: (orderId: OrderId) => SandboxPspRpc): PaymentGateway {
  return {
    provider: 'sandbox',
    onDelivery: false,
    partialCapture: true,
    authorize: (call) => asked('authorize', books(call.orderId).authorize(call)),
    capture: (call) => asked('capture', books(call.orderId).capture(call)),
    void: (call) => asked('void', books(call.orderId).void(call)),
    refund: (call) => asked('refund', books(call.orderId).refund(call)),
    find: (orderId) => within(PROVIDER_TIMEOUT_MS, 'sandbox find', books(orderId).find(orderId)),
  };
}

async function asked(what: string, reply: Promise<SandboxReply>): Promise<PaymentAnswer> {
  const answered = await within(PROVIDER_TIMEOUT_MS, `sandbox ${what}`, reply);
  if (answered.status !== 200) throw new Error(`sandbox ${what} answered ${answered.status}`);
  return answered.answer;
}
