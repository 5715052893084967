import { createHash } from 'node:crypto';

/** An Ed25519 key for tests only; RFC 8037, appendix A. */
const SIGNING_JWK = {
  kty: 'OKP',
  crv: 'Ed25519',
  kid: 'rfc8037',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
};
const OPERATOR_KEY = `kir_op_test_${'k'.repeat(43)}`;
/** Two channels, so that one can try what is the other's. */
const CHANNELS = ['kiosk', 'bazaar'];

/** The variables of the Worker under test. */
export const workerdVars = {
  GATEWAY_URL: 'http://gateway.test',
  GATEWAY_TOKEN: 'test',
  ENVIRONMENT: 'test',
  SANDBOX_WEBHOOK_SECRET: 'a-secret-for-tests-of-24-bytes',
  JWT_PRIVATE_JWK: JSON.stringify(SIGNING_JWK),
  OPERATOR_KEYS: JSON.stringify([
    {
      id: 'test',
      sha256: sha256(OPERATOR_KEY),
      userId: 'usr_0000000000000000000000000Z',
    },
  ]),
  CHANNEL_KEYS: JSON.stringify(CHANNELS.map((id) => ({ id, sha256: sha256(`kir_ch_${id}_${'c'.repeat(43)}`) }))),
  ALLOWED_ORIGINS: 'https://shop.example',
  // Nothing answers there: the API under test has objects and snapshots, and no Postgres.
  DATABASE_URL: 'postgresql://nobody:nothing@localhost/none',
  DATABASE_LOCAL_ENDPOINT: 'postgres.test',
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
