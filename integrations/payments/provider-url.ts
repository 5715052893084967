/** The real hosts. Anything else is a stand-in, for demonstrations and tests. */
export const PROVIDER_URLS = {
  stripe: 'https://api.stripe.com',
  razorpay: 'https://api.razorpay.com',
} as const;

/** Where a provider is. Throws in production when it was set to anything but the provider itself: money must not go astray. */
export function providerUrl(
  provider: keyof typeof PROVIDER_URLS,
  override: string | undefined,
  environment: string,
): string {
  const real = PROVIDER_URLS[provider];
  if (override === undefined || override === real) return real;
  if (environment === 'production') throw new Error(`in production ${provider} is at ${real} and nowhere else`);
  return override.replace(/\/$/, '');
}
