import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { base64url } from 'jose';
import * as v from 'valibot';
import {
  MinorAmount,
  Count,
  CurrencyText,
  Quantity,
  SkuText,
  StoreIdText,
  UserIdText,
  WireLatLng,
} from '../../contracts/wire.ts';
import type { Quote } from '../../domain/pricing/quote.ts';
import { canonicalJson } from '../../domain/shared/canonical.ts';
import { asSku, asStoreId, asUserId } from '../../domain/shared/ids.ts';
import { err, ok } from '../../domain/shared/result.ts';
import type { Result } from '../../domain/shared/result.ts';
import type { Config } from '../env.ts';

/** Separates this key from every other that comes of the same secret (RFC 5869, 3.2). A new layout of the text takes a new one. */
const LABEL = 'kirana quote v1';
const KEY_BYTES = 32;

const QuoteJson = v.strictObject({
  customerId: UserIdText,
  deliverTo: WireLatLng,
  storeId: StoreIdText,
  currency: CurrencyText,
  lines: v.array(v.strictTuple([SkuText, Quantity, MinorAmount])),
  totals: v.strictObject({
    itemsMinor: MinorAmount,
    discountMinor: MinorAmount,
    smallCartFeeMinor: MinorAmount,
    deliveryFeeMinor: MinorAmount,
    surgeFeeMinor: MinorAmount,
    taxMinor: MinorAmount,
    taxIncluded: v.boolean(),
    tipMinor: MinorAmount,
    totalMinor: MinorAmount,
  }),
  /** Absent: the total. */
  ceilingMinor: v.optional(MinorAmount),
  promiseMs: Count,
  expiresAtMs: Count,
});

/**
 * Quotes as text that we can read back and nobody else can make: `<key id>.<canonical JSON>.<HMAC-SHA-256 of both>`, under a key derived
 * (HKDF) from the signing key. Nothing is stored for a quote. With the signing key rotated, quotes under the one before count as expired.
 */
export class QuoteTexts {
  readonly #kid: string;
  readonly #key: Uint8Array;

  constructor({ signingKey }: Pick<Config, 'signingKey'>) {
    this.#kid = signingKey.kid;
    this.#key = new Uint8Array(hkdfSync('sha256', base64url.decode(signingKey.d), '', LABEL, KEY_BYTES));
  }

  write({ lines, ...quote }: Quote): string {
    const tuples = lines.map(({ sku, quantity, unitPriceMinor }) => [sku, quantity, unitPriceMinor]);
    const signed = `${this.#kid}.${base64url.encode(canonicalJson({ ...quote, lines: tuples }))}`;
    return `${signed}.${base64url.encode(this.#mac(signed))}`;
  }

  /** The quote that this very text was made for, if it still stands. */
  read(text: string, nowMs: number): Result<Quote, 'INVALID' | 'EXPIRED'> {
    const [kid = '', body = '', mac = '', ...more] = text.split('.');
    if (more.length > 0 || mac === '') return err('INVALID');
    // Unproved, and refused either way: only what the customer is told depends on it.
    if (kid !== this.#kid) return err('EXPIRED');
    const sent = decoded(mac);
    const own = this.#mac(`${kid}.${body}`);
    if (sent.length !== own.length || !timingSafeEqual(sent, own)) return err('INVALID');
    const { lines, ...quote } = v.parse(QuoteJson, JSON.parse(new TextDecoder().decode(base64url.decode(body))));
    if (nowMs >= quote.expiresAtMs) return err('EXPIRED');
    return ok({
      ...quote,
      customerId: asUserId(quote.customerId),
      storeId: asStoreId(quote.storeId),
      lines: lines.map(([sku, quantity, unitPriceMinor]) => ({ sku: asSku(sku), quantity, unitPriceMinor })),
    });
  }

  #mac(signed: string): Uint8Array {
    return createHmac('sha256', this.#key).update(signed).digest();
  }
}

/** Nothing for what is no base64url. */
function decoded(text: string): Uint8Array {
  try {
    return base64url.decode(text);
  } catch {
    return new Uint8Array();
  }
}
