import type { Provider } from '../../domain/order/payment-method.ts';
import type { OrderId } from '../../domain/shared/ids.ts';
import { CASH_ON_DELIVERY } from './cod.ts';
import type { PaymentGateway } from './port.ts';
import { razorpayGateway } from './razorpay/razorpay-gateway.ts';
import type { RazorpayConfig } from './razorpay/razorpay-api.ts';
import type { SandboxPspRpc } from './sandbox/sandbox-books.ts';
import { sandboxGateway } from './sandbox/sandbox-gateway.ts';
import { boundStripe } from './stripe/stripe-rpc.ts';
import type { StripeRpc } from './stripe/stripe-rpc.ts';
import { walletGateway } from './wallet/wallet-gateway.ts';

/** Who works here; a provider that is not set up is absent. */
export interface PaymentSurroundings {
  readonly environment: string;
  sandbox(orderId: OrderId): SandboxPspRpc;
  /** The customer's own. */
  wallet(): Parameters<typeof walletGateway>[0];
  readonly stripe?: StripeRpc | undefined;
  readonly razorpay?: RazorpayConfig | undefined;
}

/** The gateway of a provider, or `null` when it does not work here: play money is refused in production. */
export function chooseGateway(provider: Provider, around: PaymentSurroundings): PaymentGateway | null {
  switch (provider) {
    case 'cod':
      return CASH_ON_DELIVERY;
    case 'stripe':
      return around.stripe === undefined ? null : boundStripe(around.stripe);
    case 'razorpay':
      return around.razorpay === undefined ? null : razorpayGateway(around.razorpay);
    case 'wallet':
      return walletGateway(around.wallet());
    case 'sandbox':
      return around.environment === 'production' ? null : sandboxGateway((orderId) => around.sandbox(orderId));
  }
}
