import type { PaymentChoiceBody, PlaceOrderBody } from '../contracts/http/orders.ts';
import type { PaymentChoice } from '../contracts/rpc/order.ts';
import { providersFor } from '../integrations/payments/provider-choice.ts';
import type { ProviderTable } from '../integrations/payments/provider-choice.ts';
import type { Storefront } from './storefront.ts';

/** What a customer chose to pay by, with those who could move the money where it is delivered. */
export async function choosePayment(
  storefront: Pick<Storefront, 'network'>,
  table: ProviderTable,
  { payment, deliverTo }: Pick<PlaceOrderBody, 'payment' | 'deliverTo'>,
): Promise<PaymentChoice> {
  const network = await storefront.network();
  const cityId = network.ok ? (network.value.reach(deliverTo).city?.id ?? null) : null;
  return { ...paymentChoice(payment), providers: providersFor(table, cityId, payment.method) };
}

/** As the order takes it. */
export function paymentChoice(body: PaymentChoiceBody): PaymentChoice {
  switch (body.method) {
    case 'card':
    case 'sandbox':
      return { method: body.method, token: body.token };
    case 'upi':
    case 'wallet':
    case 'cod':
      return { method: body.method };
  }
}
