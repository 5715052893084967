import { describe, expect, test } from 'vitest';
import { COURIER, NEXT_HANDOVER_CODE, OrderLife, OTHER_COURIER } from '../../test/support/order-life.ts';
import { replay } from './evolve.ts';

function assigned(): OrderLife {
  const life = new OrderLife();
  life.assign();
  life.tell({ do: 'report_pick', step: 'claimed' });
  life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  return life;
}

function packed(life: OrderLife): OrderLife {
  life.tell({ do: 'report_pick', step: 'packed' });
  return life;
}

describe('taking a courier off', () => {
  test('an order that waits for its courier goes back to PACKED, and another one may take it [D9] [O3]', () => {
    const life = packed(assigned());
    expect(life.order.status).toBe('ASSIGNED_TO_PARTNER');
    expect(life.tell({ do: 'reassign', reason: 'NO_SHOW' })).toEqual({ ok: true, value: null });
    expect(life.order).toMatchObject({ status: 'PACKED', courier: { at: 'REQUESTED' } });
    life.tell({ do: 'report_courier', step: 'accepted', courierId: OTHER_COURIER });
    expect(life.order).toMatchObject({ status: 'ASSIGNED_TO_PARTNER', courier: { courierId: OTHER_COURIER } });
    expect(life.order.steps.at(-2)).toMatchObject({ status: 'PACKED', reason: 'NO_SHOW' });
    expect(replay(life.log)).toEqual(life.order);
  });

  test('an order that is still picked stays where it is [D9]', () => {
    const life = assigned();
    life.tell({ do: 'reassign', reason: 'BREAKDOWN' });
    expect(life.order).toMatchObject({ status: 'PICKING', courier: { at: 'REQUESTED' } });
  });

  test('whoever is taken off knows the handover code no longer [D9]', () => {
    const life = packed(assigned());
    expect(life.order.handoverCode).toBe(life.order.terms.handoverCode);
    life.tell({ do: 'reassign', reason: 'TOO_LATE' });
    expect(life.order.handoverCode).toBe(NEXT_HANDOVER_CODE);
  });

  test('the courier may give it back, and nobody else in its name [D9]', () => {
    const life = packed(assigned());
    const back = { do: 'give_back', reason: 'BREAKDOWN' } as const;
    expect(life.tell({ ...back, courierId: OTHER_COURIER })).toMatchObject({ error: { code: 'NOT_REASSIGNABLE' } });
    life.tell({ ...back, courierId: COURIER });
    expect(life.order).toMatchObject({ status: 'PACKED', courier: { at: 'REQUESTED' } });
    expect(life.tell({ ...back, courierId: COURIER }).ok).toBe(false);
  });

  test('is too late once the bags have left the store, and too early before there is a courier [D9]', () => {
    const early = new OrderLife();
    early.assign();
    expect(early.tell({ do: 'reassign', reason: 'OTHER' })).toEqual({
      ok: false,
      error: { code: 'NOT_REASSIGNABLE', status: 'ASSIGNED_TO_STORE' },
    });
    const late = packed(assigned());
    late.tell({ do: 'report_pick', step: 'handed_over' });
    expect(late.tell({ do: 'reassign', reason: 'OTHER' })).toMatchObject({ error: { status: 'PICKED_UP' } });
  });

  test('one who was taken off neither departs nor delivers [D9]', () => {
    const life = packed(assigned());
    life.tell({ do: 'reassign', reason: 'NO_SHOW' });
    life.tell({ do: 'report_courier', step: 'accepted', courierId: OTHER_COURIER });
    life.tell({ do: 'report_pick', step: 'handed_over' });
    expect(life.tell({ do: 'report_courier', step: 'departed', courierId: COURIER }).ok).toBe(false);
    const proof = { do: 'prove_delivery', courierId: COURIER, code: '4321' } as const;
    expect(life.tell(proof)).toMatchObject({ error: { code: 'NOT_ASSIGNED' } });
  });
});
