import { FAKE_KEYS, FAKE_WEBHOOK_SECRET } from '../../integrations/payments/fake-psp/keys.ts';

/** Cards through either, UPI through the one that has it. */
const PROVIDERS = { '*': { card: ['stripe', 'razorpay'], upi: ['razorpay'] } };

/** What the shop's Worker is told of a stand-in for the payment providers; without one it offers neither cards nor UPI. */
export function providerVars(paymentsUrl: string | undefined): Record<string, string> {
  if (paymentsUrl === undefined) return {};
  const secrets = JSON.stringify([FAKE_WEBHOOK_SECRET]);
  return {
    PAYMENT_PROVIDERS: JSON.stringify(PROVIDERS),
    RAZORPAY_KEY_ID: FAKE_KEYS.razorpayKey.id,
    RAZORPAY_KEY_SECRET: FAKE_KEYS.razorpayKey.secret,
    RAZORPAY_URL: paymentsUrl,
    STRIPE_WEBHOOK_SECRETS: secrets,
    RAZORPAY_WEBHOOK_SECRETS: secrets,
  };
}

/** What the Worker around Stripe's SDK is told; nobody calls it when there is no stand-in. */
export function stripeVars(paymentsUrl: string | undefined): Record<string, string> {
  return {
    ENVIRONMENT: 'local',
    STRIPE_SECRET_KEY: FAKE_KEYS.stripeKey,
    PAYMENT_RETURN_URL: 'http://127.0.0.1/paid',
    ...(paymentsUrl === undefined ? {} : { STRIPE_URL: paymentsUrl }),
  };
}
