import { expect, test } from 'vitest';
import { firstMoveAtMs, wasOpen, type WrittenFact } from './saga-moves.ts';

function written(...facts: readonly (readonly [atMs: number, type: string])[]): readonly WrittenFact[] {
  return facts.map(([atMs, type]) => ({ atMs, event: { type } }));
}
const WAITING = written(
  [100, 'order.placed'],
  [110, 'payment.pending'],
  [900, 'call.started'],
  [905, 'payment.pending'],
);

test.each<[string, readonly WrittenFact[], boolean]>([
  ['waits for its provider', WAITING, true],
  ['was placed later', written([600, 'order.placed']), false],
  ['was paid before', [...WAITING.slice(0, 2), ...written([200, 'payment.authorized'])], false],
  ['is cancelled afterwards', [...WAITING, ...written([950, 'order.cancelled'])], true],
])('an order that %s', (_, log, isOpen) => {
  expect(wasOpen(log, 500)).toBe(isOpen);
});

test('an order has moved with the first thing that it wrote down since, and not with what was there', () => {
  expect(firstMoveAtMs(WAITING, 500)).toBe(900);
  expect(firstMoveAtMs(WAITING, 906)).toBeNull();
});
