import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

const NEEDED = { DATABASE_URL: 'postgresql://kirana:secret@127.0.0.1:5432/kirana', GATEWAY_TOKEN: '0123456789abcdef' };

test('needs a database and a token, and defaults the rest', () => {
  expect(readConfig(NEEDED)).toEqual({
    ok: true,
    value: {
      databaseUrl: NEEDED.DATABASE_URL,
      gateway: { host: '127.0.0.1', port: 8082, token: NEEDED.GATEWAY_TOKEN },
      log: { kind: 'embedded' },
    },
  });
});

test('takes a list of brokers', () => {
  const config = readConfig({ ...NEEDED, GATEWAY_PORT: '0', LOG: 'kafka', KAFKA_BROKERS: 'a:9092, b:9092,' });
  expect(config).toMatchObject({
    value: { gateway: { port: 0 }, log: { kind: 'kafka', brokers: ['a:9092', 'b:9092'] } },
  });
});

test.each([
  ['DATABASE_URL', { ...NEEDED, DATABASE_URL: undefined }],
  ['DATABASE_URL', { ...NEEDED, DATABASE_URL: 'mysql://secret' }],
  ['GATEWAY_TOKEN', { ...NEEDED, GATEWAY_TOKEN: undefined }],
  ['GATEWAY_TOKEN', { ...NEEDED, GATEWAY_TOKEN: 'secret' }],
  ['GATEWAY_PORT', { ...NEEDED, GATEWAY_PORT: '65536' }],
  ['GATEWAY_PORT', { ...NEEDED, GATEWAY_PORT: '-1' }],
  ['LOG', { ...NEEDED, LOG: 'secret' }],
  ['KAFKA_BROKERS', { ...NEEDED, LOG: 'kafka' }],
])('names %s when it is wrong, and no value', (name, environment) => {
  const config = readConfig(environment);
  expect(config.ok ? '' : config.error).toMatch(new RegExp(`^${name} must be |^${name} must have `));
  expect(config.ok ? '' : config.error).not.toContain('secret');
});
