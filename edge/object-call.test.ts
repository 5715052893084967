import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callObject } from './object-call.ts';

beforeEach(() => {
  vi.stubGlobal('scheduler', { wait: () => Promise.resolve() });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function platformError(marks: object): Error {
  return Object.assign(new Error('the platform says'), marks);
}

/** How the call ended, and how often the object was asked. */
async function outcome(...answers: readonly (Error | string)[]): Promise<[string, number]> {
  let calls = 0;
  const result = await callObject(async () => {
    const answer = answers[Math.min(calls, answers.length - 1)] ?? '';
    calls += 1;
    if (typeof answer === 'string') return answer;
    throw answer;
  });
  return [result.ok ? result.value : result.error.code, calls];
}

test('what the platform calls retryable is tried again, three times in all [X4]', async () => {
  const moving = platformError({ retryable: true });
  expect(await outcome(moving, moving, 'done')).toEqual(['done', 3]);
  expect(await outcome(moving)).toEqual(['UNAVAILABLE', 3]);
});

test('an overloaded object is not asked again [X4]', async () => {
  expect(await outcome(platformError({ overloaded: true, retryable: true }))).toEqual(['UNAVAILABLE', 1]);
});

test('what the object itself throws is a bug and stays one', async () => {
  await expect(outcome(new Error('invariant broken'))).rejects.toThrow('invariant broken');
});
