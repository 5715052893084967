import type { OrderStatus } from '../../domain/order/transitions.ts';

/** Where to look when an order does not get past a status. */
export const STUCK_ORDER_ADVICE = {
  PENDING: 'its hold or its payment has no outcome: GET orders/:id says which, logs/worker.log why',
  CONFIRMED: 'the store has not taken it over: logs/worker.log, outbox of the order',
  ASSIGNED_TO_STORE: 'no tablet accepted and claimed it: the pickers’ lines above, the store’s task list on its socket',
  PICKING: 'it was claimed but not packed: the pickers’ lines above name the refusal',
  PACKED: 'no courier accepted it: GET admin/zones/:id shows candidates and who waits',
  ASSIGNED_TO_PARTNER: 'the courier has not got the bags: logs/worker.log says whether the store was told who comes',
  PICKED_UP: 'the courier did not depart: the couriers’ lines above name the refusal',
  IN_TRANSIT: 'the courier is on the way or the delivery code was refused: the couriers’ lines above',
  DELIVERED: 'the money has no outcome yet: the payment of GET orders/:id, logs/worker.log',
  CLOSED: 'the order itself is fine: compare its lines and its payment',
  CANCELLED: 'its history in GET orders/:id has the reason',
  REFUNDED: 'its history in GET orders/:id has the reason',
} as const satisfies Record<OrderStatus, string>;
