import type { StoreRpc } from '../../contracts/rpc/store.ts';
import type { OrderId, Sku } from '../../domain/shared/ids.ts';
import type { SqlRow } from '../../durable/kit/sql.ts';
import type { StoreIndex } from './cast.ts';

/** A line of a pick task as the table has it. */
export type TaskLine = {
  readonly sku: Sku;
  readonly quantity: number;
  readonly picked: number;
  readonly shorted: number;
  readonly restocked: number;
};

/** Where acts are played: two stores, and what an act must see of them to be said. */
export interface Scene {
  nowMs(): number;
  store(index: StoreIndex): StoreRpc;
  rows<Row extends SqlRow>(index: StoreIndex, query: string, ...bindings: (string | number)[]): Row[];
  taskLines(orderId: OrderId): readonly TaskLine[];
  /** Sends one frame on a picker's tablet and takes the answer to it. */
  tell(picker: 0 | 1, frame: { readonly id: string }): Promise<unknown>;
}
