import * as v from 'valibot';
import type { PaymentMethod, Provider } from '../../domain/order/payment-method.ts';

const Choice = v.strictObject({
  card: v.optional(v.pipe(v.array(v.picklist(['stripe', 'razorpay'])), v.minLength(1))),
  upi: v.optional(v.pipe(v.array(v.picklist(['razorpay'])), v.minLength(1))),
});

/** Providers by city and method, first choice first; `*` is every city that has no row of its own for the method. */
export const ProviderTable = v.record(v.pipe(v.string(), v.regex(/^(?:\*|cit_[0-9A-Z]{26})$/)), Choice);
export type ProviderTable = v.InferOutput<typeof ProviderTable>;

/** The providers of a method in a city; none when it is not offered there. A method that is its own provider is no choice. */
export function providersFor(table: ProviderTable, cityId: string | null, method: PaymentMethod): readonly Provider[] {
  switch (method) {
    case 'card':
    case 'upi':
      return table[cityId ?? '*']?.[method] ?? table['*']?.[method] ?? [];
    case 'wallet':
    case 'cod':
    case 'sandbox':
      return [method];
  }
}
