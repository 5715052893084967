import type { Guard } from './guard.ts';

/** What stands between the order and a provider of payments. */
export const PAYMENT_GUARDS: readonly Guard[] = [
  {
    name: 'a webhook under another secret is nobody’s',
    file: 'integrations/payments/signature.ts',
    intact: 'if (!isSignedBy(secrets, `${seconds}.${body}`, signatures))',
    broken: 'if (secrets.length === 0)',
    tests: ['integrations/payments/webhooks.test.ts'],
  },
  {
    name: 'an old webhook is a replay',
    file: 'integrations/payments/signature.ts',
    intact: '> TOLERANCE_S)',
    broken: '> 2 * TOLERANCE_S)',
    tests: ['integrations/payments/webhooks.test.ts'],
  },
  {
    name: 'a notice is taken once for ever',
    file: 'durable/order/payment-inbox.ts',
    intact: 'ON CONFLICT DO NOTHING RETURNING event_id',
    broken: 'ON CONFLICT DO UPDATE SET received_at_ms = 0 RETURNING event_id',
    tests: ['durable/order/payment-inbox.test.ts'],
  },
  {
    name: 'in production a provider is nowhere but where it is',
    file: 'integrations/payments/provider-url.ts',
    intact: "if (environment === 'production') throw",
    broken: "if (environment === 'nowhere') throw",
    tests: ['integrations/payments/provider-url.test.ts'],
  },
  {
    name: 'a row of failures opens the breaker',
    file: 'domain/shared/circuit-breaker.ts',
    intact: 'inRow >= rules.failuresInRow || ',
    broken: '',
    tests: ['domain/shared/circuit-breaker.test.ts', 'integrations/payments/provider-breakers.test.ts'],
  },
  {
    name: 'a card number is seen by its digits',
    file: 'domain/money/card-number.ts',
    intact: 'return sum % 10 === 0;',
    broken: 'return sum % 10 === 1;',
    tests: ['domain/money/card-number.test.ts'],
  },
];
