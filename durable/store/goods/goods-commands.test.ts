import { describe, expect, it } from 'vitest';
import { asLotId, asSku } from '../../../domain/shared/ids.ts';
import { execute, goods, levelIn, lotsOf, receive } from '../../../test/support/goods-commands.ts';
import { openStoreWorld } from '../../../test/support/store-world.ts';

const TEA = asSku('TEA');
const LOT = asLotId('L-1');

describe('AdjustStock', () => {
  it('takes units off and says what is left [I6]', () => {
    const world = openStoreWorld({ TEA: 6 });
    const answer = execute(world, { do: 'AdjustStock', sku: TEA, quantity: -4, reason: 'MISCOUNTED' });
    expect(answer).toEqual({ ok: true, value: { sku: TEA, quantity: -4, sequence: 2, available: 2, blocked: 0 } });
    expect(levelIn(world, 'TEA')).toMatchObject({ received: 6, adjusted: -4, available: 2 });
  });

  it('refuses to take more than the shelf has, and says how much that is', () => {
    const world = openStoreWorld({ TEA: 3 });
    expect(execute(world, { do: 'AdjustStock', sku: TEA, quantity: -4, reason: 'MISCOUNTED' })).toMatchObject({
      ok: false,
      error: { code: 'INSUFFICIENT_STOCK', numbers: { shortages: [{ sku: 'TEA', requested: 4, available: 3 }] } },
    });
  });
});

describe('goods that are set aside', () => {
  it('are blocked, checked and for sale again, or written off for good [I6]', () => {
    const world = openStoreWorld({ TEA: 6 });
    const blocked = execute(world, { do: 'BlockStock', sku: TEA, quantity: 5, reason: 'DAMAGED' });
    expect(blocked).toEqual({ ok: true, value: { sku: TEA, quantity: 5, sequence: 2, available: 1, blocked: 5 } });
    const unblocked = execute(world, { do: 'UnblockStock', sku: TEA, quantity: 2, reason: 'CHECKED' });
    expect(unblocked).toEqual({ ok: true, value: { sku: TEA, quantity: 2, sequence: 3, available: 3, blocked: 3 } });
    execute(world, { do: 'WriteOffStock', sku: TEA, quantity: 3, reason: 'DAMAGE', from: 'blocked' });
    execute(world, { do: 'WriteOffStock', sku: TEA, quantity: 1, reason: 'THEFT', from: 'available' });
    expect(levelIn(world, 'TEA')).toMatchObject({ available: 2, blocked: 0, writtenOff: 4 });
  });

  it.each([
    ['UnblockStock', { reason: 'CHECKED' }, 0],
    ['WriteOffStock', { reason: 'DAMAGE', from: 'blocked' }, 0],
    ['WriteOffStock', { reason: 'DAMAGE', from: 'available' }, 6],
    ['BlockStock', { reason: 'IN_DOUBT' }, 6],
  ] as const)('%s of more than there is says how many there are, and changes nothing', (name, rest, left) => {
    const world = openStoreWorld({ TEA: 6 });
    const before = levelIn(world, 'TEA');
    expect(execute(world, { do: name, sku: TEA, quantity: 7, ...rest } as never)).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK', numbers: { shortages: [{ requested: 7, available: left }] } },
    });
    expect(levelIn(world, 'TEA')).toEqual(before);
  });

  it('of a lot are of that lot alone', () => {
    const world = openStoreWorld({ TEA: 0 });
    receive(world, [goods('TEA', 4, 'L-1', 9), goods('TEA', 4, 'L-2', 5)]);
    execute(world, { do: 'BlockStock', sku: TEA, quantity: 3, reason: 'QUALITY_CHECK', lotId: LOT });
    expect(lotsOf(world, 'TEA')).toEqual({ 'L-1': 'OPEN 4/3', 'L-2': 'OPEN 4/0' });
    // One unit of the lot is free, and five of the SKU.
    expect(execute(world, { do: 'BlockStock', sku: TEA, quantity: 2, reason: 'IN_DOUBT', lotId: LOT })).toMatchObject({
      error: { numbers: { shortages: [{ available: 1 }] } },
    });
    execute(world, { do: 'UnblockStock', sku: TEA, quantity: 1, reason: 'CHECKED', lotId: LOT });
    execute(world, { do: 'WriteOffStock', sku: TEA, quantity: 2, reason: 'EXPIRY', from: 'blocked', lotId: LOT });
    execute(world, { do: 'WriteOffStock', sku: TEA, quantity: 1, reason: 'DAMAGE', from: 'available', lotId: LOT });
    expect(lotsOf(world, 'TEA')).toEqual({ 'L-1': 'OPEN 1/0', 'L-2': 'OPEN 4/0' });
    expect(levelIn(world, 'TEA')).toMatchObject({ available: 5, blocked: 0, writtenOff: 3 });
  });

  it('as the SKU’s are not those that a lot has blocked', () => {
    const world = openStoreWorld({ TEA: 2 });
    receive(world, [goods('TEA', 4, 'L-1', 9)]);
    execute(world, { do: 'BlockStock', sku: TEA, quantity: 4, reason: 'IN_DOUBT', lotId: LOT });
    execute(world, { do: 'BlockStock', sku: TEA, quantity: 1, reason: 'IN_DOUBT' });
    expect(execute(world, { do: 'UnblockStock', sku: TEA, quantity: 2, reason: 'CHECKED' })).toMatchObject({
      error: { code: 'INSUFFICIENT_STOCK', numbers: { shortages: [{ available: 1 }] } },
    });
  });
});

