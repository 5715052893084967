import { Hono } from 'hono';
import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { WalletBody, WalletCreditBody, WalletQuery } from '../../contracts/http/wallet.ts';
import type { WalletView } from '../../contracts/rpc/customer.ts';
import { toTimestamp, toWireMoney, UserIdText } from '../../contracts/wire.ts';
import { asUserId } from '../../domain/shared/ids.ts';
import { clientOpId } from '../../durable/kit/ops.ts';
import { customerStub } from '../../durable/stubs.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { KEY_HEADER, readIdempotencyKey } from '../idempotency-key.ts';
import { traceparentOf } from '../middleware/request-id.ts';
import { askObject } from '../object-call.ts';
import { problem } from '../problem.ts';
import { body, params, query } from '../validate.ts';

const tag = 'Wallet';
const LIMIT_DEFAULT = 20;

export const wallet = new Hono<AppEnv>()
  .get(
    '/wallet',
    endpoint({
      access: ['customer'],
      tag,
      summary: 'Your balance, and what made it so',
      answers: { 200: WalletBody },
      refuses: ['INVALID_INPUT', 'UNAVAILABLE'],
    }),
    query(WalletQuery),
    async (c) => {
      const { actor } = c.var;
      const { cursor, limit } = c.req.valid('query');
      const before = cursor === undefined ? {} : { before: Number(cursor) };
      const page = { actor, limit: Number(limit ?? LIMIT_DEFAULT), ...before };
      const found = await askObject(() => customerStub(c.env, actor.userId).wallet(page));
      return found.ok ? c.json(toBody(found.value), 200) : problem(c, found.error);
    },
  )
  .post(
    '/customers/:customerId/wallet-credits',
    endpoint({
      access: ['operator'],
      tag,
      summary: 'Put money into a customer’s wallet',
      description: 'The same Idempotency-Key with the same body credits once; with another body it is refused.',
      answers: { 200: WalletBody },
      refuses: ['INVALID_INPUT', 'IDEMPOTENCY_KEY_REQUIRED', 'OP_ID_REUSED', 'CURRENCY_MISMATCH', 'UNAVAILABLE'],
      headers: KEY_HEADER,
    }),
    params(v.strictObject({ customerId: UserIdText })),
    body(WalletCreditBody),
    async (c) => {
      const key = readIdempotencyKey(c);
      if (!key.ok) return problem(c, key.error);
      const { actor } = c.var;
      const customerId = asUserId(c.req.valid('param').customerId);
      const { amount, reason } = c.req.valid('json');
      const command = {
        v: RPC_VERSION,
        actor,
        opId: clientOpId(actor, key.value),
        traceparent: traceparentOf(c),
        amountMinor: amount.amount,
        currency: amount.currency,
        reason,
      };
      const credited = await askObject(() => customerStub(c.env, customerId).creditWallet(command));
      return credited.ok ? c.json(toBody(credited.value), 200) : problem(c, credited.error);
    },
  );

function toBody({ currency, availableMinor, reservedMinor, entries, before }: WalletView): WalletBody {
  // No entry is without a currency: the first credit brings it.
  const unit = currency ?? '';
  return {
    currency,
    available: currency === null ? null : toWireMoney(availableMinor, currency),
    reserved: currency === null ? null : toWireMoney(reservedMinor, currency),
    entries: entries.map((entry) => ({
      seq: entry.seq,
      kind: entry.kind,
      orderId: entry.orderId,
      available: toWireMoney(entry.availableMinor, unit),
      reserved: toWireMoney(entry.reservedMinor, unit),
      at: toTimestamp(entry.atMs),
    })),
    nextCursor: before === null ? null : String(before),
  };
}
