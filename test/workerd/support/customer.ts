import { env } from 'cloudflare:workers';
import { runInDurableObject } from 'cloudflare:test';
import type { Actor } from '../../../contracts/actor.ts';
import { CUSTOMER_EVENTS } from '../../../contracts/events/customers.ts';
import { parseEvent } from '../../../contracts/events/topic.ts';
import type { EventOf } from '../../../contracts/events/topic.ts';
import type { CustomerRpc } from '../../../contracts/rpc/customer.ts';
import type { CustomerObject } from '../../../durable/customer/customer-object.ts';
import type { UserId } from '../../../domain/shared/ids.ts';
import { must, newUserId } from './store.ts';

export interface TestCustomer {
  readonly userId: UserId;
  readonly actor: Actor & { kind: 'customer' };
  readonly rpc: CustomerRpc;
  readonly stub: DurableObjectStub<CustomerObject>;
}

export function customerAt(userId: UserId = newUserId()): TestCustomer {
  const stub = env.CUSTOMER.getByName(userId);
  return { userId, actor: { kind: 'customer', userId }, stub, rpc: rpcOf(stub) };
}
/** The interface instead of the platform's mapped stub type, which does not come to an end on recursive JSON. */
function rpcOf(stub: unknown): CustomerRpc {
  return stub as CustomerRpc;
}

/** Rows of the object's own tables. */
export function customerRows<Row extends Record<string, SqlStorageValue>>(
  { stub }: TestCustomer,
  query: string,
  ...bindings: unknown[]
): Promise<Row[]> {
  return runInDurableObject(stub, (_object, state) => state.storage.sql.exec<Row>(query, ...bindings).toArray());
}

export async function customerEvents(customer: TestCustomer): Promise<EventOf<typeof CUSTOMER_EVENTS>[]> {
  const query = 'SELECT body FROM outbox WHERE lane = ? ORDER BY seq';
  const rows = await customerRows<{ body: string }>(customer, query, `topic ${CUSTOMER_EVENTS.name}`);
  return rows.map(({ body }) => must(parseEvent(CUSTOMER_EVENTS, body)));
}
