import { expect, test } from 'vitest';
import { providerUrl } from './provider-url.ts';

test('a stand-in may be anywhere but in production', () => {
  expect(providerUrl('stripe', 'http://127.0.0.1:12111/', 'local')).toBe('http://127.0.0.1:12111');
  expect(providerUrl('razorpay', undefined, 'production')).toBe('https://api.razorpay.com');
  for (const url of ['http://127.0.0.1:12111', 'https://api.stripe.com.example', 'http://api.stripe.com', '']) {
    expect(() => providerUrl('stripe', url, 'production')).toThrow('nowhere else');
  }
});
