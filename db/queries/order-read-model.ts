import { orderLines } from '../schema/order-lines.ts';
import { orderStatusHistory } from '../schema/order-status-history.ts';
import { orders } from '../schema/orders.ts';
import { rowSelect, rowUpsert, type JsonRow } from '../statement.ts';

export type OrderRow = JsonRow<typeof orders.$inferSelect>;
export type OrderLineRow = JsonRow<typeof orderLines.$inferSelect>;
export type OrderStatusRow = JsonRow<typeof orderStatusHistory.$inferSelect>;

/** Orders by id. */
export const selectOrderRows = rowSelect(orders, 'id');
/** Newer versions win. */
export const upsertOrderRows = rowUpsert(orders, { key: ['id'], version: 'version' });
/** Lines and steps never change once written. */
export const insertOrderLineRows = rowUpsert(orderLines, { key: ['order_id', 'line_no'] });
export const insertOrderStatusRows = rowUpsert(orderStatusHistory, { key: ['order_id', 'sequence'] });
