import type { OrderId } from '../../domain/shared/ids.ts';
import { CASH_ON_DELIVERY } from './cod.ts';
import type { PaymentGateway } from './port.ts';
import { sandboxGateway } from './sandbox/sandbox-gateway.ts';
import type { SandboxPspRpc } from './sandbox/sandbox-books.ts';

export interface PaymentSurroundings {
  readonly environment: string;
  sandbox(orderId: OrderId): SandboxPspRpc;
}

/** The gateway of a method, or `null` when it is not offered here: play money is refused in production. */
export function chooseGateway(method: 'sandbox' | 'cod', around: PaymentSurroundings): PaymentGateway | null {
  switch (method) {
    case 'cod':
      return CASH_ON_DELIVERY;
    case 'sandbox':
      return around.environment === 'production' ? null : sandboxGateway((orderId) => around.sandbox(orderId));
  }
}
