import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPROVED, candidate, OrderLife } from '../../test/support/order-life.ts';
import { live, lives } from '../../test/support/order-lives.ts';
import { placedAtMs, promisedAtMs, quoteOf, servingStore } from './order.ts';
import { nextLookMs } from './saga.ts';
import { WAIT_MAX_MS } from './waiting.ts';

const PAUSED = { kind: 'refused', code: 'STORE_CLOSED', shortages: [] } as const;
const FULL = { kind: 'refused', code: 'STORE_BUSY', shortages: [], retryAfterMs: 240_000 } as const;
const SHORT = { kind: 'refused', code: 'INSUFFICIENT_STOCK', shortages: [] } as const;
const MINUTE_MS = 60_000;
const [NEAR, FAR] = [candidate(1), candidate(2)];

function patient(candidates: readonly [typeof NEAR, ...(typeof NEAR)[]] = [NEAR]): OrderLife {
  return new OrderLife({ candidates, waitMaxMs: WAIT_MAX_MS });
}
function standing(life: OrderLife, place: number, inMs = 5 * MINUTE_MS) {
  return { place, turnAtMs: life.nowMs + inMs };
}
function waiting(): OrderLife {
  const life = patient().answer(PAUSED);
  return life.answer({ kind: 'in_line', standing: standing(life, 3) });
}
function turn(life: OrderLife, storeId = NEAR.storeId): OrderLife {
  life.tell({ do: 'move_in_line', storeId, standing: null });
  return life;
}
function types(life: OrderLife): string[] {
  return life.log.map(({ event }) => (event.type === 'call.started' ? event.step : event.type));
}

