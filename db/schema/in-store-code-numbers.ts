import { pgSequence } from 'drizzle-orm/pg-core';

/**
 * Item numbers of in-store EAN-13 codes: prefix 20, ten digits from here, one check digit. Ten digits are
 * ten billion codes. A number drawn by a statement that fails is lost, which is harmless.
 */
export const inStoreCodeNumbers = pgSequence('in_store_code_numbers', {
  startWith: 1,
  minValue: 1,
  maxValue: 9_999_999_999,
  increment: 1,
  cycle: false,
});