describe('a write that rests on what its writer saw', () => {
  const writes = [
    { do: 'AdjustStock', sku: TEA, quantity: 1, reason: 'FOUND' },
    { do: 'WriteOffStock', sku: TEA, quantity: 1, reason: 'DAMAGE', from: 'available' },
    { do: 'BlockStock', sku: TEA, quantity: 1, reason: 'IN_DOUBT' },
    { do: 'UnblockStock', sku: TEA, quantity: 1, reason: 'CHECKED' },
  ] as const;

  it.each(writes)('$do is refused when the SKU has moved since, and told how it is now [I5]', (write) => {
    const world = openStoreWorld({ TEA: 6, MILK: 2 });
    const seen = execute(world, { do: 'BlockStock', sku: TEA, quantity: 2, reason: 'DAMAGED' });
    expect(seen).toMatchObject({ value: { sequence: 2 } });
    execute(world, { do: 'BlockStock', sku: TEA, quantity: 1, reason: 'DAMAGED' });
    const level = levelIn(world, 'TEA');
    expect(execute(world, { ...write, expectedSequence: 2 })).toEqual({
      ok: false,
      error: expect.objectContaining({
        code: 'STOCK_CHANGED',
        numbers: { sku: 'TEA', expectedSequence: 2, sequence: 3, level },
      }),
    });
    expect(levelIn(world, 'TEA')).toEqual(level);
    // What moved of another SKU is nothing to it.
    execute(world, { do: 'BlockStock', sku: asSku('MILK'), quantity: 1, reason: 'DAMAGED' });
    expect(execute(world, { ...write, expectedSequence: 3 })).toMatchObject({ ok: true, value: { sequence: 4 } });
  });

  it('is asked for its sequence before anything else of it is judged [I5]', () => {
    const world = openStoreWorld({ TEA: 6 });
    const tooMany = { do: 'BlockStock', sku: TEA, quantity: 7, reason: 'IN_DOUBT', expectedSequence: 0 } as const;
    expect(execute(world, tooMany)).toMatchObject({ error: { code: 'STOCK_CHANGED', numbers: { sequence: 1 } } });
  });
});

describe('bad input is refused by a closed code and changes nothing [X8]', () => {
  const quantities = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1_000_001];
  const base = { sku: TEA, quantity: 1 };
  const bad: [string, object, string][] = [
    ...quantities.map((quantity): [string, object, string] => [
      `${quantity} units`,
      { ...base, do: 'BlockStock', reason: 'IN_DOUBT', quantity },
      'INVALID_INPUT',
    ]),
    [
      'a sequence before the first',
      { ...base, do: 'AdjustStock', reason: 'FOUND', expectedSequence: -1 },
      'INVALID_INPUT',
    ],
    ['half a sequence', { ...base, do: 'BlockStock', reason: 'IN_DOUBT', expectedSequence: 0.5 }, 'INVALID_INPUT'],
    ['0 adjusted', { ...base, do: 'AdjustStock', reason: 'FOUND', quantity: 0 }, 'INVALID_INPUT'],
    ['a reason of another command', { ...base, do: 'BlockStock', reason: 'THEFT' }, 'INVALID_INPUT'],
    ['a place that there is not', { ...base, do: 'WriteOffStock', reason: 'THEFT', from: 'held' }, 'INVALID_INPUT'],
    [
      'a lot number too long',
      { ...base, do: 'BlockStock', reason: 'IN_DOUBT', lotId: 'x'.repeat(21) },
      'INVALID_INPUT',
    ],
    ['a lot that never came', { ...base, do: 'BlockStock', reason: 'IN_DOUBT', lotId: 'L-9' }, 'UNKNOWN_LOT'],
    ['a SKU that is not sold', { ...base, do: 'BlockStock', reason: 'IN_DOUBT', sku: 'NO' }, 'UNKNOWN_SKU'],
    ['a bin of another house', { do: 'PutAwayStock', sku: TEA, bin: 'Shelf 4' }, 'INVALID_INPUT'],
    [
      'a zone that there is not',
      { do: 'PutAwayStock', sku: TEA, bin: 'A01-1-1', temperatureZone: 'hot' },
      'INVALID_INPUT',
    ],
    [
      'more put away than is there',
      { do: 'PutAwayStock', sku: TEA, bin: 'A01-1-1', quantity: 7 },
      'INSUFFICIENT_STOCK',
    ],
    ['an unknown SKU put away', { do: 'PutAwayStock', sku: 'NO', bin: 'A01-1-1' }, 'UNKNOWN_SKU'],
    ['a recall without a reason', { do: 'RecallLot', sku: TEA, lotId: 'L-1', reason: '' }, 'INVALID_INPUT'],
    [
      'a recall of a SKU that is not sold',
      { do: 'RecallLot', sku: 'NO', lotId: 'L-1', reason: 'QUALITY' },
      'UNKNOWN_SKU',
    ],
    ['half a day of life', { do: 'SetSellByMargin', sku: TEA, days: 0.5 }, 'INVALID_INPUT'],
    ['two years of life', { do: 'SetSellByMargin', sku: TEA, days: 731 }, 'INVALID_INPUT'],
    ['no rule for the store', { do: 'SetSellByMargin', sku: null, days: null }, 'INVALID_INPUT'],
    ['a rule for a SKU that is not sold', { do: 'SetSellByMargin', sku: 'NO', days: 2 }, 'UNKNOWN_SKU'],
  ];
  it.each(bad)('%s', (_, command, code) => {
    const world = openStoreWorld({ TEA: 6 });
    const tables = ['stock', 'movements', 'lots', 'putaways', 'bins', 'sell_by_margins', 'outbox'];
    const before = tables.map((table) => world.sql.all(`SELECT * FROM ${table}`));
    expect(execute(world, command as never)).toMatchObject({ ok: false, error: { code } });
    expect(tables.map((table) => world.sql.all(`SELECT * FROM ${table}`))).toEqual(before);
  });
});
