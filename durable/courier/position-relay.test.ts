import { expect, test } from 'vitest';
import { asOrderId } from '../../domain/shared/ids.ts';
import { PositionRelay } from './position-relay.ts';

const ORDER = asOrderId('ord_00000000000000000000000001');
const OTHER = asOrderId('ord_00000000000000000000000002');

function fix(atMs: number) {
  return { lat: 1, lng: 1, atMs };
}

test('one call in flight per order, then the newest position and none in between', async () => {
  const sent: string[] = [];
  const gates: (() => void)[] = [];
  const relay = new PositionRelay((orderId, { atMs }) => {
    sent.push(`${orderId.slice(-1)}:${atMs}`);
    const gate = Promise.withResolvers<void>();
    gates.push(gate.resolve);
    return gate.promise;
  });
  const first = relay.pass(ORDER, fix(1));
  for (let n = 2; n <= 1000; n += 1) void relay.pass(ORDER, fix(n));
  const other = relay.pass(OTHER, fix(1));
  expect(sent).toEqual(['1:1', '2:1']);
  for (const open of gates.splice(0)) open();
  await other;
  await expect.poll(() => sent).toEqual(['1:1', '2:1', '1:1000']);
  for (const open of gates.splice(0)) open();
  await first;
  expect(sent).toHaveLength(3);
});

test('an order that is away costs nothing but that position', async () => {
  const sent: number[] = [];
  const relay = new PositionRelay(async (_orderId, { atMs }) => {
    sent.push(atMs);
    if (atMs === 1) throw new Error('away');
  });
  await relay.pass(ORDER, fix(1));
  await relay.pass(ORDER, fix(2));
  expect(sent).toEqual([1, 2]);
});
