import { parseArgs } from 'node:util';
import { FAKE_KEYS, FAKE_WEBHOOK_SECRET } from '../integrations/payments/fake-psp/keys.ts';
import { serveFakePsp } from '../test/support/fake-psp-server.ts';

const HELP = `npm run fake-psp -- [--port n] [--stripe-webhook url] [--razorpay-webhook url] [--secret text] [--old-secret text]

A stand-in for Stripe and Razorpay on loopback, until Ctrl-C: the parts of their APIs that our adapters use, with books in
memory and signed webhooks. \`npm start -- --payments http://127.0.0.1:12111\` uses it; a production configuration refuses to.

  GET  /books         what each payment reserves, took and gave back
  POST /fake/script   {"faults":[{"on":"POST /v1/refunds","fault":"stall|cut|unavailable"}],
                       "webhooks":{"copies":5,"hold":true,"sign":"current|old|forged","ageS":0}}
  POST /fake/decide   {"ref":"pi_… or order_… or pay_…","approves":true}   what the customer or the bank says
  POST /fake/release  {"reversed":true}   sends the webhooks that were held

  --port     12111 if left out
  --secret   signs the webhooks
  --help     this text`;

const DEFAULT_PORT = '12111';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: DEFAULT_PORT },
      'stripe-webhook': { type: 'string' },
      'razorpay-webhook': { type: 'string' },
      secret: { type: 'string', default: FAKE_WEBHOOK_SECRET },
      'old-secret': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    console.error('--port must be a port');
    return 2;
  }
  const oldSecret = values['old-secret'];
  const secrets = { secret: values.secret, ...(oldSecret !== undefined && { oldSecret }) };
  const { 'stripe-webhook': stripe, 'razorpay-webhook': razorpay } = values;
  const server = await serveFakePsp(port, {
    ...(stripe !== undefined && { stripe: { url: stripe, ...secrets } }),
    ...(razorpay !== undefined && { razorpay: { url: razorpay, ...secrets } }),
  });
  const { stripeKey, razorpayKey } = FAKE_KEYS;
  console.error(`listening at ${server.url}; keys: ${stripeKey}, ${razorpayKey.id}:${razorpayKey.secret}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await server.close();
  return 0;
}

process.exitCode = await main();
