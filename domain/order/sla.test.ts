import { describe, expect, test } from 'vitest';
import { COURIER, OrderLife } from '../../test/support/order-life.ts';
import { storeToDoorMs, toTheDoorMs } from '../promise/ride.ts';
import { promisedAtMs } from './order.ts';
import { advance } from './saga.ts';
import { latestMoments, nextSlaMs } from './sla.ts';

function said(life: OrderLife): unknown[] {
  return life.log.map(({ event }) => event).filter(({ type }) => type.startsWith('sla.'));
}

describe('the promise of an order [F4]', () => {
  test('needs packed bags a ride before it ends, and bags on the bike a little later', () => {
    const { order } = new OrderLife().assign();
    const promisedMs = promisedAtMs(order);
    expect(latestMoments(order)).toEqual([
      { status: 'PACKED', byMs: promisedMs - storeToDoorMs(900) },
      { status: 'PICKED_UP', byMs: promisedMs - toTheDoorMs(900) },
    ]);
    expect(nextSlaMs(order)).toBe(promisedMs - storeToDoorMs(900));
  });

  test('is at risk from the moment at which bags should be packed and are not, said once', () => {
    const life = new OrderLife().assign();
    const byMs = promisedAtMs(life.order) - storeToDoorMs(900);
    life.wait(byMs - life.nowMs - 1);
    expect(said(life)).toEqual([]);
    life.wait(1).wait(1000);
    expect(said(life)).toEqual([{ type: 'sla.at_risk', waitingFor: 'PACKED' }]);
    expect(life.order.sla).toEqual({ atRiskAtMs: byMs, breachedAtMs: null });
  });

  test('is broken at its own moment, and that is on record whether or not it was foreseen', () => {
    const life = new OrderLife().assign();
    const promisedMs = promisedAtMs(life.order);
    life.wait(promisedMs - life.nowMs);
    expect(said(life)).toEqual([
      { type: 'sla.at_risk', waitingFor: 'PACKED' },
      { type: 'sla.breached', promisedAtMs: promisedMs },
    ]);
    expect(nextSlaMs(life.order)).toBeNull();
    expect(advance(life.order, promisedMs + 1)).toEqual([]);
  });

  test('is kept by whoever is at the door in time: nothing is said and nothing is looked at', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'report_pick', step: 'claimed' });
    life.tell({ do: 'report_pick', step: 'packed' });
    life.answer({ kind: 'approved', providerRef: 'psp_1', amountMinor: 6000, onDelivery: false });
    life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
    life.tell({ do: 'report_pick', step: 'handed_over' });
    life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321' });
    life.wait(3_600_000);
    expect(life.order.status).toBe('CLOSED');
    expect(said(life)).toEqual([]);
    expect(nextSlaMs(life.order)).toBeNull();
  });

  test('ends with a cancellation', () => {
    const life = new OrderLife().assign();
    life.tell({ do: 'cancel', as: 'customer', reason: 'changed my mind' });
    life.wait(3_600_000);
    expect(said(life)).toEqual([]);
  });
});
