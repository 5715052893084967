import { ORDER_EVENTS, type OrderPlaced, type OrderStatusChanged } from '../../contracts/events/orders.ts';
import type { KnownEvent } from '../../contracts/events/envelope.ts';
import type { EventOf } from '../../contracts/events/topic.ts';
import {
  insertOrderLineRows,
  insertOrderStatusRows,
  selectOrderRows,
  upsertOrderRows,
  type OrderLineRow,
  type OrderRow,
  type OrderStatusRow,
} from '../../db/queries/order-read-model.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import { totalsOf } from '../../domain/pricing/totals.ts';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { Step, StepRefusal, Topology } from '../kit/topology.ts';

type OrderEvent = EventOf<typeof ORDER_EVENTS>;
type Placed = KnownEvent<'order.placed', OrderPlaced>;
type Changed = Omit<OrderEvent, 'data'> & { readonly data: OrderStatusChanged };
type Aside = Extract<OrderEvent, { readonly type: `order.substitution_${string}` | 'order.queued' }>;
type Trouble = Extract<
  OrderEvent,
  { readonly type: 'order.stuck' | 'order.unstuck' | 'order.promise_at_risk' | 'order.promise_broken' }
>;
type Output = { readonly line: OrderLineRow } | { readonly step: OrderStatusRow };

/** Orders, their lines and every step of their lives. The row is the state: a step folds one event into it. */
export const orderProjection: Topology<typeof ORDER_EVENTS, OrderRow, Output> = {
  group: 'order-projection',
  topics: [ORDER_EVENTS],
  read: selectOrderRows,
  step: stepOrder,
  write: (orders, outputs) => [
    ...(orders.length > 0 ? [upsertOrderRows(orders)] : []),
    ...lines(outputs),
    ...steps(outputs),
  ],
};

function lines(outputs: readonly Output[]) {
  const rows = outputs.flatMap((output) => ('line' in output ? [output.line] : []));
  return rows.length > 0 ? [insertOrderLineRows(rows)] : [];
}

function steps(outputs: readonly Output[]) {
  const rows = outputs.flatMap((output) => ('step' in output ? [output.step] : []));
  return rows.length > 0 ? [insertOrderStatusRows(rows)] : [];
}

/** The column that keeps when a status was last reached. */
const REACHED_AT = {
  PENDING: 'createdAt',
  CONFIRMED: 'confirmedAt',
  ASSIGNED_TO_STORE: 'assignedAt',
  PICKING: 'pickingStartedAt',
  PACKED: 'packedAt',
  ASSIGNED_TO_PARTNER: 'courierAssignedAt',
  PICKED_UP: 'pickedUpAt',
  IN_TRANSIT: 'departedAt',
  DELIVERED: 'deliveredAt',
  CLOSED: 'closedAt',
  CANCELLED: 'cancelledAt',
  REFUNDED: 'refundedAt',
} as const satisfies Record<OrderStatus, keyof OrderRow>;

function stepOrder(order: OrderRow | undefined, event: OrderEvent): Result<Step<OrderRow, Output>, StepRefusal> {
  if (event.type === 'order.placed') {
    if (order !== undefined) return err({ code: 'PLACED_TWICE', detail: `version ${order.version} is already there` });
    return ok(placed(event));
  }
  if (order === undefined) return err({ code: 'NO_ORDER', detail: `${event.type} before order.placed` });
  if (isAside(event)) return ok(seen(order, event));
  return ok(isTrouble(event) ? troubled(order, event) : changed(order, event));
}

function isAside(event: OrderEvent): event is Aside {
  return event.type === 'order.queued' || event.type.startsWith('order.substitution_');
}

/** No step of the order's life: what came of it shows in what is charged, or in when it is confirmed. */
function seen(order: OrderRow, { sequence, time }: Aside): Step<OrderRow, Output> {
  return { state: { ...order, updatedAt: time, version: sequence }, outputs: [] };
}

function isTrouble(event: OrderEvent): event is Trouble {
  return event.type in TROUBLE;
}

const TROUBLE = {
  'order.stuck': true,
  'order.unstuck': true,
  'order.promise_at_risk': true,
  'order.promise_broken': true,
} as const satisfies Record<Trouble['type'], true>;

/** What an operator looks for. No step of the order's life either. */
function troubled(order: OrderRow, event: Trouble): Step<OrderRow, Output> {
  const { sequence, time } = event;
  return { state: { ...order, ...troubleOf(event), updatedAt: time, version: sequence }, outputs: [] };
}

function troubleOf(event: Trouble): Partial<OrderRow> {
  switch (event.type) {
    case 'order.stuck':
      return { stuckStep: event.data.step, stuckAt: event.time };
    case 'order.unstuck':
      return { stuckStep: null, stuckAt: null };
    case 'order.promise_at_risk':
      return { promiseAtRiskAt: event.time };
    case 'order.promise_broken':
      return { promiseBrokenAt: event.time };
  }
}

function placed({ subject, sequence, time, data }: Placed): Step<OrderRow, Output> {
  const { lines: ordered, promisedAt, ...order } = data;
  const state: OrderRow = {
    ...NOTHING_YET,
    id: subject,
    orderNumber: order.orderNumber,
    customerId: order.customerId,
    zoneId: order.zoneId,
    status: 'PENDING',
    currency: order.currency,
    ...totalsOf(order),
    paymentMethod: order.paymentMethod,
    promisedAt,
    createdAt: time,
    updatedAt: time,
    version: sequence,
  };
  const rows = ordered.map((line) => ({
    line: {
      ...line,
      discountMinor: line.discountMinor ?? 0,
      orderId: subject,
      totalMinor: line.quantity * line.unitPriceMinor,
      currency: order.currency,
    },
  }));
  const first: OrderStatusRow = {
    orderId: subject,
    sequence,
    fromStatus: null,
    status: 'PENDING',
    changedAt: time,
    changedByKind: 'customer',
    changedById: order.customerId,
    reason: null,
  };
  return { state, outputs: [...rows, { step: first }] };
}

const NOTHING_YET = {
  storeId: null,
  courierId: null,
  finalMinor: null,
  cancelReason: null,
  confirmedAt: null,
  assignedAt: null,
  pickingStartedAt: null,
  packedAt: null,
  courierAssignedAt: null,
  pickedUpAt: null,
  departedAt: null,
  deliveredAt: null,
  closedAt: null,
  cancelledAt: null,
  refundedAt: null,
  stuckStep: null,
  stuckAt: null,
  promiseAtRiskAt: null,
  promiseBrokenAt: null,
} as const satisfies Partial<OrderRow>;

function changed(order: OrderRow, { subject, sequence, time, data }: Changed): Step<OrderRow, Output> {
  const state: OrderRow = {
    ...order,
    status: data.to,
    // The back edges take back what the step forward gave: the store rejects, the courier is replaced.
    storeId: data.storeId ?? (data.to === 'CONFIRMED' ? null : order.storeId),
    courierId: data.courierId ?? (data.to === 'PACKED' ? null : order.courierId),
    finalMinor: data.finalMinor ?? order.finalMinor,
    cancelReason: data.to === 'CANCELLED' ? (data.reason ?? null) : order.cancelReason,
    [REACHED_AT[data.to]]: time,
    updatedAt: time,
    version: sequence,
  };
  const step: OrderStatusRow = {
    orderId: subject,
    sequence,
    fromStatus: data.from,
    status: data.to,
    changedAt: time,
    changedByKind: data.actor.kind,
    changedById: data.actor.id,
    reason: data.reason ?? null,
  };
  return { state, outputs: [{ step }] };
}
