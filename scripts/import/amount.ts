import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { AmountStyle } from './columns.ts';

/** Digits after the point of a currency (ISO 4217), as the platform's own locale data has it: 2 for INR, 0 for JPY. */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** Reads an amount as whole minor units. */
export function readAmount(text: string, style: AmountStyle, digits: number): Result<number, string> {
  const pattern =
    style === 'minor' || digits === 0 ? /^(\d{1,12})$/ : new RegExp(`^(\\d{1,12})(?:\\.(\\d{1,${digits}}))?$`);
  const match = pattern.exec(text);
  if (match === null) {
    const example =
      style === 'minor' ? 'a whole number of minor units such as 2550' : `an amount such as ${(25.5).toFixed(digits)}`;
    return err(`"${text}" is not ${example}`);
  }
  const [, whole = '', fraction = ''] = match;
  return ok(style === 'minor' ? Number(whole) : Number(whole + fraction.padEnd(digits, '0')));
}
