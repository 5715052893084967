import { and, desc, eq, gte, inArray, lt, max, sql } from 'drizzle-orm';
import type { TransactionKind } from '../../contracts/events/payments.ts';
import { asOrderId, type OrderId, type UserId } from '../../domain/shared/ids.ts';
import type { Db } from '../client.ts';
import { consumerOffsets } from '../schema/consumer-offsets.ts';
import { paymentTransactions } from '../schema/payment-transactions.ts';

/** What is asked for; a part that is absent does not narrow. */
export interface TransactionFilter {
  readonly customerId?: UserId;
  readonly orderId?: OrderId;
  readonly kinds?: readonly TransactionKind[];
  readonly provider?: string;
  /** From the first to before the second, ms since the epoch. */
  readonly between?: readonly [number, number];
}
/** Where a page ended: the next one starts with what is older. */
export interface TransactionCursor {
  readonly atMs: number;
  readonly orderId: OrderId;
  readonly sequence: number;
}
export interface TransactionRow extends TransactionCursor {
  readonly kind: TransactionKind;
  readonly method: string;
  readonly provider: string;
  readonly providerRef: string | null;
  readonly amountMinor: number;
  readonly currency: string;
  readonly refundId: string | null;
  readonly reason: string | null;
}
export interface TransactionPage {
  readonly rows: readonly TransactionRow[];
  readonly next: TransactionCursor | null;
  /** When the projection last wrote anything; `null` when it never did. */
  readonly asOfMs: number | null;
}

/** One page of the movements of money, newest first. `limit` is at least 1. */
export async function listTransactions(
  db: Db,
  { customerId, orderId, kinds, provider, between }: TransactionFilter,
  { limit, after }: { readonly limit: number; readonly after?: TransactionCursor },
): Promise<TransactionPage> {
  const t = paymentTransactions;
  const older =
    after === undefined
      ? undefined
      : sql`(${t.at}, ${t.orderId}, ${t.sequence}) < (${new Date(after.atMs).toISOString()}::timestamptz, ${after.orderId}, ${after.sequence})`;
  const [rows, [progress]] = await Promise.all([
    db
      .select()
      .from(t)
      .where(
        and(
          customerId === undefined ? undefined : eq(t.customerId, customerId),
          orderId === undefined ? undefined : eq(t.orderId, orderId),
          kinds === undefined ? undefined : inArray(t.kind, [...kinds]),
          provider === undefined ? undefined : eq(t.provider, provider),
          between === undefined ? undefined : and(gte(t.at, new Date(between[0])), lt(t.at, new Date(between[1]))),
          older,
        ),
      )
      .orderBy(desc(t.at), desc(t.orderId), desc(t.sequence))
      // One more than asked for tells whether there is a next page.
      .limit(limit + 1),
    db
      .select({ at: max(consumerOffsets.updatedAt) })
      .from(consumerOffsets)
      .where(eq(consumerOffsets.group, 'payment-projection')),
  ]);
  const page = rows.slice(0, limit).map(({ at, customerId: _customerId, ...row }) => ({
    ...row,
    orderId: asOrderId(row.orderId),
    atMs: at.getTime(),
  }));
  const last = page.at(-1);
  const next =
    rows.length > limit && last !== undefined
      ? { atMs: last.atMs, orderId: last.orderId, sequence: last.sequence }
      : null;
  return { rows: page, next, asOfMs: progress?.at?.getTime() ?? null };
}