describe('an order that may wait [O14]', () => {
  test('joins the line of the store that takes none, is held at its turn, and pays after that alone', () => {
    const life = waiting();
    expect(life.order).toMatchObject({ call: null, payment: { at: 'NONE' }, line: { at: 'WAITING' } });
    turn(life);
    expect(life.order.call).toMatchObject({ step: 'hold', opId: 'ord_00000000000000000000000001:hold:0:turn1' });
    life.assign();
    expect(life.path).toBe('PENDING CONFIRMED ASSIGNED_TO_STORE');
    const told = types(life);
    expect(told.indexOf('pay')).toBeGreaterThan(told.indexOf('stock.held'));
    expect(told.indexOf('stock.held')).toBeGreaterThan(told.indexOf('line.turn_came'));
  });

  test('that did not say so is refused at once', () => {
    const life = new OrderLife({ candidates: [NEAR] }).answer(PAUSED);
    expect(life.order).toMatchObject({ status: 'CANCELLED', cancellation: { code: 'STORE_CLOSED' }, line: null });
  });

  test('does not wait as long as another store can have it', () => {
    const life = patient([NEAR, FAR]).answer(PAUSED).assign();
    expect(servingStore(life.order)?.storeId).toBe(FAR.storeId);
    expect(types(life)).not.toContain('join');
  });

  test('waits for one that is paused, though another one is short', () => {
    const life = patient([NEAR, FAR]).answer(SHORT).answer(PAUSED);
    life.answer({ kind: 'in_line', standing: standing(life, 1) });
    expect(life.order.line).toMatchObject({ storeId: FAR.storeId });
    turn(life, FAR.storeId).assign();
    expect(servingStore(life.order)?.storeId).toBe(FAR.storeId);
  });

  test('asks the next one when a line is full, and is turned away with a time when all are', () => {
    const life = patient([NEAR, FAR]).answer(PAUSED).answer(PAUSED).answer(FULL);
    expect(life.order.call).toMatchObject({ step: 'join', opId: 'ord_00000000000000000000000001:join:1' });
    life.answer(FULL);
    expect(life.order).toMatchObject({
      status: 'CANCELLED',
      cancellation: { code: 'STORE_BUSY' },
      lineRefusals: [{ retryAfterMs: 240_000 }, { retryAfterMs: 240_000 }],
    });
  });

  test('is given up by itself after the time it may wait, with nothing to give back but its place', () => {
    const life = waiting();
    expect(nextLookMs(life.order, life.nowMs)).toBe(placedAtMs(life.order) + WAIT_MAX_MS);
    life.wait(WAIT_MAX_MS - 1);
    expect(life.order.status).toBe('PENDING');
    life.wait(1);
    expect(life.order).toMatchObject({ status: 'CANCELLED', cancellation: { code: 'STORE_BUSY' }, call: null });
    expect(types(life).slice(-2)).toEqual(['order.cancelled', 'line.left']);
  });

  test('leaves at once when it is cancelled, whether it stands, is called, or has only asked', () => {
    const asked = patient().answer(PAUSED);
    asked.tell({ do: 'cancel', as: 'customer', reason: 'never mind' });
    asked.answer({ kind: 'in_line', standing: standing(asked, 1) });
    const called = turn(waiting());
    called.tell({ do: 'cancel', as: 'customer', reason: 'never mind' });
    called.answer(PAUSED);
    const stands = waiting();
    stands.tell({ do: 'cancel', as: 'customer', reason: 'never mind' });
    for (const life of [asked, called, stands]) {
      expect(life.order).toMatchObject({ status: 'CANCELLED', call: null, payment: { at: 'NONE' } });
      expect(types(life)).toContain('line.left');
      expect(types(life)).not.toContain('pay');
    }
  });

  test('takes a word of the store that overtakes the answer to joining as that answer', () => {
    const life = turn(patient().answer(PAUSED));
    expect(life.order).toMatchObject({ line: { at: 'CALLED', turns: 1 }, call: { step: 'hold' } });
    life.assign();
    expect(life.order.status).toBe('ASSIGNED_TO_STORE');
  });

  test('hears nobody but the store whose line it stands in', () => {
    const life = waiting();
    const { length } = life.log;
    life.tell({ do: 'move_in_line', storeId: FAR.storeId, standing: null });
    expect(life.log.length).toBe(length);
    const served = turn(waiting()).assign();
    const before = served.log.length;
    turn(served);
    expect(served.log.length).toBe(before);
  });

  test('stands in line again when the store has paused before its turn was taken, three times at most', () => {
    const life = waiting();
    for (const n of [1, 2]) {
      turn(life).answer(PAUSED);
      expect(life.order.call).toMatchObject({ step: 'join', opId: `ord_00000000000000000000000001:join:${n}` });
      life.answer({ kind: 'in_line', standing: standing(life, 1) });
    }
    turn(life).answer(PAUSED);
    expect(life.order).toMatchObject({ status: 'CANCELLED', cancellation: { code: 'STORE_CLOSED' } });
  });

  test('ends as short when its goods are sold out by its turn', () => {
    const life = turn(waiting()).answer(SHORT);
    expect(life.order).toMatchObject({ status: 'CANCELLED', cancellation: { code: 'INSUFFICIENT_STOCK' } });
  });

  test('is promised its time from its turn on: as estimated, then as it came', () => {
    const life = waiting();
    expect(promisedAtMs(life.order)).toBe(life.nowMs + 5 * MINUTE_MS + NEAR.promiseMs);
    life.wait(9 * MINUTE_MS);
    turn(life).assign();
    expect(promisedAtMs(life.order)).toBe(life.nowMs + NEAR.promiseMs);
    // Nothing was promised for the time in line.
    expect(types(life).filter((type) => type.startsWith('sla.'))).toEqual([]);
    life.wait(NEAR.promiseMs);
    expect(types(life)).toContain('sla.breached');
  });

  test('costs what the store it waits for asked, wherever it is served', () => {
    const dearer = { ...FAR, deliveryFeeMinor: 900, totalMinor: 6400 };
    const life = patient([dearer, NEAR]).answer(PAUSED).answer(SHORT);
    life.answer({ kind: 'in_line', standing: standing(life, 1) });
    expect(quoteOf(life.order).totalMinor).toBe(6400);
    turn(life, dearer.storeId).answer(SHORT);
    life.answer({ kind: 'held', expiresAtMs: life.nowMs + 600_000 }).answer(APPROVED);
    expect(quoteOf(life.order)).toMatchObject({ storeId: NEAR.storeId, totalMinor: 6400 });
  });

  test('tells its watchers of each place, and when it waits no more [T2]', () => {
    const life = waiting();
    life.tell({ do: 'move_in_line', storeId: NEAR.storeId, standing: standing(life, 2) });
    turn(life).assign();
    const news = life.order.news.flatMap((item) => (item.kind === 'queue' ? [item.standing?.place ?? null] : []));
    expect(news).toEqual([3, 2, null]);
  });
});

describe('whatever happens to an order that may wait', () => {
  test('it asks for no money before a store holds its basket, and never stands in line afterwards [O14]', () => {
    fc.assert(
      fc.property(lives, (script) => {
        const life = live({ ...script, waitMaxMs: WAIT_MAX_MS });
        const told = types(life);
        const paid = told.indexOf('pay');
        const held = told.indexOf('stock.held');
        expect(paid < 0 || (held >= 0 && held < paid)).toBe(true);
        const joined = Math.max(told.lastIndexOf('line.joined'), told.lastIndexOf('line.turn_came'));
        expect(paid < 0 || joined < paid).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('it comes to an end by itself within the time it may wait, or is served [O10] [O14]', () => {
    fc.assert(
      fc.property(lives, (script) => {
        const life = live({ ...script, waitMaxMs: WAIT_MAX_MS });
        if (life.order.call === null) life.wait(WAIT_MAX_MS);
        const { status, line, stock, call } = life.order;
        const waits = status === 'PENDING' && line !== null && stock.at === 'NONE';
        expect(waits && call === null).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
