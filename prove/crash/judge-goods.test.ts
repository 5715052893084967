import { describe, expect, test } from 'vitest';
import { toTotalsView } from '../../contracts/http/totals.ts';
import { NO_STOCK, type StockLevel } from '../../domain/inventory/stock-level.ts';
import type { Answer, Entry } from './client-ledger.ts';
import { judgeOrders, judgeStock, judgeTransfers, type StoreEvidence } from './judge-goods.ts';
import type { BodyOf } from './operation.ts';

const A = 'sto_00000000000000000000000001';
const B = 'sto_00000000000000000000000002';
const LINES = [{ sku: 'TEA', quantity: 3 }];
type Van = BodyOf<'send'>;
type Order = BodyOf<'order'>;

function store(
  storeId: string,
  totals: Partial<StockLevel>,
  discrepancies: StoreEvidence['audit']['discrepancies'] = [],
): StoreEvidence {
  const audit = { totals: { ...NO_STOCK, ...totals }, discrepancies };
  return { storeId, openingUnits: 10, audit };
}
function done<Body>(body: Body): readonly Answer<Body>[] {
  return [{ ok: true, body }];
}
const NOTE_ANSWER = { receiptId: 'note-1', lines: 1, units: 3, repeated: false };
function note(answers: readonly Answer<typeof NOTE_ANSWER>[]): Entry<'receive'> {
  const operation = { do: 'receive', key: 'note-1', asker: 'operator', storeId: A, lines: LINES } as const;
  return { operation, sent: 1, troubles: [], answers };
}

describe('stock', () => {
  test('is what was there and what every note brought, once', () => {
    expect(judgeStock([note(done(NOTE_ANSWER))], store(A, { received: 13, available: 13 }))).toEqual([]);
    expect(judgeStock([note(done(NOTE_ANSWER))], store(A, { received: 16, available: 16 }))).toEqual([
      `${A}: notes of 13 units were received, it counts 16`,
    ]);
    expect(judgeStock([note([])], store(A, { received: 10, available: 10 })).join()).toContain('never received');
  });

  test('is conserved, and is what the ledger says', () => {
    expect(judgeStock([], store(A, { received: 10, available: 9 })).join()).toContain('1 units are nowhere');
    const off = store(A, { received: 10, available: 10 }, [{ sku: 'TEA', gapUnits: 2 }]);
    expect(judgeStock([], off)).toEqual([`${A}: TEA is 2 units away from its ledger`]);
  });
});

function van(change: Partial<Van>): Van {
  return {
    transferId: 'van-1',
    direction: 'OUT',
    status: 'IN_TRANSIT',
    otherStoreId: B,
    lines: LINES,
    received: null,
    lost: [],
    lots: [],
    lostLots: [],
    ...change,
  };
}
const SENT: Entry<'send'> = {
  operation: { do: 'send', key: 'van-1', asker: 'operator', storeId: A, toStoreId: B, lines: LINES },
  sent: 1,
  troubles: [],
  answers: done(van({})),
};
const UNLOADED: Entry<'unload'> = {
  operation: {
    do: 'unload',
    key: 'unload-van-1',
    asker: 'operator',
    storeId: B,
    fromStoreId: A,
    transferId: 'van-1',
    lines: LINES,
  },
  sent: 1,
  troubles: [],
  answers: done(van({ direction: 'IN', status: 'RECEIVED', received: LINES })),
};
const CALLED_BACK: Entry<'callBack'> = {
  operation: { do: 'callBack', key: 'back-van-1', asker: 'operator', storeId: A, transferId: 'van-1' },
  sent: 1,
  troubles: [],
  answers: done(van({ status: 'CANCELLING' })),
};
function judged(entries: readonly Entry[], found: Van, out: number, into: number): string {
  const stores = [store(A, { transferredOut: out }), store(B, { transferredIn: into })];
  return judgeTransfers(entries, new Map([['van-1', found]]), stores).join('\n');
}

describe('a transfer', () => {
  test('is under way, received as it was unloaded, or came back', () => {
    expect(judged([SENT], van({}), 3, 0)).toBe('');
    expect(judged([SENT, UNLOADED], van({ status: 'RECEIVED', received: LINES }), 3, 3)).toBe('');
    expect(judged([SENT, CALLED_BACK], van({ status: 'CANCELLED' }), 3, 3)).toBe('');
  });

  test('neither loses a unit nor doubles one', () => {
    expect(judged([SENT, UNLOADED], van({ status: 'RECEIVED', received: LINES }), 3, 6)).toContain(
      'the stores count 6',
    );
    expect(judged([SENT], van({}), 0, 0)).toContain('the stores count 0');
    expect(judged([SENT, UNLOADED], van({ status: 'CANCELLED' }), 3, 3)).toContain(
      'was unloaded, and at its origin it is CANCELLED',
    );
    expect(judged([SENT, CALLED_BACK], van({ status: 'CANCELLING' }), 3, 0)).toContain('still CANCELLING');
    expect(judged([SENT], van({ status: 'RECEIVED', received: LINES }), 3, 3)).toContain('nobody unloaded it');
  });
});

describe('an order', () => {
  const money = { amount: 1, currency: 'INR' };
  const body: Order = {
    id: 'ord_00000000000000000000000001',
    number: 'K-1',
    status: 'PACKED',
    aliases: { fulfilment: 'x', marketplace: 'x' },
    storeId: A,
    placedAt: '2026-01-01T00:00:00Z',
    promisedAt: null,
    lines: [
      { sku: 'TEA', name: 'Tea', quantity: 3, pickedQuantity: 3, unitPrice: money, total: money, discount: money },
    ],
    substitutions: [],
    totals: toTotalsView({ itemsMinor: 1, deliveryFeeMinor: 0, totalMinor: 1 }, 'INR'),
    payment: { method: 'cod', status: 'DUE_ON_DELIVERY' },
    history: [],
  };
  const placed: Entry<'order'> = {
    operation: { do: 'order', key: 'order-1', asker: 0, deliverTo: { lat: 1, lng: 1 }, lines: LINES },
    sent: 1,
    troubles: [],
    answers: done(body),
  };
  function judgedOrder(found: Order | undefined, picked: number): string {
    return judgeOrders([placed], new Map(found === undefined ? [] : [['order-1', found]]), store(A, { picked })).join(
      '\n',
    );
  }

  test('is there as it was placed, and the store keeps its units once', () => {
    expect(judgedOrder(body, 3)).toBe('');
    expect(judgedOrder({ ...body, status: 'CANCELLED' }, 0)).toBe('');
    expect(judgedOrder(undefined, 0)).toContain('acknowledged and is not there');
    expect(judgedOrder({ ...body, status: 'CONFIRMED' }, 3)).toContain('stands still');
    expect(judgedOrder(body, 6)).toContain('orders want 3 units, 6 are kept');
  });

  test('is one order, however often its key was sent', () => {
    const twice = {
      ...placed,
      answers: [...placed.answers, ...done({ ...body, id: 'ord_00000000000000000000000002' })],
    };
    expect(judgeOrders([twice], new Map([['order-1', body]]), store(A, { picked: 3 })).join()).toContain(
      'one key placed',
    );
  });
});
