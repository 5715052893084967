import { describe, expect, test } from 'vitest';
import { post } from '../inventory/ledger.ts';
import type { Account } from '../inventory/ledger.ts';
import { NO_STOCK } from '../inventory/stock-level.ts';
import { asSku } from '../shared/ids.ts';
import { SHORT_PICK_EFFECTS, SHORT_PICK_REASONS } from './short-pick.ts';

const MILK = asSku('MILK-1L');
/** Five on the shelf by the books, three of them allocated to an order. */
const ACCOUNTS: ReadonlyMap<typeof MILK, Account> = new Map([
  [MILK, { level: { ...NO_STOCK, received: 5, available: 2, allocated: 3 }, sequence: 0 }],
]);

describe.each(SHORT_PICK_REASONS)('%s', (reason) => {
  const effect = SHORT_PICK_EFFECTS[reason];
  const movements = effect.movements.map((kind) => ({ kind, sku: MILK, quantity: 2 }));
  const posted = post(ACCOUNTS, movements);
  const after = posted.ok ? posted.value.at(-1)?.after : undefined;

  test('the ledger takes its movements, and no missing unit can be sold again [I6] [F8]', () => {
    expect(after).toMatchObject({ allocated: 1, available: 2, picked: 0, sold: 0 });
  });

  test('units are written off exactly when there is a reason to; else they wait for a count [I6]', () => {
    expect(after).toMatchObject(
      effect.writeOff === null ? { blocked: 2, writtenOff: 0 } : { blocked: 0, writtenOff: 2 },
    );
    expect(effect.writeOff === null).toBe(effect.count === 'NOW');
  });
});

test('only what was not there lowers the rest that may be sold [I6]', () => {
  const doubtful = SHORT_PICK_REASONS.filter((reason) => SHORT_PICK_EFFECTS[reason].restInDoubt);
  expect(doubtful).toEqual(['NOT_FOUND', 'WRONG_ITEM']);
});
