import { CUSTOMER_EVENTS } from '../../contracts/events/customers.ts';
import type { EventData, EventType } from '../../contracts/events/topic.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import type { Deadlines } from '../kit/deadlines.ts';
import type { Outbox } from '../kit/outbox.ts';
import type { SqlPort } from '../kit/sql.ts';
import { CartRows } from './cart-rows.ts';
import { CheckoutRows } from './checkout-rows.ts';
import { WalletRows } from './wallet-rows.ts';

/** What a command of the customer reads and writes. Every write is part of the caller's transaction. */
export interface CustomerBooks {
  readonly customerId: UserId;
  readonly carts: CartRows;
  readonly checkouts: CheckoutRows;
  readonly wallet: WalletRows;
  readonly outbox: Outbox;
  readonly deadlines: Deadlines;
}

export function openCustomerBooks(
  customerId: UserId,
  { sql, outbox, deadlines }: { readonly sql: SqlPort; readonly outbox: Outbox; readonly deadlines: Deadlines },
): CustomerBooks {
  return {
    customerId,
    carts: new CartRows(sql),
    checkouts: new CheckoutRows(sql),
    wallet: new WalletRows(sql),
    outbox,
    deadlines,
  };
}

type Topic = typeof CUSTOMER_EVENTS;

/** Tells the topic, with the change that it tells of. */
export function announce<Type extends EventType<Topic>>(
  { customerId, outbox }: CustomerBooks,
  type: Type,
  data: EventData<Topic, Type>,
  { atMs, traceparent }: { readonly atMs: number; readonly traceparent?: string | undefined },
): void {
  outbox.announce({ topic: CUSTOMER_EVENTS, type, subject: customerId, key: customerId, data, atMs, traceparent });
}
