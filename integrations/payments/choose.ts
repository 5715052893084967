import type { Provider } from '../../domain/order/payment-method.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { CASH_ON_DELIVERY } from './cod.ts';
import type { PaymentGateway } from './port.ts';
import { sandboxGateway } from './sandbox/sandbox-gateway.ts';
import type { SandboxPspRpc } from './sandbox/sandbox-books.ts';

export interface PaymentSurroundings {
  readonly environment: string;
  sandbox(orderId: OrderId): SandboxPspRpc;
}

/** The gateway of a provider, or `null` when it does not work here: play money is refused in production. */
export function chooseGateway(provider: Provider, around: PaymentSurroundings): PaymentGateway | null {
  switch (provider) {
    case 'cod':
      return CASH_ON_DELIVERY;
    case 'stripe':
    case 'razorpay':
    case 'wallet':
      return null;
    case 'sandbox':
      return around.environment === 'production' ? null : sandboxGateway((orderId) => around.sandbox(orderId));
  }
}
