import type { DeliveryView } from '../../contracts/http/deliveries.ts';
import { toTimestamp } from '../../contracts/wire.ts';
import { hasReached, quoteOf } from '../../domain/order/order.ts';
import type { OrderState } from '../../domain/order/order.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import { storeToDoorMs } from '../../domain/promise/ride.ts';
import { distanceM } from '../../domain/shared/geo.ts';
import { deliveryIdOf } from '../../domain/shared/ids.ts';

const MINUTE_MS = 60_000;

/** The order as a delivery; `null` while no courier has it. */
export function toDeliveryView(state: OrderState): DeliveryView | null {
  const { courier, custody, terms } = state;
  if (courier.at !== 'ACCEPTED') return null;
  const { lat, lng } = quoteOf(state).location;
  const pickup = { lat, lng };
  const drop = { lat: terms.drop.lat, lng: terms.drop.lng };
  const [pickedUpAtMs, deliveredAtMs] = [reachedMs(state, 'PICKED_UP'), reachedMs(state, 'DELIVERED')];
  const took = pickedUpAtMs === null || deliveredAtMs === null ? null : deliveredAtMs - pickedUpAtMs;
  return {
    id: deliveryIdOf(terms.orderId),
    orderId: terms.orderId,
    courierId: courier.courierId,
    status: deliveryStatus(state),
    assignedAt: toTimestamp(courier.atMs),
    pickedUpAt: stamp(pickedUpAtMs),
    arrivedAt: stamp(custody.arrived?.atMs ?? null),
    deliveredAt: stamp(deliveredAtMs),
    pickup,
    drop,
    estimatedMinutes: Math.ceil(storeToDoorMs(distanceM(pickup, drop)) / MINUTE_MS),
    actualMinutes: took === null ? null : Math.ceil(took / MINUTE_MS),
  };
}

function deliveryStatus(state: OrderState): DeliveryView['status'] {
  if (hasReached(state, 'DELIVERED')) return 'DELIVERED';
  if (hasReached(state, 'IN_TRANSIT')) return 'IN_TRANSIT';
  return hasReached(state, 'PICKED_UP') ? 'PICKED' : 'ASSIGNED';
}

function reachedMs({ steps }: OrderState, status: OrderStatus): number | null {
  return steps.find((step) => step.status === status)?.atMs ?? null;
}

function stamp(atMs: number | null): string | null {
  return atMs === null ? null : toTimestamp(atMs);
}
