import type { Actor } from '../contracts/actor.ts';
import { TRANSACTION_KINDS } from '../contracts/events/payments.ts';
import type { TransactionKind } from '../contracts/events/payments.ts';
import { STATUS_OF_KIND, SWEPT_ORDERS_MAX } from '../contracts/http/payments.ts';
import type {
  PaymentView,
  SweepBody,
  TransactionsQuery,
  TransactionsView,
  TransactionView,
} from '../contracts/http/payments.ts';
import { refuse } from '../contracts/problem.ts';
import type { Refusal } from '../contracts/problem.ts';
import { toTimestamp, toWireMoney } from '../contracts/wire.ts';
import { listTransactions } from '../db/queries/payment-transactions.ts';
import type { TransactionCursor, TransactionFilter, TransactionRow } from '../db/queries/payment-transactions.ts';
import { paymentIdOf } from '../domain/order/payment-id.ts';
import { asOrderId, isId } from '../domain/shared/ids.ts';
import type { OrderId } from '../domain/shared/ids.ts';
import { err, ok } from '../domain/shared/result.ts';
import type { Result } from '../domain/shared/result.ts';
import { orderStub } from '../durable/stubs.ts';
import type { EdgeEnv } from './env.ts';
import { askObject } from './object-call.ts';
import { withPostgres } from './postgres.ts';

const LIMIT_DEFAULT = 20;
const DAY_MS = 86_400_000;

type Seer = Extract<Actor, { readonly kind: 'customer' | 'operator' }>;

/** The movements of money that this actor may see: from the read model, or of one order that is not in it from the order. */
export async function findTransactions(
  env: EdgeEnv,
  actor: Seer,
  wanted: TransactionsQuery,
): Promise<Result<TransactionsView, Refusal>> {
  const after = wanted.cursor === undefined ? undefined : readCursor(wanted.cursor);
  if (after === null) return err(refuse('INVALID_INPUT', 'Take the cursor from `nextCursor` of the page before.'));
  const options = { limit: Number(wanted.limit ?? LIMIT_DEFAULT), ...(after !== undefined && { after }) };
  const page = await withPostgres(env, (db) => listTransactions(db, filterOf(actor, wanted), options));
  if (wanted.orderId !== undefined && after === undefined && (!page.ok || page.value.rows.length === 0)) {
    const orderId = asOrderId(wanted.orderId);
    const found = await askObject(() => orderStub(env, orderId).payment(actor));
    if (found.ok) return ok(fromOrder(found.value, wanted));
    if (found.error.code !== 'NOT_FOUND') return found;
  }
  if (!page.ok) return page;
  const { rows, next, asOfMs } = page.value;
  return ok({
    transactions: rows.map(toView),
    nextCursor: toCursorText(next),
    asOf: asOfMs === null ? null : toTimestamp(asOfMs),
  });
}

function filterOf(actor: Seer, { orderId, status, gateway, day }: TransactionsQuery): TransactionFilter {
  const fromMs = day === undefined ? 0 : Date.parse(`${day}T00:00:00Z`);
  return {
    ...(actor.kind === 'customer' && { customerId: actor.userId }),
    ...(orderId !== undefined && { orderId: asOrderId(orderId) }),
    ...(status !== undefined && { kinds: TRANSACTION_KINDS.filter((kind) => STATUS_OF_KIND[kind] === status) }),
    ...(gateway !== undefined && { provider: gateway }),
    ...(day !== undefined && { between: [fromMs, fromMs + DAY_MS] as const }),
  };
}

function toView({ orderId, sequence, kind, amountMinor, currency, ...row }: TransactionRow): TransactionView {
  return {
    paymentId: paymentIdOf(orderId),
    orderId,
    seq: sequence,
    kind,
    status: STATUS_OF_KIND[kind],
    amount: toWireMoney(amountMinor, currency),
    method: row.method,
    gateway: row.provider,
    transactionId: row.providerRef,
    refundId: row.refundId,
    reason: row.reason,
    at: toTimestamp(row.atMs),
  };
}

/** What of an order's own history are movements: the same ones, before the read model has them. */
function fromOrder(payment: PaymentView, { status, gateway, day }: TransactionsQuery): TransactionsView {
  const moves = payment.history.flatMap(({ seq, at, type, amount }): TransactionView[] => {
    const kind = KIND_OF_EVENT[type];
    if (kind === undefined) return [];
    const { id: paymentId, orderId, method, transactionId } = payment;
    const by = { paymentId, orderId, method, gateway: payment.gateway, transactionId, refundId: null, reason: null };
    return [{ ...by, seq, kind, status: STATUS_OF_KIND[kind], amount: amount ?? payment.amount, at }];
  });
  const wanted = moves.filter(
    (move) =>
      (status === undefined || move.status === status) &&
      (gateway === undefined || move.gateway === gateway) &&
      (day === undefined || move.at.startsWith(day)),
  );
  return { transactions: wanted.toReversed(), nextCursor: null, asOf: null };
}

const KIND_OF_EVENT: { readonly [type: string]: TransactionKind } = {
  'payment.authorized': 'authorized',
  'payment.declined': 'declined',
  'payment.captured': 'captured',
  'payment.voided': 'voided',
  'payment.refunded': 'refunded',
  'cash.handed_in': 'settled',
};

/** The orders that a sweep is about. */
export async function ordersToSweep(
  env: EdgeEnv,
  wanted: SweepBody,
): Promise<Result<{ readonly orderIds: readonly OrderId[]; readonly nextCursor: string | null }, Refusal>> {
  if ('orderIds' in wanted) return ok({ orderIds: wanted.orderIds.map(asOrderId), nextCursor: null });
  const after = wanted.cursor === undefined ? undefined : readCursor(wanted.cursor);
  if (after === null) return err(refuse('INVALID_INPUT', 'Take the cursor from `nextCursor` of the sweep before.'));
  const fromMs = Date.parse(`${wanted.day}T00:00:00Z`);
  // An order asks for its payment once.
  const filter: TransactionFilter = { kinds: ['requested'], between: [fromMs, fromMs + DAY_MS] };
  const options = { limit: SWEPT_ORDERS_MAX, ...(after !== undefined && { after }) };
  const page = await withPostgres(env, (db) => listTransactions(db, filter, options));
  if (!page.ok) return page;
  const { rows, next } = page.value;
  return ok({ orderIds: rows.map(({ orderId }) => orderId), nextCursor: toCursorText(next) });
}

function toCursorText(cursor: TransactionCursor | null): string | null {
  return cursor === null ? null : `${cursor.atMs}_${cursor.orderId}_${cursor.sequence}`;
}

/** `<ms>_<order id>_<sequence>`, or `null` for a cursor that is none of ours. */
function readCursor(text: string): TransactionCursor | null {
  const [, atMs, orderId, sequence] = /^(\d{1,15})_(ord_\w{26})_(\d{1,9})$/.exec(text) ?? [];
  return atMs === undefined || orderId === undefined || sequence === undefined || !isId('OrderId', orderId)
    ? null
    : { atMs: Number(atMs), orderId: asOrderId(orderId), sequence: Number(sequence) };
}
