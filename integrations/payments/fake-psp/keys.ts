/** What the demonstration and the tests sign in with. No secrets: nothing but the stand-in takes them. */
export const FAKE_KEYS = { stripeKey: 'sk_test_fake', razorpayKey: { id: 'rzp_test_fake', secret: 'fake' } } as const;

/** What it signs its webhooks with unless it is told otherwise. */
export const FAKE_WEBHOOK_SECRET = 'whsec_fake_secret_of_the_stand_in';
