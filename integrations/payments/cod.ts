import type { PaymentAnswer, PaymentGateway } from './port.ts';

/** Cash on delivery: no provider, no books but the order's own. What the courier counted is what was captured. */
export const CASH_ON_DELIVERY: PaymentGateway = {
  provider: 'cod',
  onDelivery: true,
  partialCapture: true,
  authorize: ({ amountMinor }) => approved(amountMinor),
  capture: ({ amountMinor }) => approved(amountMinor),
  void: ({ amountMinor }) => approved(amountMinor),
  refund: () => Promise.resolve({ outcome: 'declined', reason: 'cash is given back by hand' }),
  find: () => Promise.resolve(null),
};

function approved(amountMinor: number): Promise<PaymentAnswer> {
  return Promise.resolve({ outcome: 'approved', providerRef: 'cash', amountMinor });
}
