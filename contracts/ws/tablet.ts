import * as v from 'valibot';
import type { Sku } from '../../domain/shared/ids.ts';
import { OrderIdText, Quantity } from '../wire.ts';
import { commandEntries } from './frames.ts';

export type TaskStatus = 'QUEUED' | 'ACCEPTED' | 'PICKING' | 'PACKED' | 'HANDED_OVER' | 'CANCELLED';

/** A pick task as a tablet shows it. Its id is the order's id. */
export interface PickTaskView {
  readonly taskId: string;
  readonly orderNumber: string;
  readonly status: TaskStatus;
  readonly promisedAt: string;
  readonly pickerId: string | null;
  /** In bin-path order. */
  readonly lines: readonly {
    readonly sku: Sku;
    readonly name: string;
    readonly bin: string;
    readonly barcodes: readonly string[];
    readonly quantity: number;
    readonly picked: number;
  }[];
  readonly bags: number;
  /** Known once a courier accepted. */
  readonly courierId: string | null;
}
export interface TabletState {
  readonly storeId: string;
  readonly storeName: string;
  /** Open tasks by promise time. */
  readonly tasks: readonly PickTaskView[];
}
/** A task as it is now; one that is handed over or cancelled leaves the list. */
export interface TabletDelta {
  readonly task: PickTaskView;
}

const TaskId = OrderIdText;
export const TabletCommand = v.variant('do', [
  v.strictObject({ ...commandEntries, do: v.literal('accept'), taskId: TaskId }),
  v.strictObject({ ...commandEntries, do: v.literal('claim'), taskId: TaskId }),
  v.strictObject({
    ...commandEntries,
    do: v.literal('scan'),
    taskId: TaskId,
    barcode: v.pipe(v.string(), v.regex(/^\d{8,14}$/)),
    quantity: v.optional(Quantity, 1),
  }),
  v.strictObject({
    ...commandEntries,
    do: v.literal('pack'),
    taskId: TaskId,
    bags: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)),
  }),
  v.strictObject({
    ...commandEntries,
    do: v.literal('handover'),
    taskId: TaskId,
    code: v.pipe(v.string(), v.regex(/^\d{6}$/)),
  }),
]);
export type TabletCommand = v.InferOutput<typeof TabletCommand>;
