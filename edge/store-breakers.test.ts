import { beforeEach, describe, expect, test, vi } from 'vitest';
import { asStoreId } from '../domain/shared/ids.ts';
import { StoreBreakers } from './store-breakers.ts';

const STORE = asStoreId(`sto_${'0'.repeat(26)}`);
const OTHER = asStoreId(`sto_${'1'.repeat(26)}`);
let nowMs = 0;
const clock = { wait: () => new Promise<void>(() => undefined), nowMs: () => nowMs };
const impatient = { ...clock, wait: () => Promise.resolve() };

function forEver(): Promise<never> {
  return new Promise(() => undefined);
}

function away(): Promise<never> {
  return Promise.reject(new Error('away'));
}

async function fails(breakers: StoreBreakers, with_ = clock): Promise<string> {
  return breakers.call(STORE, with_, away).catch((cause: unknown) => String(cause));
}

beforeEach(() => {
  nowMs = 1_000;
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

describe('the breaker before a store', () => {
  test('leaves a store out after three failures in a row, without asking it, and no other store [F6] [X5]', async () => {
    const breakers = new StoreBreakers();
    for (let failure = 0; failure < 3; failure += 1) {
      expect(breakers.isTrusted(STORE, nowMs)).toBe(true);
      expect(await fails(breakers)).toContain('away');
    }
    expect(breakers.isTrusted(STORE, nowMs)).toBe(false);
    expect(breakers.isTrusted(OTHER, nowMs)).toBe(true);
    const ask = vi.fn<() => Promise<string>>(() => Promise.resolve('here'));
    await expect(breakers.call(STORE, clock, ask)).rejects.toThrow('left out');
    expect(ask).not.toHaveBeenCalled();
  });

  test('takes it back by itself when the one probe after the pause is answered [F6] [X5]', async () => {
    const breakers = new StoreBreakers();
    for (let failure = 0; failure < 3; failure += 1) await fails(breakers);
    nowMs += 5_000;
    expect(breakers.isTrusted(STORE, nowMs)).toBe(true);
    expect(await fails(breakers)).toContain('away');
    expect(breakers.isTrusted(STORE, nowMs)).toBe(false);
    nowMs += 5_000;
    let answer: (text: string) => void = () => undefined;
    const probe = breakers.call(STORE, clock, () => new Promise<string>((resolve) => (answer = resolve)));
    expect(breakers.isTrusted(STORE, nowMs)).toBe(false);
    answer('here');
    await expect(probe).resolves.toBe('here');
    expect(breakers.isTrusted(STORE, nowMs)).toBe(true);
  });

  test('counts silence as a failure [X5]', async () => {
    const breakers = new StoreBreakers();
    for (let failure = 0; failure < 3; failure += 1) {
      await expect(breakers.call(STORE, impatient, forEver)).rejects.toThrow('no answer');
    }
    expect(breakers.isTrusted(STORE, nowMs)).toBe(false);
  });

  test('does not mind failures between answers [X5]', async () => {
    const breakers = new StoreBreakers();
    for (let round = 0; round < 9; round += 1) {
      await fails(breakers);
      await breakers.call(STORE, clock, () => Promise.resolve('here'));
    }
    expect(breakers.isTrusted(STORE, nowMs)).toBe(true);
  });
});
