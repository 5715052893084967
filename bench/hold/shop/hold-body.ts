import * as v from 'valibot';
import { LINES_MAX, Quantity, SkuText } from '../../../contracts/wire.ts';

/** `{"lines":[{"sku":"…","quantity":1}],"forS":900}` */
export const HoldBody = v.strictObject({
  lines: v.pipe(v.array(v.strictObject({ sku: SkuText, quantity: Quantity })), v.minLength(1), v.maxLength(LINES_MAX)),
  /** Seconds that the hold lasts. */
  forS: v.optional(v.pipe(v.number(), v.integer(), v.minValue(30), v.maxValue(900)), 300),
});

export const ReceiptLines = v.object({
  lines: v.array(v.object({ sku: SkuText, quantity: v.pipe(v.number(), v.integer(), v.minValue(1)) })),
});

export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{8,128}$/;
