import { expect, test } from 'vitest';
import { murmur2, partitionOf } from './partition.ts';

// Vectors of Apache Kafka's own test, org.apache.kafka.common.utils.UtilsTest.testMurmur2.
const VECTORS: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

test.each(VECTORS)('hashes %s as Kafka does', (key, hash) => {
  expect(murmur2([...new TextEncoder().encode(key)])).toBe(hash);
});

test('hashes text of every UTF-8 width by its bytes', () => {
  for (const key of ['é', '…', '🛒', 'ord_é…🛒']) {
    const expected = (murmur2([...new TextEncoder().encode(key)]) & 0x7fffffff) % 12;
    expect(partitionOf(key, 12)).toBe(expected);
  }
});
