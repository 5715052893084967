import { expect, test } from 'vitest';
import { statusAliases } from './aliases.ts';
import type { OrderStatus } from './transitions.ts';

const TABLE: readonly (readonly [OrderStatus, accepted: boolean, fulfilment: string, marketplace: string])[] = [
  ['PENDING', false, 'pending', 'PENDING'],
  ['CONFIRMED', false, 'confirmed', 'PENDING'],
  ['ASSIGNED_TO_STORE', false, 'assigned', 'PENDING'],
  ['ASSIGNED_TO_STORE', true, 'assigned', 'ACCEPTED'],
  ['PICKING', true, 'preparing', 'PREPARING'],
  ['PACKED', true, 'ready_for_pickup', 'READY'],
  ['ASSIGNED_TO_PARTNER', true, 'ready_for_pickup', 'ASSIGNED'],
  ['PICKED_UP', true, 'out_for_delivery', 'PICKED'],
  ['IN_TRANSIT', true, 'out_for_delivery', 'OUT_FOR_DELIVERY'],
  ['DELIVERED', true, 'delivered', 'DELIVERED'],
  ['CLOSED', true, 'delivered', 'COMPLETE'],
  ['CANCELLED', true, 'cancelled', 'CANCELLED'],
  ['REFUNDED', true, 'cancelled', 'CANCELLED'],
];

test.each(TABLE)('%s (accepted: %s) is %s to a fulfilment system and %s to a marketplace [O5] [O6]', (...row) => {
  const [status, accepted, fulfilment, marketplace] = row;
  expect(statusAliases(status, accepted)).toEqual({ fulfilment, marketplace });
});
