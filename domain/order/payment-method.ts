/** What the customer chooses to pay by. */
export const PAYMENT_METHODS = ['card', 'upi', 'wallet', 'cod', 'sandbox'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** Who moves the money. */
export const PROVIDERS = ['stripe', 'razorpay', 'wallet', 'cod', 'sandbox'] as const;
export type Provider = (typeof PROVIDERS)[number];

/** The provider of a method where nobody has chosen one. */
const OWN_PROVIDER = {
  card: 'stripe',
  upi: 'razorpay',
  wallet: 'wallet',
  cod: 'cod',
  sandbox: 'sandbox',
} as const satisfies Record<PaymentMethod, Provider>;

/** First choice first; never empty. `chosen` is what the order's terms say, absent in orders from before there was a choice. */
export function providersOf(method: PaymentMethod, chosen?: readonly Provider[]): readonly [Provider, ...Provider[]] {
  const [first, ...others] = chosen ?? [];
  return first === undefined ? [OWN_PROVIDER[method]] : [first, ...others];
}

/** The one that has the order's payment: an order stays with it, so that no two providers ever move its money. */
export function providerOf(terms: {
  readonly method: PaymentMethod;
  readonly providers?: readonly Provider[];
}): Provider {
  return providersOf(terms.method, terms.providers)[0];
}

/** What the customer must do before the provider can decide. */
export type PaymentAction =
  /** Open this page of the provider or of the bank. */
  | { readonly kind: 'REDIRECT'; readonly url: string }
  /** Open the provider's hosted checkout for its order `checkoutRef`, with the public key. */
  | { readonly kind: 'OPEN_CHECKOUT'; readonly publicKey: string; readonly checkoutRef: string };
