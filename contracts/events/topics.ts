import { COURIER_EVENTS } from './couriers.ts';
import { CUSTOMER_EVENTS } from './customers.ts';
import { DISPATCH_DECISIONS } from './dispatch.ts';
import { ORDER_EVENTS } from './orders.ts';
import { PAYMENT_EVENTS } from './payments.ts';
import { STOCK_MOVEMENTS } from './stock.ts';
import { STORE_EVENTS } from './stores.ts';
import type { Topic } from './topic.ts';

/** Every topic there is: what a broker is asked to create and the gateway accepts. */
export const TOPICS: readonly Topic[] = [
  ORDER_EVENTS,
  PAYMENT_EVENTS,
  STOCK_MOVEMENTS,
  STORE_EVENTS,
  COURIER_EVENTS,
  DISPATCH_DECISIONS,
  CUSTOMER_EVENTS,
];
