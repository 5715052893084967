import * as v from 'valibot';
import { Count, OrderIdText, Timestamp, UserIdText } from '../wire.ts';
import { defineTopic } from './topic.ts';

const TaskMoved = v.object({
  orderId: OrderIdText,
  lines: Count,
  units: Count,
  pickerId: v.optional(UserIdText),
  promisedAt: Timestamp,
});

/** Subject: the store. Key: storeId. */
export const STORE_EVENTS = defineTopic({
  name: 'stores.events.v1',
  partitions: 12,
  retentionDays: 90,
  schemas: {
    'pick_task.created': TaskMoved,
    'pick_task.accepted': TaskMoved,
    'pick_task.claimed': TaskMoved,
    'pick_task.packed': TaskMoved,
    'pick_task.handed_over': TaskMoved,
    'pick_task.cancelled': TaskMoved,
  },
});
