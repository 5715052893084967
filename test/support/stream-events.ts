import { ORDER_EVENTS, STATUS_EVENT, type OrderStatusChanged } from '../../contracts/events/orders.ts';
import { partitionOf } from '../../contracts/events/partition.ts';
import { PAYMENT_EVENTS } from '../../contracts/events/payments.ts';
import { STOCK_MOVEMENTS } from '../../contracts/events/stock.ts';
import { dataSchemaOf, type Topic } from '../../contracts/events/topic.ts';
import { NO_STOCK, type StockLevel } from '../../domain/inventory/stock-level.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';
import type { NewRecord } from '../../streams/kit/log-port.ts';

/** An event before it is a record: what a test changes to break it. */
export interface TestEvent {
  readonly topic: Topic;
  readonly key: string;
  readonly type: string;
  readonly subject: string;
  readonly sequence: number;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const START_MS = Date.UTC(2026, 0, 31, 9, 30);

/** An id of the given prefix that is always the same for a number. */
export function idOf(prefix: string, number: number): string {
  return `${prefix}_${number.toString().padStart(26, '0')}`;
}

/** The bytes that an outbox would send. */
export function toRecord(event: TestEvent): NewRecord {
  const { topic, key, ...rest } = event;
  const envelope = {
    specversion: '1.0',
    id: `${topic.name}/${event.subject}/${event.sequence}`,
    source: 'test',
    ...rest,
    dataschema: dataSchemaOf(topic, event.type),
  };
  return rawRecord(topic, key, JSON.stringify(envelope));
}

export function rawRecord(topic: Topic, key: string, value: string): NewRecord {
  return {
    topic: topic.name,
    partition: partitionOf(key, topic.partitions),
    key: Buffer.from(key),
    value: Buffer.from(value),
  };
}

/** The steps of an order that goes well, with what each adds. */
const STEPS: readonly (readonly [OrderStatus, Partial<OrderStatusChanged>])[] = [
  ['CONFIRMED', {}],
  ['ASSIGNED_TO_STORE', { storeId: idOf('sto', 1) }],
  ['PICKING', {}],
  ['PACKED', { finalMinor: 9_900 }],
  ['ASSIGNED_TO_PARTNER', { courierId: idOf('cou', 1) }],
  ['PICKED_UP', {}],
  ['IN_TRANSIT', {}],
  ['DELIVERED', {}],
  ['CLOSED', {}],
];

/** The whole life of the order of this number: `order.placed` and nine steps, sequences 1 to 10. */
export function orderLife(number: number): TestEvent[] {
  const orderId = idOf('ord', number);
  let from: OrderStatus = 'PENDING';
  const steps = STEPS.map(([to, more], index) => {
    const data = { from, to, actor: { kind: 'object', id: orderId }, ...more };
    from = to;
    return orderEvent(orderId, index + 2, STATUS_EVENT[to], data);
  });
  return [orderPlaced(number), ...steps];
}

export function orderPlaced(number: number): TestEvent {
  return orderEvent(idOf('ord', number), 1, 'order.placed', {
    orderNumber: `K${number.toString().padStart(11, '0')}`,
    customerId: idOf('usr', number),
    zoneId: idOf('zon', 1),
    currency: 'INR',
    lines: [
      { lineNo: 1, sku: 'MILK-1L', name: 'Milk, 1 l', quantity: 2, unitPriceMinor: 3_300 },
      { lineNo: 2, sku: 'BREAD', name: 'Bread “brown”', quantity: 1, unitPriceMinor: 1_400 },
    ],
    itemsMinor: 8_000,
    deliveryFeeMinor: 1_900,
    totalMinor: 9_900,
    paymentMethod: 'sandbox',
    promisedAt: timeAt(20),
  });
}

export function orderEvent(orderId: string, sequence: number, type: string, data: TestEvent['data']): TestEvent {
  return { topic: ORDER_EVENTS, key: orderId, type, subject: orderId, sequence, time: timeAt(sequence), data };
}

/** Requested, authorized, captured, and half of it given back. */
export function paymentLife(number: number): TestEvent[] {
  const orderId = idOf('ord', number);
  const moves = [
    ['payment.requested', 9_900],
    ['payment.authorized', 9_900],
    ['payment.captured', 9_900],
    ['payment.refunded', 4_950],
  ] as const;
  return moves.map(([type, amountMinor], index) => ({
    topic: PAYMENT_EVENTS,
    key: orderId,
    type,
    subject: orderId,
    sequence: index + 1,
    time: timeAt(index),
    data: { method: 'sandbox', provider: 'sandbox', providerRef: `psp-${number}`, amountMinor, currency: 'INR' },
  }));
}

/** Receives ten of a SKU, holds three, allocates, picks and sells them: sequences 1 to 5. */
export function stockLife(store: number, sku: string): TestEvent[] {
  const levels: readonly (readonly [string, number, Partial<StockLevel>])[] = [
    ['stock.received', 10, { received: 10, available: 10 }],
    ['stock.held', 3, { received: 10, available: 7, held: 3 }],
    ['stock.allocated', 3, { received: 10, available: 7, allocated: 3 }],
    ['stock.picked', 3, { received: 10, available: 7, picked: 3 }],
    ['stock.sold', 3, { received: 10, available: 7, sold: 3 }],
  ];
  return levels.map(([type, quantity, after], index) => stockMoved(store, sku, index + 1, { type, quantity, after }));
}

export function stockMoved(
  store: number,
  sku: string,
  sequence: number,
  moved: { readonly type: string; readonly quantity: number; readonly after: Partial<StockLevel> },
): TestEvent {
  const storeId = idOf('sto', store);
  return {
    topic: STOCK_MOVEMENTS,
    key: storeId,
    type: moved.type,
    subject: `${storeId}:${sku}`,
    sequence,
    time: timeAt(sequence),
    data: {
      storeId,
      sku,
      quantity: moved.quantity,
      opId: `op-${store}-${sku}-${sequence}`,
      actor: { kind: 'operator', id: idOf('usr', 1) },
      after: { ...NO_STOCK, ...moved.after },
    },
  };
}

function timeAt(minutes: number): string {
  return new Date(START_MS + minutes * 60_000).toISOString();
}
