import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPROVED_COD, COURIER, OrderLife, OTHER_COURIER } from '../../test/support/order-life.ts';
import type { Told } from '../../test/support/order-life.ts';
import { missingLinks } from './custody.ts';
import { GEOFENCE_M } from './delivery.ts';
import { replay } from './evolve.ts';
import { hasReached } from './order.ts';

const SEALS = ['S-1', 'S-2'];
const PHOTO = { ref: 'proofs/1', sha256: 'a'.repeat(64) };

function onTheRoad(seals: readonly string[] = SEALS, cod = false): OrderLife {
  const life = new OrderLife(cod ? { method: 'cod' } : {});
  life.assign(cod ? APPROVED_COD : undefined);
  life.tell({ do: 'report_pick', step: 'claimed' });
  life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
  life.tell({ do: 'report_pick', step: 'packed', seals });
  life.tell({ do: 'report_pick', step: 'handed_over', seals });
  life.tell({ do: 'report_courier', step: 'departed', courierId: COURIER });
  return life;
}

/** So many metres north of the door. */
function near(life: OrderLife, metres: number): Told {
  const { drop } = life.order.terms;
  return { do: 'courier_at', courierId: COURIER, at: { lat: drop.lat + metres / 111_195, lng: drop.lng } };
}

describe('the chain of custody', () => {
  test('is whole from the seal to the code [D11]', () => {
    const life = onTheRoad();
    life.tell(near(life, 40));
    life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321' });
    expect(life.order.custody).toMatchObject({
      sealed: { seals: SEALS },
      handedOver: { seals: SEALS },
      arrived: { courierId: COURIER, distanceM: 40 },
      proved: { by: 'CODE' },
      waived: [],
    });
    expect(missingLinks(life.order.custody)).toEqual([]);
  });

  test('a courier arrives once, within the fence, and only the one who carries it', () => {
    const life = onTheRoad();
    life.tell(near(life, GEOFENCE_M + 5));
    life.tell({ ...near(life, 10), courierId: OTHER_COURIER } as Told);
    expect(life.order.custody.arrived).toBeNull();
    life.tell(near(life, GEOFENCE_M - 5));
    life.tell(near(life, 1));
    expect(life.order.custody.arrived?.distanceM).toBe(GEOFENCE_M - 5);
    expect(life.log.filter(({ event }) => event.type === 'delivery.arrived')).toHaveLength(1);
  });

  test('the code of the customer lets go what is missing, and says so', () => {
    const life = onTheRoad([]);
    life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321' });
    expect(life.order.custody).toMatchObject({ proved: { by: 'CODE' }, waived: ['SEALED', 'ARRIVED'] });
  });

  test('a picture needs the courier at the door, and nothing to collect', () => {
    const life = onTheRoad();
    const proof = { do: 'prove_delivery', courierId: COURIER, photo: PHOTO } as const;
    expect(life.tell(proof)).toMatchObject({ error: { code: 'PHOTO_NOT_ENOUGH', missing: ['ARRIVED'] } });
    life.tell(near(life, 10));
    expect(life.tell(proof).ok).toBe(true);
    expect(life.order.custody).toMatchObject({ proved: { by: 'PHOTO', photo: PHOTO }, waived: [] });
    const cod = onTheRoad(SEALS, true);
    cod.tell(near(cod, 10));
    expect(cod.tell(proof)).toMatchObject({ error: { code: 'PHOTO_NOT_ENOUGH', dueMinor: 6000 } });
  });

  test('an operator ends what a locked code has stopped, with a reason and the exact cash', () => {
    const life = onTheRoad(SEALS, true);
    for (let n = 0; n < 5; n += 1) life.tell({ do: 'prove_delivery', courierId: COURIER, code: '0000' });
    expect(life.tell({ do: 'prove_delivery', courierId: COURIER, code: '4321' })).toMatchObject({
      error: { code: 'DELIVERY_CODE_LOCKED' },
    });
    const override = { do: 'override_delivery', reason: 'Customer confirmed by phone.' } as const;
    expect(life.tell({ ...override, collectedMinor: 5999 })).toMatchObject({ error: { code: 'CASH_MISCOUNTED' } });
    expect(life.tell({ ...override, collectedMinor: 6000 }).ok).toBe(true);
    expect(life.order.custody).toMatchObject({ proved: { by: 'OVERRIDE' }, waived: ['ARRIVED'] });
  });

  test('an operator cannot say so of what never left the store', () => {
    const life = new OrderLife();
    life.assign();
    const told = life.tell({ do: 'override_delivery', reason: 'x', collectedMinor: 0 });
    expect(told).toMatchObject({ error: { code: 'ILLEGAL_TRANSITION' } });
  });

  test('whatever comes in whatever order: nothing is DELIVERED with a link that is neither there nor let go', () => {
    const couriers = [COURIER, OTHER_COURIER];
    const said: readonly Told[] = [
      { do: 'report_pick', step: 'claimed' },
      { do: 'report_pick', step: 'packed', seals: SEALS },
      { do: 'report_pick', step: 'packed' },
      { do: 'report_pick', step: 'handed_over', seals: SEALS },
      { do: 'reassign', reason: 'NO_SHOW' },
      { do: 'override_delivery', reason: 'phone', collectedMinor: 0 },
      ...couriers.flatMap((courierId): Told[] => [
        { do: 'report_courier', step: 'accepted', courierId },
        { do: 'report_courier', step: 'departed', courierId },
        { do: 'prove_delivery', courierId, code: '4321' },
        { do: 'prove_delivery', courierId, photo: PHOTO },
      ]),
    ];
    const anyTold = fc.oneof(
      fc.constantFrom(...said).map((told) => () => told),
      fc.nat(200).map((metres) => (life: OrderLife) => near(life, metres)),
    );
    let deliveries = 0;
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyTold, { minLength: 5, maxLength: 40 }), (sealed, all) => {
        const life = new OrderLife();
        life.assign();
        life.tell({ do: 'report_pick', step: 'claimed' });
        life.tell({ do: 'report_courier', step: 'accepted', courierId: COURIER });
        life.tell({ do: 'report_pick', step: 'packed', ...(sealed ? { seals: SEALS } : {}) });
        for (const tell of all) life.tell(tell(life));
        const { custody } = life.order;
        const isDelivered = hasReached(life.order, 'DELIVERED');
        if (isDelivered) deliveries += 1;
        expect(custody.proved !== null).toBe(isDelivered);
        expect(!isDelivered || missingLinks(custody).length === 0).toBe(true);
        expect(!isDelivered || custody.handedOver !== null).toBe(true);
        expect(custody.proved?.by === 'PHOTO' && custody.waived.includes('ARRIVED')).toBe(false);
        expect(replay(life.log)).toEqual(life.order);
      }),
      { numRuns: 1000 },
    );
    expect(deliveries).toBeGreaterThan(100);
  });
});
