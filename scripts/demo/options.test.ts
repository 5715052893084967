import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDemoOptions } from './options.ts';

describe('the demo’s options', () => {
  test('alone they mean one order on the system that runs here', () => {
    expect(parseDemoOptions([])).toEqual({
      ok: true,
      value: {
        boot: false,
        stateFolder: resolve('.kirana'),
        orders: 1,
        concurrency: 1,
        seed: 1,
        json: false,
        help: false,
      },
    });
  });

  test('name files from where the command was given', () => {
    const options = parseDemoOptions([
      '--boot',
      '--csv',
      'some/inventory.csv',
      '--orders',
      '50',
      '--concurrency',
      '10',
    ]);
    expect(options).toMatchObject({
      ok: true,
      value: { boot: true, csv: resolve('some/inventory.csv'), orders: 50, concurrency: 10 },
    });
  });

  test.each([
    [['--orders', '0'], '--orders'],
    [['--orders', 'many'], '--orders'],
    [['--concurrency', '101'], '--concurrency'],
    [['--seed', '-1'], '--seed'],
    [['--boot', '--url', 'http://127.0.0.1:1'], '--boot'],
    [['--boot', '--state-dir', 'x'], '--boot'],
    [['--kafka', '127.0.0.1:9092'], '--kafka'],
    [['--access-token-ttl', '5'], '--access-token-ttl'],
    [['--boot', '--access-token-ttl', '0'], '--access-token-ttl'],
    [['--url', 'somewhere'], '--url'],
    [['--unheard-of'], '--unheard-of'],
  ])('%j is refused with a sentence that names %s', (args, named) => {
    const options = parseDemoOptions(args);
    expect(options.ok).toBe(false);
    expect(options.ok ? '' : options.error).toContain(named);
  });
});
