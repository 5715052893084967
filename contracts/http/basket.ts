import * as v from 'valibot';
import { LINES_MAX, Quantity, SkuText } from '../wire.ts';

const WireLine = v.strictObject({ sku: SkuText, quantity: Quantity });

/** What a client wants of a store. A SKU may be on several lines; they count once, summed. */
export const WireBasket = v.pipe(v.array(WireLine), v.minLength(1), v.maxLength(LINES_MAX));
