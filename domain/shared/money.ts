/**
 * Amounts are integers in minor units (paise, cents) beside an ISO 4217 code, upper case, and never floats.
 * A field that holds one ends in `Minor`.
 */
export const CURRENCY_PATTERN = /^[A-Z]{3}$/;
