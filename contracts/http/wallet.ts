import * as v from 'valibot';
import { BALANCE_MAX_MINOR } from '../../domain/wallet/wallet.ts';
import { Count, CurrencyText, freeText, OrderIdText, Timestamp, WireMoney } from '../wire.ts';
import { LimitText } from './queries.ts';

export const WalletQuery = v.strictObject({
  /** `nextCursor` of the page before. */
  cursor: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/))),
  limit: v.optional(LimitText),
});

export const WalletBody = v.strictObject({
  /** `null` while there was never any money. */
  currency: v.nullable(CurrencyText),
  available: v.nullable(WireMoney),
  /** Set aside for orders that are under way. */
  reserved: v.nullable(WireMoney),
  /** Newest first. */
  entries: v.array(
    v.strictObject({
      seq: Count,
      kind: v.picklist(['credited', 'reserved', 'captured', 'voided', 'refunded']),
      orderId: v.nullable(OrderIdText),
      /** What it put into each; below zero: took from it. */
      available: WireMoney,
      reserved: WireMoney,
      at: Timestamp,
    }),
  ),
  nextCursor: v.nullable(v.string()),
});
export type WalletBody = v.InferOutput<typeof WalletBody>;

export const WalletCreditBody = v.strictObject({
  amount: v.strictObject({
    amount: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(BALANCE_MAX_MINOR)),
    currency: CurrencyText,
  }),
  /** Kept with the entry, for those who look after the books. */
  reason: v.pipe(freeText(200), v.minLength(1)),
});
