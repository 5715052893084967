import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseStartOptions } from './options.ts';

test('without options everything is where it is expected', () => {
  expect(parseStartOptions([])).toEqual({
    ok: true,
    value: { port: 8787, stateFolder: resolve('.kirana'), reset: false, json: false, help: false },
  });
});

test('every option is taken', () => {
  const args = [
    '--port',
    '0',
    '--state-dir',
    '/tmp/x',
    '--reset',
    '--kafka',
    'broker:9092',
    '--access-token-ttl',
    '5',
    '--json',
  ];
  expect(parseStartOptions(args)).toEqual({
    ok: true,
    value: {
      port: 0,
      stateFolder: '/tmp/x',
      reset: true,
      kafka: 'broker:9092',
      accessTokenTtlS: 5,
      json: true,
      help: false,
    },
  });
});

test.each([
  [['--port', '65536'], '--port takes a number from 0 to 65535, not "65536".'],
  [['--port', '80a'], '--port takes a number from 0 to 65535, not "80a".'],
  [['--kafka', 'broker'], '--kafka takes host:port, not "broker".'],
  [['--access-token-ttl', '0'], '--access-token-ttl takes 1 to 3600 seconds, not "0".'],
])('%j is refused with a sentence', (args, error) => {
  expect(parseStartOptions(args)).toEqual({ ok: false, error });
});

test('an unknown option is refused', () => {
  expect(parseStartOptions(['--prot', '1'])).toMatchObject({ ok: false, error: expect.stringContaining('--prot') });
});
